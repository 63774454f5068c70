"""The speed comparison as a terminal table, a Markdown page and JSON."""

from __future__ import annotations

import datetime
import json
import platform
import statistics
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console
from rich.table import Table as RichTable

from workers.bench.scoring import Measured, Outcome
from workers.bench.scoring_routes import ROUTES
from workers.bench.scoring_texts import comment_lengths

PACKAGES = ("onnxruntime", "numpy", "tokenizers", "torch", "transformers", "detoxify")
COLUMNS = (
    "route", "comments/s", "x one by one", "x batches", "CPU ms/comment", "Gop/s",
    "share of peak", "RSS MiB", "load s", "batch mates", "threads",
)  # fmt: skip
CPU_INFO = Path("/proc/cpuinfo")


def _ratio(row: Measured, base: Measured | None) -> str:
    if base is None or not base.per_second or not row.per_second:
        return "n/a"
    return f"{row.per_second / base.per_second:.2f}"


def _optional(value: float | None, pattern: str) -> str:
    return "n/a" if value is None else pattern.format(value)


def rows_of(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    """The table's cells; a route that was not measured says why in its second cell."""
    by_name = {row.route: row for row in outcome.measured}
    one, many = by_name.get("detoxify-one"), by_name.get("detoxify-32")
    for row in outcome.measured:
        if row.missing or row.per_second is None:
            yield (row.title, row.missing or "not measured", *[""] * (len(COLUMNS) - 2))
            continue
        yield (
            row.title,
            f"{row.per_second:.1f}",
            _ratio(row, one),
            _ratio(row, many),
            _optional(row.cpu_ms, "{:.1f}"),
            _optional(row.gigaops, "{:.0f}"),
            "n/a" if row.peak_share is None else f"{100 * row.peak_share:.0f} %",
            f"{row.rss_mib:.0f}",
            f"{row.load_seconds:.1f}",
            _optional(row.batch_mates, "{:.1e}"),
            _optional(row.threads, "{:.1e}") if ROUTES[row.route].ships else "",
        )


def processor() -> str:
    """The processor's name, as well as the system says."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def facts(outcome: Outcome) -> dict[str, str]:
    """The machine, the packages and the run."""
    options = outcome.options
    lengths = comment_lengths(options.comments)
    found = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": processor(),
        "system": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "threads per route": str(options.threads),
        "measured peak": f"{outcome.peak.fp32:.0f} Gop/s fp32, {outcome.peak.int8:.0f} Gop/s int8",
        "rounds": f"{options.rounds} interleaved, median; seed {options.seed}",
        "comments per round": (
            f"{options.comments}; word pieces: median {statistics.median(lengths):.0f}, "
            f"mean {statistics.mean(lengths):.0f}, longest {max(lengths)}"
        ),
        "other programs meanwhile": f"{outcome.foreign_cores:.2f} cores",
        "cascade asks Detoxify for": f"{100 * options.unsure_share:.0f} % of the comments",
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


NOTES = """\
Speed does not depend on what a model's weights are: the Detoxify routes run on a checkpoint of
the true BERT-base shape with random weights, built for the run. Their scores mean nothing.
Tokenising is included everywhere. All routes are loaded at the same time, each in its own
process; ratios inside one run are what counts, for other machines give other figures.

* **share of peak**: operations the encoder must do, over the best large matrix product measured
  in the same run (int8 against the int8 product). The embedding's operations are exact for its
  shape; routes that are more than one encoder have none given.
* **RSS** is the whole process after its rounds.
* **batch mates**: largest difference of any score between a text alone, among 31 others, and in
  reverse order. **threads**: the same with another number of threads. Detoxify's own differences
  are given for comparison; the others are what a decision can be reproduced to.
* **compact and relevance** is the whole engine of a worker: language, normaliser, toxicity,
  evidence and relevance to an article. **cascade** is compact, with the exact Detoxify for the
  share given above.
"""


def markdown(outcome: Outcome, command: str) -> str:
    """The page that goes to docs/benchmarks/scoring.md."""
    lines = ["# How fast comments are scored", "", f"Made by `{command}`; do not edit by hand.", ""]
    lines += [f"* {key}: {value}" for key, value in facts(outcome).items()]
    lines += ["", "| " + " | ".join(COLUMNS) + " |"]
    lines.append("|---|" + "---:|" * (len(COLUMNS) - 1))
    lines += ["| " + " | ".join(cells) + " |" for cells in rows_of(outcome)]
    lines += ["", *(f"* {row.title}: {row.note}" for row in outcome.measured if row.note)]
    return "\n".join([*lines, "", NOTES])


def save(outcome: Outcome, page: Path, command: str) -> list[Path]:
    """Write the page and, beside it, the JSON with every round."""
    page.parent.mkdir(parents=True, exist_ok=True)
    page.write_text(markdown(outcome, command), encoding="utf-8")
    data = asdict(outcome)
    for folder in ("models_dir", "workspace"):  # they name one machine
        data["options"].pop(folder)
    data["facts"] = facts(outcome)
    figures = page.with_suffix(".json")
    figures.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    return [page, figures]


def show(outcome: Outcome, console: Console) -> None:
    """Print the table and the facts."""
    table = RichTable(*COLUMNS, title="Scoring speed")
    for cells in rows_of(outcome):
        table.add_row(*cells)
    console.print(table)
    for row in outcome.measured:
        if row.note:
            console.print(f"{row.title}: {row.note}")
    for key, value in facts(outcome).items():
        console.print(f"{key}: {value}")
