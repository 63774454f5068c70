"""flask-smorest's blueprint with a JSON reader that nothing a stranger sends can break."""

from __future__ import annotations

import json
from typing import Any

from flask_smorest import Blueprint as SmorestBlueprint
from webargs.flaskparser import FlaskParser


class JsonParser(FlaskParser):
    """Reads arguments; a body nested deeper than Python can follow is bad JSON, not a crash."""

    DEFAULT_VALIDATION_MESSAGE = "Is not valid."

    def _raw_load_json(self, req: Any) -> Any:
        try:
            return super()._raw_load_json(req)
        except RecursionError:
            error = json.JSONDecodeError("nested too deeply", "", 0)
            return self._handle_invalid_json_error(error, req)


class Blueprint(SmorestBlueprint):  # type: ignore[misc]
    """A blueprint whose routes read their arguments with JsonParser."""

    ARGUMENTS_PARSER = JsonParser()
