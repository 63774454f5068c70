"""Check a site's whole log against its hash chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from service.domain.audit_chain import GENESIS, Checker, Damage, Finding, Link
from service.queries.audit import links, unsealed
from service.usecases.context import Context

MOST_NAMED = 100


@dataclass(frozen=True, slots=True)
class Anchor:
    """A position and its hash as they were written down elsewhere."""

    position: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check found: `count` faults, the first of them in `findings`.

    `position` and `hash`: the head of the chain. `waiting`: events not sealed yet. `anchor_holds`
    is None where none was given.
    """

    position: int
    hash: str
    waiting: int
    count: int
    findings: tuple[Finding, ...]
    anchor_holds: bool | None

    @property
    def is_sound(self) -> bool:
        """Whether nothing was edited, deleted, added or reordered."""
        return not self.findings and self.anchor_holds is not False


def verify_audit(ctx: Context, *, site_id: UUID, expect: Anchor | None = None) -> Verified:
    """Walk the chain from its first event and name each damaged place, the first 100 at most.

    Events not sealed yet are counted: the next sweep seals them. A chain cut short, or written
    anew from some point on, is consistent in itself: only `expect`, kept elsewhere, shows it.
    """
    checker = Checker()
    seen: dict[int, str] = {0: GENESIS}
    count = 0
    named: list[Finding] = []
    with ctx.reading() as session:
        for finding in _walk(session, site_id, checker, expect, seen):
            count += 1
            if len(named) < MOST_NAMED:
                named.append(finding)
        beside = unsealed(session, site_id, last_event=checker.event_id, most=MOST_NAMED)
    count += len(beside.unsealed)
    named += [Finding(Damage.EVENT_UNSEALED, None, event) for event in beside.unsealed]
    return Verified(
        position=checker.position,
        hash=checker.hash,
        waiting=beside.waiting,
        count=count,
        findings=tuple(named[:MOST_NAMED]),
        anchor_holds=seen.get(expect.position) == expect.hash if expect else None,
    )


def _walk(
    session: Session,
    site_id: UUID,
    checker: Checker,
    expect: Anchor | None,
    seen: dict[int, str],
) -> Iterator[Finding]:
    def noted() -> Iterator[Link]:
        for link in links(session, site_id):
            if expect is not None and link.position == expect.position:
                seen[link.position] = link.hash
            yield link

    yield from checker.check(noted())
    yield from checker.finish()
