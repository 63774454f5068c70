"""The widget's words for pages that are made on the server."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

MESSAGES = Path(__file__).resolve().parent.parent / "static" / "widget" / "messages"
DEFAULT = "en"
LANGUAGE_CHARS = 2


def page_words(locale: str) -> Callable[..., str]:
    """A function from a key of the message files, and what to put in, to a text."""
    words = _messages(locale[:LANGUAGE_CHARS].lower())

    def say(key: str, **values: object) -> str:
        text = words[key]
        if isinstance(text, dict):
            text = text["one" if values.get("n") == 1 else "other"]
        return str(text).format(**values)

    return say


@cache
def _messages(language: str) -> dict[str, Any]:
    # Only names that are there are opened: the language comes from a row, not from a file list.
    known = {path.stem for path in MESSAGES.glob("??.json")}
    name = language if language in known else DEFAULT
    found: dict[str, Any] = json.loads((MESSAGES / f"{name}.json").read_text("utf-8"))
    return found
