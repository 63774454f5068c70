"""The hash chain over a site's events: what is hashed, how, and what a check can find."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

# Before the first event of a site.
GENESIS = "0" * 64


class Damage(StrEnum):
    """What somebody did to the log."""

    EVENT_CHANGED = "event changed"
    EVENT_MISSING = "event deleted"
    EVENT_UNSEALED = "event without a seal"
    SEAL_CHANGED = "seal changed"
    SEAL_MISSING = "seal deleted"
    LAST_CHANGED = "event or its seal changed"
    ORDER_CHANGED = "order changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One damaged place: the position in the chain and the event's id, where they are known."""

    damage: Damage
    position: int | None
    event_id: int | None


@dataclass(frozen=True, slots=True)
class Link:
    """One seal as stored, and its event in canonical form; None where the event is gone."""

    position: int
    event_id: int
    hash: str
    canonical: bytes | None


def canonical_event(row: Mapping[str, Any]) -> bytes:
    """An event as bytes that are the same wherever and whenever they are made.

    JSON in UTF-8 with sorted keys and no spaces; times in UTC with microseconds; UUIDs in lower
    case with hyphens. Every column counts. Raises ValueError for a time without a zone.
    """
    return _ENCODER.encode(row).encode()


def chain_hash(previous: str, canonical: bytes) -> str:
    """SHA-256 in hex over the hash before (64 hex digits) and the event's canonical bytes."""
    return hashlib.sha256(bytes.fromhex(previous) + canonical).hexdigest()


class Checker:
    """Walks a chain from its beginning and says what is wrong where.

    1. Positions count 1, 2, 3, …: a gap is a deleted seal.
    2. Event ids only grow: a smaller one means the order was changed.
    3. Each hash is that of the hash before and of its event. Where it is not, the next link tells
       which of the two was changed: after a changed event it fits the stored hash, after a changed
       seal the computed one. After the last link nothing can tell.
    4. After a fault the check goes on from what is stored, so that each fault is named once.
    """

    def __init__(self) -> None:
        self.position = 0
        self.hash = GENESIS
        self.event_id = 0
        self._computed = GENESIS
        self._doubt: Link | None = None

    def check(self, links: Iterable[Link]) -> Iterator[Finding]:
        """The faults of the next links, in order; `finish` is to follow the last of them."""
        for link in links:
            yield from self._check(link)

    def finish(self) -> Iterator[Finding]:
        """The fault that no later link can tell apart, if there is one."""
        if self._doubt is not None:
            yield _finding(Damage.LAST_CHANGED, self._doubt)
            self._doubt = None

    def _check(self, link: Link) -> Iterator[Finding]:
        if link.position != self.position + 1:
            yield from self.finish()
            for position in range(self.position + 1, link.position):
                yield Finding(Damage.SEAL_MISSING, position, None)
            self._accept(link)
            return
        if link.event_id <= self.event_id:
            yield from self.finish()
            yield _finding(Damage.ORDER_CHANGED, link)
            self._accept(link)
            return
        if link.canonical is None:
            yield from self.finish()
            yield _finding(Damage.EVENT_MISSING, link)
            self._accept(link)
            return
        yield from self._compare(link, link.canonical)

    def _compare(self, link: Link, canonical: bytes) -> Iterator[Finding]:
        computed = chain_hash(self.hash, canonical)
        fits = computed == link.hash
        if self._doubt is not None:
            changed = Damage.EVENT_CHANGED
            if not fits and chain_hash(self._computed, canonical) == link.hash:
                changed, fits = Damage.SEAL_CHANGED, True
            yield _finding(changed, self._doubt)
        self._computed = computed
        self._doubt = None if fits else link
        self._keep(link)

    def _accept(self, link: Link) -> None:
        """Go on from here: what came before cannot be compared with it."""
        self._doubt, self._computed = None, link.hash
        self._keep(link)

    def _keep(self, link: Link) -> None:
        self.position, self.hash = link.position, link.hash
        self.event_id = max(self.event_id, link.event_id)


def _finding(damage: Damage, link: Link) -> Finding:
    return Finding(damage, link.position, link.event_id)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("an event's time has no zone")
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"{type(value).__name__} is in no event")


# Made once: making it costs as much as using it.
_ENCODER = json.JSONEncoder(
    default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False
)
