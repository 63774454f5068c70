"""The database: reachable, migrated, not too full, and of the same time of day."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from service.adapters.database import is_current, make_readers
from service.domain.finding import Finding, graded, ok, problem, warning
from service.models import utc_now
from service.queries.checkup import database_time, long_transactions, server_facts

OLDEST_VERSION = 150_000
MAJOR = 10_000
MEGABYTE = 1_000_000
CONNECTIONS_WARN, CONNECTIONS_FAIL = 0.8, 0.95
LONG_SECONDS, TOO_LONG_SECONDS = 60, 900
CLOCK_WARN_SECONDS, CLOCK_FAIL_SECONDS = 2.0, 30.0


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session whose statements stand alone."""
    with make_readers(engine)() as session:
        yield session


def look_at_database(engine: Engine) -> Iterator[Finding]:
    """Everything about the server; where it does not answer, only that."""
    try:
        with reading(engine) as session:
            yield from _server(session)
            yield from _clock(session)
    except SQLAlchemyError as error:
        yield problem(
            "database",
            f"does not answer ({type(error).__name__})",
            "Start PostgreSQL, and check PARLEY_DATABASE_URL: address, account, password. "
            "Comments are refused with 503 until it is back; nothing is lost.",
        )
        return
    yield _migrations(engine)


def _server(session: Session) -> Iterator[Finding]:
    facts = server_facts(session)
    major = facts.version // MAJOR
    if facts.version < OLDEST_VERSION:
        yield problem("database", f"is PostgreSQL {major}", "Parley needs PostgreSQL 15 or later.")
    elif facts.standby:
        yield problem(
            "database",
            "is a read-only copy",
            "Point PARLEY_DATABASE_URL at the primary server.",
        )
    else:
        yield ok("database", f"PostgreSQL {major}, {facts.bytes / MEGABYTE:,.0f} MB")
    if facts.vector is None:
        yield problem(
            "extension",
            "pgvector is missing",
            "Install it on the server (Debian: postgresql-NN-pgvector), then: ./parley migrate",
        )
    else:
        yield ok("extension", f"pgvector {facts.vector}")
    yield graded(
        "connections",
        facts.used / facts.most,
        warn=CONNECTIONS_WARN,
        fail=CONNECTIONS_FAIL,
        says=f"{facts.used} of {facts.most} in use",
        advice="Lower PARLEY_DATABASE_POOL or the number of processes, or raise max_connections.",
    )
    how_many, oldest = long_transactions(session, LONG_SECONDS)
    yield graded(
        "transactions",
        oldest,
        warn=LONG_SECONDS,
        fail=TOO_LONG_SECONDS,
        says=f"{how_many} open for over a minute" + (f", up to {oldest:.0f} s" * bool(how_many)),
        advice="They hold locks and keep old rows alive: look at pg_stat_activity for whose they "
        "are, and end them with pg_terminate_backend(pid).",
    )


def _clock(session: Session) -> Iterator[Finding]:
    began = time.monotonic()
    before = utc_now()
    theirs = database_time(session)
    # The answer was given about half way between asking and hearing.
    ours = before + (utc_now() - before) / 2
    apart = abs((theirs - ours).total_seconds())
    doubt = (time.monotonic() - began) / 2
    yield graded(
        "clock",
        max(0.0, apart - doubt),
        warn=CLOCK_WARN_SECONDS,
        fail=CLOCK_FAIL_SECONDS,
        says=f"{apart:.1f} s from the database's",
        advice="Let both machines set their clocks by NTP: leases, edit windows and sign-in "
        "tokens go by them.",
    )


def _migrations(engine: Engine) -> Finding:
    try:
        if is_current(engine):
            return ok("migrations", "all there")
    except SQLAlchemyError as error:
        return warning(
            "migrations", f"could not be read ({type(error).__name__})", "Run this again."
        )
    return problem(
        "migrations",
        "the tables are not those of this version",
        "Run: ./parley migrate (in the newest version of Parley that uses this database).",
    )
