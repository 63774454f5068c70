"""The engine's settings for commands that run without a server."""

from __future__ import annotations

import os
from collections.abc import Mapping

from config.settings import PREFIX, Settings

# Commands that only score need no server and no secret; these say so, and are never connected to.
UNUSED = {
    "DATABASE_URL": "postgresql+psycopg://unused",
    "REDIS_URL": "redis://unused",
    "SECRET_KEY": "unused: this command signs nothing",
}


def settings_without_servers(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment, where what concerns servers may be missing.

    Raises SettingsError for any other setting that is wrong.
    """
    given = os.environ if environ is None else environ
    return Settings.from_env(
        {f"{PREFIX}{name}": value for name, value in UNUSED.items()} | {**given}
    )
