"""The outcome of one evaluation run: what was measured, on which files, with which models."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.domain.scoring import ModelInUse
from workers.evaluation.evasion import EvasionResult
from workers.evaluation.metrics import Interval
from workers.evaluation.offtopic import OffTopicResult
from workers.evaluation.threads import ThreadsResult
from workers.evaluation.thresholds import Threshold
from workers.evaluation.toxicity import ToxicityResult

NOT_SAVED = ("scores", "truth")
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class FileUsed:
    """A file of the run. `kind` is None where nothing could be measured on it."""

    name: str
    kind: str | None
    rows: int
    sha256: str
    note: str = ""


@dataclass(slots=True)
class CandidateReport:
    """All results of one scorer."""

    name: str
    models: tuple[ModelInUse, ...]
    trained_on: tuple[str, ...]
    sets: list[ToxicityResult] = field(default_factory=list)
    evasion: list[EvasionResult] = field(default_factory=list)
    off_topic: list[OffTopicResult] = field(default_factory=list)
    threads: list[ThreadsResult] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """One run. `differences` maps a set to the AUC of the second scorer minus the first's."""

    made: Mapping[str, str]
    thresholds: tuple[Threshold, ...]
    files: list[FileUsed] = field(default_factory=list)
    candidates: list[CandidateReport] = field(default_factory=list)
    differences: dict[str, Interval | None] = field(default_factory=dict)


def as_data(value: Any) -> Any:
    """Plain data for JSON: numbers rounded, undefined numbers as null, arrays left out."""
    if dataclasses.is_dataclass(value):
        names = [f.name for f in dataclasses.fields(value) if f.name not in NOT_SAVED]
        return {name: as_data(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): as_data(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [as_data(inner) for inner in value]
    if isinstance(value, float):
        return round(value, DECIMALS) if math.isfinite(value) else None
    return value


def to_json(report: Report) -> str:
    """The whole report as JSON text."""
    return json.dumps(as_data(report), indent=1, ensure_ascii=False) + "\n"
