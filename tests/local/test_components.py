"""What the parts of the one-machine stack are told."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from config.settings import PREFIX, Settings
from service.local import components
from service.local.folder import DataFolder

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_newest_migration_is_the_one_alembic_would_go_to() -> None:
    scripts = ScriptDirectory(str(ROOT / "service" / "migrations"))

    assert components.newest_revision() == scripts.get_current_head()


def test_the_parts_get_settings_that_are_accepted(tmp_path: Path) -> None:
    given = environment(tmp_path)

    settings = Settings.from_env(given)

    assert settings.database_url == "postgresql+psycopg://parley@/parley"
    assert settings.secret_key == DataFolder(tmp_path).secret_key()
    assert settings.metrics_dir == str(tmp_path / "metrics")


def test_the_callers_own_settings_are_passed_on_but_never_another_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARLEY_TOXICITY_SCORER", "compact")
    monkeypatch.setenv("PARLEY_PUBLIC_URL", "https://comments.example.org")
    monkeypatch.setenv("PARLEY_DATABASE_URL", "postgresql+psycopg://elsewhere/production")
    monkeypatch.setenv("PGHOST", "elsewhere")

    given = environment(tmp_path)

    assert given[f"{PREFIX}TOXICITY_SCORER"] == "compact"
    assert given[f"{PREFIX}PUBLIC_URL"] == "https://comments.example.org"
    assert given[f"{PREFIX}LIVE_URL"] == "https://comments.example.org"
    assert given[f"{PREFIX}DATABASE_URL"] == "postgresql+psycopg://parley@/parley"
    assert "PGHOST" not in given


def environment(folder: Path) -> dict[str, str]:
    return components.environment(
        DataFolder(folder),
        database_url="postgresql+psycopg://parley@/parley",
        redis_url="unix:///tmp/valkey.sock?db=0",
        api="http://127.0.0.1:8000",
        live="http://127.0.0.1:8001",
        log_level="info",
    )
