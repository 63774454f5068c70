"""Labelled rows as arrays: labels checked, bad and repeated rows counted, never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from workers.evaluation.labelled import BadFile, LabelledFile, Row
from workers.evaluation.metrics import Labels

TOXIC_COLUMN = "toxic"
# Column of the public sets -> our label.
SUB_LABELS = {
    "severe_toxic": "severe_toxicity",
    "severe_toxicity": "severe_toxicity",
    "obscene": "obscene",
    "threat": "threat",
    "insult": "insult",
    "identity_hate": "identity_attack",
    "identity_attack": "identity_attack",
    "sexual_explicit": "sexual_explicit",
}
SLICE_COLUMNS = ("sampling", "source", "split", "kind", "part", "section", "guideline", "language")
MIN_SLICE_ROWS = 30
MAX_SLICES = 20
WORDS = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0}
MAJORITY = 0.5  # a share of raters from here on counts as positive


@dataclass(frozen=True, slots=True)
class TextRows:
    """Usable rows of one file. Masks and labels run parallel to `texts`."""

    name: str
    texts: tuple[str, ...]
    toxic: Labels
    sub_labels: Mapping[str, tuple[Labels, Labels]]  # label -> (row has it, value)
    slices: Mapping[str, Labels]
    columns: Mapping[str, tuple[Any, ...]] = field(repr=False)
    warnings: tuple[str, ...] = ()


def kept_out_rows(rows: TextRows, kept_out: Callable[[str], bool]) -> TextRows | None:
    """The rows of a training set that training left out, as a set of their own; None if none."""
    mask = np.array([kept_out(text) for text in rows.texts], dtype=bool)
    if not mask.any():
        return None
    places = np.flatnonzero(mask)
    return TextRows(
        name=f"{rows.name} (kept out)",
        texts=tuple(rows.texts[i] for i in places),
        toxic=rows.toxic[mask],
        sub_labels={name: (a[mask], b[mask]) for name, (a, b) in rows.sub_labels.items()},
        slices={name: other[mask] for name, other in rows.slices.items()},
        columns={name: tuple(values[i] for i in places) for name, values in rows.columns.items()},
    )


def parse_label(value: Any) -> bool | None:
    """0/1, true/false, or a share of raters 0–1 (majority counts); None for anything else."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        value = WORDS.get(value.strip().lower(), value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number >= MAJORITY if 0.0 <= number <= 1.0 else None  # NaN fails both comparisons


def text_rows(file: LabelledFile, *, limit: int | None = None, seed: int = 0) -> TextRows:
    """Rows with a text and a label, each text and label pair once, at most `limit` of them.

    Rows that cannot be used are counted in `warnings` with the first line concerned. Raises
    BadFile where no row can be used.
    """
    usable, warnings = _usable(file)
    if limit is not None and len(usable) > limit:
        chosen = np.random.default_rng(seed).choice(len(usable), limit, replace=False)
        warnings.append(f"{limit} of {len(usable)} rows drawn (--limit)")
        usable = [usable[index] for index in sorted(chosen)]
    toxic = np.array([label for _, label in usable], dtype=bool)
    if toxic.all() or not toxic.any():
        warnings.append("only one class: AUC is not defined")
    rows = [row for row, _ in usable]
    columns = {name: tuple(row.fields.get(name) for row in rows) for name in file.columns}
    return TextRows(
        name=file.name,
        texts=tuple(str(row.fields["text"]) for row in rows),
        toxic=toxic,
        sub_labels=_sub_labels(columns),
        slices=_slices(columns),
        columns=columns,
        warnings=tuple(warnings),
    )


def _usable(file: LabelledFile) -> tuple[list[tuple[Row, bool]], list[str]]:
    usable: list[tuple[Row, bool]] = []
    seen: set[tuple[str, bool]] = set()
    dropped: Counter[str] = Counter()
    first_line: dict[str, int] = {}
    for row in file.rows:
        problem, label = _problem(row), parse_label(row.fields.get(TOXIC_COLUMN))
        if problem is None and label is not None:
            key = (str(row.fields["text"]), label)
            if key not in seen:
                seen.add(key)
                usable.append((row, label))
                continue
            problem = "repeated rows"
        reason = problem or "rows whose label is not 0, 1, true, false or a share"
        dropped[reason] += 1
        first_line.setdefault(reason, row.line)
    if not usable:
        reasons = ", ".join(f"{n} {reason}" for reason, n in dropped.items())
        raise BadFile(f"{file.path}: no usable row ({reasons}; first line {file.rows[0].line})")
    return usable, [
        f"{n} {reason} left out (first: line {first_line[reason]})" for reason, n in dropped.items()
    ]


def _problem(row: Row) -> str | None:
    text = row.fields.get("text")
    if not isinstance(text, str) or not text.strip():
        return "rows without text"
    return None


def _sub_labels(columns: Mapping[str, tuple[Any, ...]]) -> dict[str, tuple[Labels, Labels]]:
    found: dict[str, tuple[Labels, Labels]] = {}
    for column, label in SUB_LABELS.items():
        if column not in columns:
            continue
        parsed = [parse_label(value) for value in columns[column]]
        known = np.array([value is not None for value in parsed], dtype=bool)
        if known.any():
            found[label] = (known, np.array([bool(value) for value in parsed], dtype=bool))
    return found


def _slices(columns: Mapping[str, tuple[Any, ...]]) -> dict[str, Labels]:
    found: dict[str, Labels] = {}
    for column in SLICE_COLUMNS:
        values = [str(value) for value in columns.get(column, ()) if value not in (None, "")]
        counts = Counter(values)
        if not 2 <= len(counts) <= MAX_SLICES:
            continue
        for value, rows in counts.most_common():
            if rows >= MIN_SLICE_ROWS:
                mask = np.array([str(v) == value for v in columns[column]], dtype=bool)
                found[f"{column}={value}"] = mask
    return found
