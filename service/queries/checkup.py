"""What the database says about itself, and about what waits in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from service.models import Site, Webhook

_SERVER = text(
    "SELECT current_setting('server_version_num')::int AS version,"
    " pg_database_size(current_database()) AS bytes,"
    " current_setting('max_connections')::int AS most,"
    " (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used,"
    " (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector,"
    " pg_is_in_recovery() AS standby"
)
# Its own transaction is not one to wait for; readers' AUTOCOMMIT statements are not either.
_LONG = text(
    "SELECT count(*) AS how_many,"
    " coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::float AS seconds"
    " FROM pg_stat_activity WHERE backend_type = 'client backend'"
    " AND datname = current_database() AND pid <> pg_backend_pid()"
    " AND xact_start < clock_timestamp() - make_interval(secs => :seconds)"
)


@dataclass(frozen=True, slots=True)
class ServerFacts:
    """The server: version as 180001, size in bytes, connections, pgvector's version or None."""

    version: int
    bytes: int
    most: int
    used: int
    vector: str | None
    standby: bool


def server_facts(session: Session) -> ServerFacts:
    """What kind of server this is, and how full."""
    return ServerFacts(**session.execute(_SERVER).one()._mapping)


def long_transactions(session: Session, seconds: float) -> tuple[int, float]:
    """How many transactions have been open for longer, and the age of the oldest in seconds."""
    row = session.execute(_LONG, {"seconds": seconds}).one()
    return row.how_many, row.seconds


def database_time(session: Session) -> datetime:
    """The database's clock."""
    found: datetime = session.execute(select(text("clock_timestamp()"))).scalar_one()
    return found


def all_sites(session: Session) -> Sequence[Site]:
    """Every site, by key."""
    return session.scalars(select(Site).order_by(Site.key)).all()


def troubled_webhooks(session: Session) -> Sequence[Any]:
    """Webhooks that are disabled or fail: site's key, id, why, since when it failed."""
    return session.execute(
        select(
            Site.key,
            Webhook.id,
            Webhook.disabled_at,
            Webhook.disabled_reason,
            Webhook.failing_since,
            Webhook.last_error,
        )
        .join(Site, Site.id == Webhook.site_id)
        .where(Webhook.disabled_at.is_not(None) | Webhook.failing_since.is_not(None))
        .order_by(Site.key, Webhook.id)
    ).all()
