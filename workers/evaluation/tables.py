"""The report as tables of text, made once and shown in the terminal and in Markdown alike."""

from __future__ import annotations

from collections.abc import Iterator

from workers.evaluation import probe_tables, toxicity_tables
from workers.evaluation.cells import Table
from workers.evaluation.report import Report

PER_CANDIDATE = (
    toxicity_tables.toxicity_sets,
    toxicity_tables.thresholds,
    toxicity_tables.parts,
    probe_tables.functions,
    probe_tables.bias,
    probe_tables.evasion,
    probe_tables.off_topic,
    probe_tables.threads,
)
SHORT_SHA = 12


def _used(report: Report) -> Iterator[Table]:
    yield Table(
        "Files",
        "What was read, and how it was used.",
        ("file", "measured as", "rows", "sha256", "remarks"),
        tuple(
            (f.name, f.kind or "not measured", f"{f.rows:,}", f.sha256[:SHORT_SHA], f.note)
            for f in report.files
        ),
    )


def tables(report: Report) -> Iterator[Table]:
    """Every table of the report, in reading order; those with nothing to say are left out."""
    yield from toxicity_tables.differences(report)
    for candidate in report.candidates:
        for make in PER_CANDIDATE:
            yield from make(candidate, report)
    yield from _used(report)
