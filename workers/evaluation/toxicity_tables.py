"""Tables on whole sets: ranking, thresholds, parts, and two scorers side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from workers.evaluation.cells import SEEN, Table, heading, interval, number, percent
from workers.evaluation.report import CandidateReport, Report
from workers.evaluation.toxicity import SliceResult, ToxicityResult


def _name(result: ToxicityResult) -> str:
    return result.name + (SEEN if result.seen_in_training else "")


def toxicity_sets(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """One row per set: ranking and calibration."""
    if not candidate.sets:
        return
    yield Table(
        heading(candidate, report, "Toxicity"),
        "ROC-AUC with its bootstrap 95 % interval, average precision (AP), expected calibration "
        "error over 15 equal-mass bins (ECE) and Brier score. Calibration can only be good where "
        "the toxic share is near the one the model was calibrated for. * the model saw this set "
        "in training.",
        ("set", "rows", "toxic", "AUC", "AP", "ECE", "Brier", "unknown", "clean text changed"),
        tuple(
            (
                _name(r),
                f"{r.rows:,}",
                percent(r.toxic_share),
                interval(r.auc),
                number(r.average_precision),
                number(r.calibration.ece if r.calibration else None),
                number(r.calibration.brier if r.calibration else None),
                str(sum(r.unknown.values())),
                percent(r.clean_changed),
            )
            for r in candidate.sets
        ),
    )


def _auc(result: ToxicityResult) -> str:
    value = result.auc.value if result.auc else None
    return number(value) + SEEN * result.seen_in_training


def differences(report: Report) -> Iterator[Table]:
    """Two scorers side by side on the same rows."""
    if not report.differences:
        return
    first, second = report.candidates
    yield Table(
        f"{second.name} against {first.name}",
        "AUC on the same rows; the difference is paired, and real where its interval leaves 0 out.",
        ("set", first.name, second.name, "difference"),
        tuple(
            (one.name, _auc(one), _auc(other), interval(report.differences[one.name]))
            for one, other in zip(first.sets, second.sets, strict=True)
        ),
    )


def thresholds(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """Each set at each number the guideline rules use."""
    rows = tuple(
        (
            _name(r),
            f"{t.label} {t.comparison} {t.threshold:g}",
            percent(t.flagged),
            number(t.precision),
            number(t.recall),
            number(t.f1),
            percent(None if t.specificity is None else 1 - t.specificity),
        )
        for r in candidate.sets
        for t in r.thresholds
    )
    if rows:
        yield Table(
            heading(candidate, report, "At the guideline thresholds"),
            "What a rule with this condition alone would match. A sub-label is measured against "
            "its own column, where the set has one.",
            ("set", "condition", "flagged", "precision", "recall", "F1", "false alarms"),
            rows,
        )


def _part_rows(
    candidate: CandidateReport, parts_of: Callable[[ToxicityResult], tuple[SliceResult, ...]]
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            _name(result),
            part.name,
            f"{part.rows:,}",
            percent(part.positive_share),
            number(part.auc),
            number(part.average_precision),
        )
        for result in candidate.sets
        for part in parts_of(result)
    )


def parts(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """Sub-labels and slices of the sets."""
    columns = ("set", "part", "rows", "positive", "AUC", "AP")
    if labels := _part_rows(candidate, lambda result: result.labels):
        note = "Each label against its own column, on the rows that carry it."
        yield Table(heading(candidate, report, "Sub-labels"), note, columns, labels)
    if slices := _part_rows(candidate, lambda result: result.slices):
        note = "Parts of a set told apart by a column."
        yield Table(heading(candidate, report, "Slices"), note, columns, slices)
