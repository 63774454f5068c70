"""The log is sealed in order, and any change of a row is found by position and event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, Engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import sessionmaker

from config.settings import Settings
from service.audit_cli import audit
from service.domain.audit_chain import Damage
from service.models import Event, EventSeal, Site, new_id
from service.usecases.context import Context
from service.usecases.seal_events import seal_events
from service.usecases.verify_audit import Anchor, Verified, verify_audit
from tests.makers import Makers

MANY = 10_000


@pytest.fixture
def sealed(ctx: Context, make: Makers, site: Site) -> Site:
    """A site with a sealed log."""
    article, reader = make.article(site), make.reader(site)
    for _ in range(5):
        make.published(article, reader)
    seal_events(ctx, limit=MANY)
    return site


@contextmanager
def tampering(ctx: Context) -> Iterator[Connection]:
    """The database as somebody with every right, triggers off."""
    with ctx.transaction() as tx:
        connection = tx.session.connection()
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        yield connection
        connection.execute(text("SET LOCAL session_replication_role = origin"))


def event_at(ctx: Context, site: Site, position: int) -> int:
    with ctx.reading() as session:
        return session.get_one(EventSeal, (site.id, position)).event_id


def verify(ctx: Context, site: Site, expect: Anchor | None = None) -> Verified:
    return verify_audit(ctx, site_id=site.id, expect=expect)


def faults(found: Verified) -> list[tuple[Damage, int | None, int | None]]:
    return [(f.damage, f.position, f.event_id) for f in found.findings]


def test_every_event_is_sealed_once_in_the_order_of_ids(ctx: Context, sealed: Site) -> None:
    assert seal_events(ctx, limit=MANY) == 0
    with ctx.reading() as session:
        events = session.scalars(
            select(Event.id).where(Event.site_id == sealed.id).order_by(Event.id)
        ).all()
        seals = session.scalars(
            select(EventSeal.event_id)
            .where(EventSeal.site_id == sealed.id)
            .order_by(EventSeal.position)
        ).all()
    assert list(seals) == list(events)
    found = verify(ctx, sealed)
    assert (found.is_sound, found.position, found.waiting) == (True, len(events), 0)


def test_a_limit_leaves_the_rest_to_the_next_round(ctx: Context, make: Makers, site: Site) -> None:
    make.published(make.article(site), make.reader(site))
    assert seal_events(ctx, limit=1) == 1
    found = verify(ctx, site)
    assert found.is_sound
    assert found.waiting > 0


def test_each_site_has_a_chain_of_its_own(ctx: Context, make: Makers, sealed: Site) -> None:
    other = make.site("other")
    make.published(make.article(other), make.reader(other))
    seal_events(ctx, limit=MANY)
    with tampering(ctx) as connection:
        connection.execute(
            text("UPDATE event SET kind = 'x' WHERE site_id = :site"), {"site": other.id}
        )
    assert verify(ctx, sealed).is_sound
    assert not verify(ctx, other).is_sound


@pytest.mark.parametrize(
    "change",
    [
        "kind = 'comment.withdrawn'",
        "data = data || '{\"a\": 1}'",
        "created_at = created_at + interval '1 microsecond'",
        "actor_id = gen_random_uuid()",
        "to_status = NULL, from_status = NULL, revision = 99",
    ],
)
def test_an_edited_event_is_named(ctx: Context, sealed: Site, change: str) -> None:
    event = event_at(ctx, sealed, 3)
    with tampering(ctx) as connection:
        connection.execute(
            text(f"UPDATE event SET {change} WHERE id = :id"),  # noqa: S608
            {"id": event},
        )
    assert faults(verify(ctx, sealed)) == [(Damage.EVENT_CHANGED, 3, event)]


def test_a_deleted_event_is_named(ctx: Context, sealed: Site) -> None:
    event = event_at(ctx, sealed, 4)
    with tampering(ctx) as connection:
        connection.execute(text("DELETE FROM event WHERE id = :id"), {"id": event})
    assert faults(verify(ctx, sealed)) == [(Damage.EVENT_MISSING, 4, event)]


def test_an_edited_seal_is_named(ctx: Context, sealed: Site) -> None:
    event = event_at(ctx, sealed, 2)
    with tampering(ctx) as connection:
        connection.execute(
            text("UPDATE event_seal SET hash = repeat('0', 64) WHERE event_id = :id"),
            {"id": event},
        )
    assert faults(verify(ctx, sealed)) == [(Damage.SEAL_CHANGED, 2, event)]


def test_a_deleted_event_with_its_seal_is_named(ctx: Context, sealed: Site) -> None:
    event = event_at(ctx, sealed, 4)
    with tampering(ctx) as connection:
        connection.execute(text("DELETE FROM event_seal WHERE event_id = :id"), {"id": event})
        connection.execute(text("DELETE FROM event WHERE id = :id"), {"id": event})
    assert faults(verify(ctx, sealed)) == [(Damage.SEAL_MISSING, 4, None)]


def test_a_deleted_seal_leaves_its_event_without_one(ctx: Context, sealed: Site) -> None:
    event = event_at(ctx, sealed, 4)
    with tampering(ctx) as connection:
        connection.execute(text("DELETE FROM event_seal WHERE event_id = :id"), {"id": event})
    assert faults(verify(ctx, sealed)) == [
        (Damage.SEAL_MISSING, 4, None),
        (Damage.EVENT_UNSEALED, None, event),
    ]


def test_two_events_that_changed_places_are_named(ctx: Context, sealed: Site) -> None:
    first, second = event_at(ctx, sealed, 3), event_at(ctx, sealed, 4)
    with tampering(ctx) as connection:
        for old, new in ((first, -1), (second, first), (-1, second)):
            connection.execute(
                text(
                    "UPDATE event_seal SET event_id = :new "
                    "WHERE site_id = :site AND event_id = :old"
                ),
                {"old": old, "new": new, "site": sealed.id},
            )
    found = verify(ctx, sealed)
    assert not found.is_sound
    assert {3, 4} <= {finding.position for finding in found.findings}


def test_an_event_slipped_in_behind_the_chain_is_named(ctx: Context, sealed: Site) -> None:
    free = event_at(ctx, sealed, 1) - 1
    with tampering(ctx) as connection:
        connection.execute(
            text(
                "INSERT INTO event (id, site_id, kind, actor, data, created_at) "
                "OVERRIDING SYSTEM VALUE VALUES (:id, :site, 'comment.approved', 'moderator', "
                "'{}', now())"
            ),
            {"id": free, "site": sealed.id},
        )
    assert faults(verify(ctx, sealed)) == [(Damage.EVENT_UNSEALED, None, free)]


def test_a_chain_cut_short_or_written_anew_is_found_by_a_head_kept_elsewhere(
    ctx: Context, sealed: Site
) -> None:
    with ctx.reading() as session:
        last = session.scalars(
            select(EventSeal)
            .where(EventSeal.site_id == sealed.id)
            .order_by(EventSeal.position.desc())
            .limit(1)
        ).one()
    head = Anchor(last.position, last.hash)
    assert verify(ctx, sealed, head).anchor_holds is True
    with tampering(ctx) as connection:
        connection.execute(
            text("DELETE FROM event_seal WHERE site_id = :site AND position >= 6"),
            {"site": sealed.id},
        )
        connection.execute(
            text("UPDATE event SET kind = 'x' WHERE id = :id"), {"id": last.event_id}
        )
    cut = verify(ctx, sealed, head)
    assert (cut.findings, cut.anchor_holds, cut.is_sound) == ((), False, False)
    seal_events(ctx, limit=MANY)
    anew = verify(ctx, sealed, head)
    assert (anew.findings, anew.anchor_holds) == ((), False)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE event SET kind = 'x'",
        "DELETE FROM event",
        "UPDATE event_seal SET hash = ''",
        "DELETE FROM event_seal",
        "TRUNCATE event CASCADE",
    ],
)
def test_the_database_refuses_to_change_the_log(ctx: Context, sealed: Site, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), ctx.transaction() as tx:
        tx.session.execute(text(statement))


@pytest.fixture
def elsewhere(ctx: Context, engine: Engine, settings: Settings) -> Iterator[tuple[Context, Site]]:
    """A context that really commits, and a site in it: for tests with two connections."""
    sessions = sessionmaker(engine, expire_on_commit=False)
    real = replace(ctx, sessions=sessions, readers=sessions)
    site = Site(id=new_id(), key=f"chain-{new_id()}", name="The Chain")
    with real.transaction() as tx:
        tx.session.add(site)
    yield real, site
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in ("event_seal", "event"):
            connection.execute(
                text(f"DELETE FROM {table} WHERE site_id = :site"),  # noqa: S608
                {"site": site.id},
            )
        connection.execute(text("DELETE FROM site WHERE id = :site"), {"site": site.id})


def note(connection: Connection, site: Site, kind: str) -> int:
    return int(
        connection.execute(
            text(
                "INSERT INTO event (site_id, kind, actor, data, created_at) "
                "VALUES (:site, :kind, 'machine', '{}', now()) RETURNING id"
            ),
            {"site": site.id, "kind": kind},
        ).scalar_one()
    )


def test_an_event_that_commits_late_with_a_smaller_id_is_sealed_before_the_larger(
    elsewhere: tuple[Context, Site], engine: Engine
) -> None:
    ctx, site = elsewhere
    with engine.connect() as slow:
        outer = slow.begin()
        early = note(slow, site, "early.drawn")
        with engine.begin() as quick:
            late = note(quick, site, "late.drawn")
        assert early < late
        assert seal_events(ctx, limit=MANY, patience=0) == 0, "the smaller id may still commit"
        assert verify_audit(ctx, site_id=site.id).waiting == 1
        outer.commit()
    assert seal_events(ctx, limit=MANY) == 2
    with ctx.reading() as session:
        sealed = session.scalars(
            select(EventSeal.event_id)
            .where(EventSeal.site_id == site.id)
            .order_by(EventSeal.position)
        ).all()
    assert list(sealed) == [early, late]
    assert verify_audit(ctx, site_id=site.id).is_sound


def test_an_event_that_is_rolled_back_leaves_a_gap_and_no_fault(
    elsewhere: tuple[Context, Site], engine: Engine
) -> None:
    ctx, site = elsewhere
    with engine.connect() as slow:
        outer = slow.begin()
        note(slow, site, "never.happened")
        with engine.begin() as quick:
            note(quick, site, "happened")
        outer.rollback()
    assert seal_events(ctx, limit=MANY) == 1
    assert verify_audit(ctx, site_id=site.id).is_sound


def test_a_transaction_that_started_before_and_writes_later_draws_a_larger_id(
    elsewhere: tuple[Context, Site], engine: Engine
) -> None:
    ctx, site = elsewhere
    with engine.connect() as slow:
        outer = slow.begin()
        slow.execute(text("SELECT pg_current_xact_id()"))
        with engine.begin() as quick:
            note(quick, site, "first")
        assert seal_events(ctx, limit=MANY, patience=0) == 1
        note(slow, site, "second")
        outer.commit()
    assert seal_events(ctx, limit=MANY) == 1
    assert verify_audit(ctx, site_id=site.id).is_sound


def test_the_command_line_says_what_is_wrong_and_exits_with_1(
    elsewhere: tuple[Context, Site],
    engine: Engine,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ctx, site = elsewhere
    monkeypatch.setenv("PARLEY_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PARLEY_REDIS_URL", settings.redis_url)
    monkeypatch.setenv("PARLEY_SECRET_KEY", settings.secret_key)
    with engine.begin() as connection:
        ids = [note(connection, site, f"note.{number}") for number in range(4)]
    seal_events(ctx, limit=MANY)
    run = CliRunner().invoke
    head = run(audit, ["head", "--site", site.key]).output.strip()
    assert head.startswith("4:")
    sound = run(audit, ["verify", "--site", site.key, "--expect", head])
    assert (sound.exit_code, "the chain is sound" in sound.output) == (0, True)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE event SET kind = 'x' WHERE id = :id"), {"id": ids[1]})
    damaged = run(audit, ["verify", "--site", site.key])
    assert damaged.exit_code == 1
    assert f"event changed: position 2, event {ids[1]}" in damaged.output
    assert run(audit, ["verify", "--site", site.key, "--expect", "nonsense"]).exit_code == 2
