"""Writes a report as Markdown, JSON and SVG plots, and shows it in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from workers.evaluation.calibration import Calibration
from workers.evaluation.cells import SEEN, Table
from workers.evaluation.plots import Point, reliability_points, unit_square_plot
from workers.evaluation.report import CandidateReport, Report, to_json
from workers.evaluation.tables import tables


def file_stem(report: Report) -> str:
    """`compact`, or `compact-and-detoxify-original` where two were compared."""
    names = "-and-".join(candidate.name for candidate in report.candidates)
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in names)


def show(report: Report, console: Console) -> None:
    """Print every table. Names keep to one line; figures wrap where the window is narrow."""
    for table in tables(report):
        drawn = RichTable(
            title=table.title, title_justify="left", caption=table.note, caption_justify="left"
        )
        for index, column in enumerate(table.columns):
            drawn.add_column(column, justify="right" if index else "left", no_wrap=not index)
        for row in table.rows:
            drawn.add_row(*row)
        console.print(drawn)


def save(report: Report, folder: Path) -> list[Path]:
    """Write `<stem>.md`, `<stem>.json` and the plots into the folder; returns what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = file_stem(report)
    pictures: dict[str, str] = {}
    written: list[Path] = []
    for candidate in report.candidates:
        for name, svg in _plots(candidate).items():
            path = folder / f"{stem}-{name}.svg"
            if len(report.candidates) > 1:
                path = folder / f"{stem}-{candidate.name}-{name}.svg"
            path.write_text(svg, encoding="utf-8")
            pictures[f"{name} of {candidate.name}"] = path.name
            written.append(path)
    for suffix, text in ((".md", markdown(report, pictures)), (".json", to_json(report))):
        path = folder / f"{stem}{suffix}"
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def _plots(candidate: CandidateReport) -> dict[str, str]:
    sets = [result for result in candidate.sets if result.roc]
    if not sets:
        return {}
    names = {result.name: result.name + SEEN * result.seen_in_training for result in sets}
    roc: dict[str, list[Point]] = {names[r.name]: list(r.roc) for r in sets}
    calibrations: dict[str, Calibration] = {
        names[r.name]: r.calibration for r in sets if r.calibration
    }
    reliability = {name: reliability_points(c) for name, c in calibrations.items()}
    return {
        "roc": unit_square_plot(f"ROC, {candidate.name}", "false-alarm rate", "recall", roc),
        "reliability": unit_square_plot(
            f"Reliability, {candidate.name}",
            "mean score of the bin",
            "share that is toxic",
            reliability,
            marks=True,
        ),
    }


def _markdown_table(table: Table) -> list[str]:
    def line(cells: tuple[str, ...]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    ruler = "|" + "|".join("---" if i == 0 else "---:" for i in range(len(table.columns))) + "|"
    rows = [line(row) for row in table.rows]
    return [f"## {table.title}", "", table.note, "", line(table.columns), ruler, *rows, ""]


def markdown(report: Report, pictures: Mapping[str, str]) -> str:
    """The report as a Markdown page; `pictures` maps captions to file names beside it."""
    names = " and ".join(candidate.name for candidate in report.candidates)
    lines = [f"# Evaluation of {names}", ""]
    lines += [f"Made by `{report.made['command']}`; do not edit by hand.", ""]
    for candidate in report.candidates:
        models = ", ".join(
            f"{m.task}: {m.name} {m.version} (calibration {m.calibration})"
            for m in candidate.models
        )
        trained = ", ".join(candidate.trained_on) or "not recorded"
        lines += [f"* **{candidate.name}**: {models}. Trained on: {trained}."]
    facts = ", ".join(f"{key} {value}" for key, value in report.made.items() if key != "command")
    lines += [f"* {facts}.", ""]
    for caption, name in pictures.items():
        lines.append(f"![{caption}]({name})")
    lines.append("")
    for table in tables(report):
        lines += _markdown_table(table)
    return "\n".join(lines)
