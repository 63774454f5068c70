"""Canonical bytes, the chain, and what a check tells apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from service.domain.audit_chain import (
    GENESIS,
    Checker,
    Damage,
    Link,
    canonical_event,
    chain_hash,
)

pytestmark = pytest.mark.fast

NOON = datetime(2026, 3, 1, 12, 0, 0, 5, tzinfo=UTC)


def chain(length: int = 6) -> list[Link]:
    """A sound chain; event ids leave gaps, as rolled-back transactions do."""
    previous, links = GENESIS, []
    for position in range(1, length + 1):
        canonical = f"event {position}".encode()
        previous = chain_hash(previous, canonical)
        links.append(Link(position, position * 10, previous, canonical))
    return links


def findings(links: list[Link]) -> list[tuple[Damage, int | None]]:
    checker = Checker()
    found = [*checker.check(links), *checker.finish()]
    return [(finding.damage, finding.position) for finding in found]


def test_the_same_event_gives_the_same_bytes_whatever_its_order_or_zone() -> None:
    one = {"id": 1, "data": {"b": 1, "a": "é"}, "at": NOON, "site": UUID(int=7)}
    in_dublin = NOON.astimezone(timezone(timedelta(hours=1)))
    other = {"site": UUID(int=7), "at": in_dublin, "data": {"a": "é", "b": 1}, "id": 1}
    assert canonical_event(one) == canonical_event(other)
    assert b'"at":"2026-03-01T12:00:00.000005+00:00"' in canonical_event(one)


@pytest.mark.parametrize(
    "change",
    [{"id": 2}, {"data": {"a": 2}}, {"at": NOON + timedelta(microseconds=1)}, {"kind": None}],
)
def test_any_change_of_an_event_changes_its_bytes(change: dict[str, object]) -> None:
    event = {"id": 1, "kind": "comment.posted", "data": {"a": 1}, "at": NOON}
    assert canonical_event(event) != canonical_event(event | change)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        canonical_event({"at": NOON.replace(tzinfo=None)})


def test_each_hash_depends_on_everything_before_it() -> None:
    assert chain_hash(GENESIS, b"one") != chain_hash("f" * 64, b"one")


def test_a_sound_chain_has_no_findings_and_says_its_head() -> None:
    links, checker = chain(), Checker()
    assert [*checker.check(links), *checker.finish()] == []
    assert (checker.position, checker.hash) == (6, links[-1].hash)


def test_links_may_come_in_batches() -> None:
    links, checker = chain(), Checker()
    links[3] = replace(links[3], canonical=b"other words")
    found = [*checker.check(links[:4]), *checker.check(links[4:]), *checker.finish()]
    assert [(f.damage, f.position, f.event_id) for f in found] == [(Damage.EVENT_CHANGED, 4, 40)]


def _edited(links: list[Link], at: int, **changes: object) -> list[Link]:
    return [replace(x, **changes) if x.position == at else x for x in links]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("links", "expected"),
    [
        (_edited(chain(), 3, canonical=b"x"), [(Damage.EVENT_CHANGED, 3)]),
        (_edited(chain(), 3, hash="ab" * 32), [(Damage.SEAL_CHANGED, 3)]),
        (_edited(chain(), 6, canonical=b"x"), [(Damage.LAST_CHANGED, 6)]),
        (_edited(chain(), 6, hash="ab" * 32), [(Damage.LAST_CHANGED, 6)]),
        (_edited(chain(), 3, canonical=None), [(Damage.EVENT_MISSING, 3)]),
        (
            _edited(_edited(chain(), 3, canonical=b"x"), 4, canonical=b"y"),
            [(Damage.EVENT_CHANGED, 3), (Damage.EVENT_CHANGED, 4)],
        ),
        (
            [x for x in chain() if x.position not in (2, 3)],
            [(Damage.SEAL_MISSING, 2), (Damage.SEAL_MISSING, 3)],
        ),
        ([x for x in chain() if x.position > 1], [(Damage.SEAL_MISSING, 1)]),
    ],
)
def test_each_fault_is_named_once_at_its_place(
    links: list[Link], expected: list[tuple[Damage, int | None]]
) -> None:
    assert findings(links) == expected


def test_two_links_that_changed_places_are_found() -> None:
    links = chain()
    second, third = links[1], links[2]
    links[1] = replace(third, position=2)
    links[2] = replace(second, position=3)
    found = findings(links)
    assert (Damage.ORDER_CHANGED, 3) in found
    assert {position for _, position in found} <= {2, 3, 4}


def test_a_chain_cut_short_is_sound_in_itself() -> None:
    assert findings(chain()[:4]) == []
