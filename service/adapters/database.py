"""PostgreSQL: engine, sessions, migrations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
POOL_WAIT_SECONDS = 5
CONNECT_TIMEOUT_SECONDS = 3
STATEMENT_TIMEOUT_MS = 15_000
IDLE_TIMEOUT_MS = 30_000
# Two migrations at once would trip over each other; any constant does.
MIGRATION_LOCK = 7_237_411


def _to_json(value: Any) -> str:
    return orjson.dumps(value).decode()


def make_engine(url: str, *, pool_size: int) -> Engine:
    """An engine whose statements and idle transactions end by themselves.

    `pool_size` is the most connections one process holds. A connection is not tested before
    use: after a restart of the database the first request that meets a dead one is answered
    503, and all of the pool is replaced.
    """
    options = (
        f"-c statement_timeout={STATEMENT_TIMEOUT_MS} "
        f"-c idle_in_transaction_session_timeout={IDLE_TIMEOUT_MS} -c timezone=UTC"
    )
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_WAIT_SECONDS,
        # Parameters are what readers wrote: they must not turn up in an error message.
        hide_parameters=True,
        json_serializer=_to_json,
        json_deserializer=orjson.loads,
        connect_args={"connect_timeout": CONNECT_TIMEOUT_SECONDS, "options": options},
    )


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """Sessions whose objects stay readable after the commit; a lazy load then raises."""
    return sessionmaker(engine, expire_on_commit=False)


def make_readers(engine: Engine) -> sessionmaker[Session]:
    """Sessions for reads: without a transaction around them."""
    reading = engine.execution_options(isolation_level="AUTOCOMMIT")
    return sessionmaker(reading, expire_on_commit=False)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest migration; safe when several processes start at once."""
    config = _config()
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as lock:
        lock.execute(text("SET statement_timeout = 0"))
        lock.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        try:
            with engine.begin() as connection:
                connection.execute(text("SET LOCAL statement_timeout = 0"))
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
        finally:
            lock.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
            # The pool must not hand out a connection that never times out.
            lock.invalidate()


def new_migration(engine: Engine, message: str, name: str) -> None:
    """Write the difference between tables and models as a new migration file (development)."""
    config = _config()
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.revision(config, message=message, autogenerate=True, rev_id=name)


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration."""
    with engine.connect() as connection:
        heads = MigrationContext.configure(connection).get_current_heads()
    return set(heads) == set(ScriptDirectory.from_config(_config()).get_heads())
