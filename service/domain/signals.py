"""Every signal a guideline rule may look at: the one table behind rules, docs and checks."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

TOXICITY = "scores.toxicity"
HUMAN_DECISION = "comment.human_decision"
NUDGED = "submission.nudged"

# A reader whose comments were approved this often counts as known.
KNOWN_AFTER_APPROVALS = 3
# From here on, with few rejections, a reader counts as trusted.
TRUSTED_AFTER_APPROVALS = 50
TRUSTED_REJECTED_RATE = 0.02

# Rules count in signed 64-bit numbers; this is the largest a double still holds exactly.
_LARGEST = 2**53

Value = bool | int | float | str | tuple[str, ...]


class SignalType(StrEnum):
    """How a value is written in a rule."""

    number = "number"  # with a point: 0.9, 1.0
    whole = "whole number"  # without: 3
    flag = "true or false"
    text = "text"
    texts = "list of texts"


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal. `choices` lists the only values a text may have, where there are such."""

    name: str
    type: SignalType
    meaning: str
    choices: tuple[str, ...] = ()


def _signal(name: str, type_: SignalType, meaning: str, *choices: str) -> Signal:
    return Signal(name, type_, meaning, choices)


_N, _W, _F, _T, _L = (
    SignalType.number,
    SignalType.whole,
    SignalType.flag,
    SignalType.text,
    SignalType.texts,
)

_TABLE = (
    _signal("scores.toxicity", _N, "probability (0–1) that readers find the comment toxic"),
    _signal("scores.severe_toxicity", _N, "probability (0–1) of extreme hostility"),
    _signal("scores.obscene", _N, "probability (0–1) of obscene words"),
    _signal("scores.threat", _N, "probability (0–1) of a threat of harm"),
    _signal("scores.insult", _N, "probability (0–1) of an insult to a person"),
    _signal("scores.identity_attack", _N, "probability (0–1) of an attack on a group's identity"),
    _signal("scores.sexual_explicit", _N, "probability (0–1) of explicit sexual content"),
    _signal(
        "scores.relevance",
        _N,
        "closeness (0–1) to the article and the comments it answers; unknown where the comment "
        "is too short or the article has no text",
    ),
    _signal("thread.drift", _N, "how far (0–1) the thread has moved from the article"),
    _signal("author.approved_count", _W, "comments of this reader that stayed published"),
    _signal("author.rejected_rate_30d", _N, "share (0–1) of the last 30 days' comments rejected"),
    _signal("author.account_age_days", _W, "whole days since the reader's first visit"),
    _signal("author.strikes", _W, "strikes that have not expired"),
    _signal("author.is_staff", _F, "the publisher's own staff, as its sign-in says"),
    _signal(
        "author.trust",
        _T,
        "the reader's standing; `premoderated` where a sanction says so",
        "premoderated",
        "new",
        "known",
        "trusted",
    ),
    _signal("content.word_count", _W, "words, links not counted"),
    _signal("content.link_count", _W, "links and bare web addresses"),
    _signal("content.link_hosts", _L, "host names linked to, lower case, without `www.`"),
    _signal("content.caps_ratio", _N, "share (0–1) of capitals among letters that have a case"),
    _signal("content.language", _T, "two-letter code of the language found"),
    _signal("content.near_duplicates_24h", _W, "near copies posted on this site in 24 hours"),
    _signal("content.matched_lists", _L, "names of the lists in this file that match the text"),
    _signal("content.was_obfuscated", _F, "spelling was disguised (look-alikes, spaced letters)"),
    _signal("content.is_reply", _F, "answers another comment"),
    _signal("reports.count", _W, "open reports"),
    _signal("reports.distinct", _W, "different readers who reported"),
    _signal("reports.reliable", _W, "reporters with a good record among them"),
    _signal("reports.p_violation", _N, "probability (0–1) of a violation, from score and reports"),
    _signal("reports.brigade_suspected", _F, "the reports look organised"),
    _signal("reports.legal_notices", _W, "open notices of illegal content"),
    _signal("article.mode", _T, "how the article takes comments", "open", "premoderated", "closed"),
    _signal("article.section", _T, "section of the publication"),
    _signal("article.tags", _L, "tags of the article"),
    _signal("article.age_hours", _W, "whole hours since publication"),
    _signal("velocity.author_1m", _W, "comments of this reader in the last minute"),
    _signal("velocity.author_1h", _W, "comments of this reader in the last hour"),
    _signal("velocity.article_1m", _W, "comments on this article in the last minute"),
    _signal(
        "comment.human_decision",
        _T,
        "what a person decided on this revision",
        "none",
        "approved",
        "rejected",
    ),
    _signal(NUDGED, _F, "the reader was already asked to think again"),
)

SIGNALS: Mapping[str, Signal] = MappingProxyType({signal.name: signal for signal in _TABLE})


def flatten(signals: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, Value], tuple[str, ...]]:
    """Nested signals as `{"scores.toxicity": 0.9}`, and the names that could not be used.

    A value that is None, not finite, of another type than declared, or not among the choices
    is left out: to a rule it is missing, so the rule is unknown rather than wrong. The second
    part names those that were given and unusable, and names that no rule could know.
    """
    values: dict[str, Value] = {}
    unusable: list[str] = []
    for namespace, fields in signals.items():
        known = _READERS.get(namespace, {})
        for field, raw in fields.items():
            if raw is None:
                continue
            name, read = known.get(field) or (f"{namespace}.{field}", _nothing)
            value = read(raw)
            if value is None:
                unusable.append(name)
            else:
                values[name] = value
    return values, tuple(unusable)


def coerce(name: str, raw: Any) -> Value | None:
    """The value as the signal's type, or None where it has another type or no such signal exists.

    Whole numbers given with a fraction are rounded down (ages); nothing else is converted.
    """
    namespace, _, field = name.partition(".")
    _, read = _READERS.get(namespace, {}).get(field) or (name, _nothing)
    return read(raw)


Reader = Callable[[Any], Value | None]


def _nothing(raw: Any) -> None:
    """The reader of a name that no signal has."""


def _flag(raw: Any) -> bool | None:
    return raw if isinstance(raw, bool) else None


def _text(raw: Any) -> str | None:
    """Text that can be written as UTF-8; a lone surrogate cannot."""
    if not isinstance(raw, str):
        return None
    try:
        raw.encode()
    except UnicodeEncodeError:
        return None
    return str(raw)


def _choice(choices: tuple[str, ...]) -> Reader:
    return lambda raw: str(raw) if isinstance(raw, str) and raw in choices else None


def _texts(raw: Any) -> tuple[str, ...] | None:
    if isinstance(raw, str) or not isinstance(raw, (list, tuple, set, frozenset)):
        return None
    items = tuple(sorted(raw, key=str) if isinstance(raw, (set, frozenset)) else raw)
    return items if all(_text(item) is not None for item in items) else None


def _number(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return None
    return float(raw) if -_LARGEST <= raw <= _LARGEST else None  # NaN is left out too


def _whole(raw: Any) -> int | None:
    if type(raw) is int and -_LARGEST <= raw <= _LARGEST:
        return raw
    number = _number(raw)
    return None if number is None else math.floor(number)


def _reader(signal: Signal) -> Reader:
    if signal.choices:
        return _choice(signal.choices)
    return {
        SignalType.number: _number,
        SignalType.whole: _whole,
        SignalType.flag: _flag,
        SignalType.text: _text,
        SignalType.texts: _texts,
    }[signal.type]


def _readers() -> dict[str, dict[str, tuple[str, Reader]]]:
    """By namespace and field: the full name and how to read a value. Looked up per comment."""
    table: dict[str, dict[str, tuple[str, Reader]]] = {}
    for signal in _TABLE:
        namespace, _, field = signal.name.partition(".")
        table.setdefault(namespace, {})[field] = (signal.name, _reader(signal))
    return table


_READERS = _readers()


def author_trust(*, premoderated: bool, approved_count: int, rejected_rate_30d: float) -> str:
    """The value of `author.trust` from a reader's record.

    A sanction (`premoderated`) comes before any record; the rate is a share from 0 to 1.
    """
    if premoderated:
        return "premoderated"
    if approved_count < KNOWN_AFTER_APPROVALS:
        return "new"
    if approved_count >= TRUSTED_AFTER_APPROVALS and rejected_rate_30d <= TRUSTED_REJECTED_RATE:
        return "trusted"
    return "known"
