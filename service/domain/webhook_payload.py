"""The JSON of a message: ids, statuses and Parley's own words; no text, nothing about persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

# What an event's own data may add, by the kind of event: {field: {name in the event: name here}}.
_OWN_FIELDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "report.received": ("report", {"report": "id", "guideline": "guideline"}),
    "notice.received": ("notice", {"notice": "id", "category": "category"}),
    "appeal.filed": ("appeal", {"appeal": "id", "decision": "decision_id", "party": "party"}),
    "article.drifting": (
        "drift",
        {name: name for name in ("share", "comments", "threads", "away_threads")},
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFacts:
    """Which article."""

    id: UUID
    key: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentFacts:
    """Which comment, and its status right after what happened."""

    id: UUID
    thread_id: UUID
    parent_id: UUID | None
    revision: int | None
    status: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionFacts:
    """A decision; `rules` are the names of enforced rules that matched."""

    id: UUID
    action: str
    guideline: str | None
    rules: Sequence[str]
    automated: bool
    source: str
    policy: str
    reverses: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a message says."""

    kind: str
    at: datetime
    site: str
    sequence: int
    actor: str
    article: ArticleFacts | None = None
    comment: CommentFacts | None = None
    decision: DecisionFacts | None = None
    data: Mapping[str, Any]


def payload_of(type_: str, facts: Facts) -> dict[str, Any]:
    """The message as the receiver reads it: `type`, `timestamp` (when it happened), `data`."""
    data: dict[str, Any] = {
        "site": facts.site,
        "sequence": facts.sequence,
        "actor": facts.actor,
    }
    for name in ("article", "comment", "decision"):
        part = getattr(facts, name)
        if part is not None:
            data[name] = {key: _plain(value) for key, value in asdict(part).items()}
    if facts.kind in _OWN_FIELDS:
        field, names = _OWN_FIELDS[facts.kind]
        data[field] = {new: facts.data[old] for old, new in names.items() if old in facts.data}
    return {"type": type_, "timestamp": stamp(facts.at), "data": data}


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, tuple | list) else value
