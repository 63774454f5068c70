"""Reactions: which kinds a site offers, and how their counts are shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from service.domain.errors import Invalid

DEFAULT_KINDS = ("respect",)
KINDS_MAX = 8
KIND_MAX = 32
_KIND = re.compile(rf"[a-z][a-z0-9_]{{0,{KIND_MAX - 1}}}")


def validate_kinds(kinds: Sequence[str]) -> list[str]:
    """The kinds a site is to offer; none at all turns reactions off.

    1. At most KINDS_MAX. 2. Each a lower-case name. 3. None twice. Raises Invalid.
    """
    if len(kinds) > KINDS_MAX:
        raise Invalid({"reactions": [f"May name at most {KINDS_MAX} kinds."]})
    for kind in kinds:
        if not _KIND.fullmatch(kind):
            message = f"{kind!r} must be 1 to {KIND_MAX} of a-z, 0-9 and _, a letter first."
            raise Invalid({"reactions": [message]})
    if len(set(kinds)) < len(kinds):
        raise Invalid({"reactions": ["Names a kind twice."]})
    return list(kinds)


def unknown_kind(kind: str, offered: Sequence[str]) -> Invalid:
    """The refusal of a kind that the site does not offer; names those it does."""
    kinds = ", ".join(offered) or "none"
    message = f"{kind!r} is not a reaction of this site; it offers: {kinds}."
    return Invalid({"kind": [message]}, code="unknown_reaction")


def shown_counts(stored: Mapping[str, int], offered: Sequence[str]) -> dict[str, int]:
    """A comment's counts by the kinds its site offers now, zeros included."""
    return {kind: stored.get(kind, 0) for kind in offered}


def changed_counts(stored: Mapping[str, int], kind: str, by: int) -> dict[str, int]:
    """The counts after `kind` changed by `by`; what falls to nothing is not kept."""
    counts = {**stored, kind: stored.get(kind, 0) + by}
    return {name: count for name, count in counts.items() if count}
