"""`./parley bench scoring`: every way of scoring, side by side in one run.

Each route is loaded in a process of its own; the rounds are interleaved, so that whatever else
the machine does falls on all of them alike. Ratios inside one run are what counts.
"""

from __future__ import annotations

import importlib.util
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from workers.bench.peak import Peak, measure_peak
from workers.bench.scoring_child import RouteFailed, RouteProcess
from workers.bench.scoring_routes import ROUTES, Route
from workers.bench.scoring_texts import comment_lengths, comments
from workers.bench.scoring_workplace import build_models, write_given

SPECIAL_TOKENS = 2
GIGA = 1e9
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What to run. `unsure_share` (0–1) is how often the cascade asks Detoxify; `workspace` keeps
    the built checkpoint for another run (None: it is built anew and removed)."""

    routes: Sequence[str]
    rounds: int
    comments: int
    threads: int
    seed: int
    unsure_share: float
    models_dir: Path
    workspace: Path | None = None


@dataclass(slots=True)
class Measured:
    """One route's figures; `missing` says why there are none, `note` what else went wrong."""

    route: str
    title: str
    missing: str | None = None
    note: str = ""
    load_seconds: float = 0.0
    rss_mib: float = 0.0
    seconds: list[float] = field(default_factory=list)
    cpu_seconds: list[float] = field(default_factory=list)
    batch_mates: float | None = None
    threads: float | None = None
    per_second: float | None = None
    cpu_ms: float | None = None
    gigaops: float | None = None
    peak_share: float | None = None


@dataclass(slots=True)
class Outcome:
    """A whole run. `foreign_cores` is how many cores other programs used meanwhile."""

    options: Options
    peak: Peak
    foreign_cores: float
    measured: list[Measured]


def missing_packages(route: Route) -> list[str]:
    """Packages the route needs that are not installed."""
    return [name for name in route.needs if importlib.util.find_spec(name) is None]


def run(options: Options, say: Say) -> Outcome:
    """Load every route, measure in interleaved rounds, check independence; `say` gets progress."""
    rows = [Measured(name, ROUTES[name].title) for name in options.routes]
    for row in rows:
        if absent := missing_packages(ROUTES[row.route]):
            row.missing = f"not installed: {', '.join(absent)} (requirements/detoxify.txt)"
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as scratch:
        given = _prepare(Path(scratch), options, rows, say)
        children: dict[str, RouteProcess] = {}
        try:
            for row in rows:
                _load(row, given, options.threads, children, say)
            peak, foreign = _rounds(rows, children, options, say)
            _independence(rows, children, say)
        finally:
            for child in children.values():
                child.stop()
    for row in rows:
        _summarise(row, options, peak)
    return Outcome(options, peak, foreign, rows)


def _prepare(folder: Path, options: Options, rows: Sequence[Measured], say: Say) -> Path:
    """Build the models that some route needs and write the file that every route reads."""
    models = options.models_dir
    if any(ROUTES[row.route].needs and not row.missing for row in rows):
        models = (options.workspace or folder) / f"models-{options.seed}"
        problem = build_models(models, options.seed, say)
        for row in rows if problem else ():
            if ROUTES[row.route].needs:
                row.missing = row.missing or f"its model could not be built: {problem}"
    given = folder / "given.json"
    texts = comments(options.comments, options.seed)
    write_given(given, models, texts, threads=options.threads, unsure_share=options.unsure_share)
    return given


def _load(
    row: Measured, given: Path, threads: int, children: dict[str, RouteProcess], say: Say
) -> None:
    if row.missing:
        return
    say(f"loading {row.title}")
    try:
        child = RouteProcess(ROUTES[row.route], given, threads)
    except RouteFailed as error:
        row.missing = f"failed: {error}"
        return
    row.load_seconds = child.loaded["load_seconds"]
    children[row.route] = child


def _rounds(
    rows: Sequence[Measured], children: Mapping[str, RouteProcess], options: Options, say: Say
) -> tuple[Peak, float]:
    """Interleaved rounds; the peak is measured in each of them too, and the best one counts."""
    peaks, foreign = [measure_peak(options.threads)], list[float]()
    for number in range(options.rounds):
        for row in rows:
            if row.route not in children or row.missing:
                continue
            say(f"round {number + 1} of {options.rounds}: {row.title}")
            busy = _busy_seconds()
            try:
                found = children[row.route].ask("round")
            except RouteFailed as error:
                row.missing = f"failed: {error}"
                continue
            foreign.append((_busy_seconds() - busy - found["cpu_seconds"]) / found["seconds"])
            row.seconds.append(found["seconds"])
            row.cpu_seconds.append(found["cpu_seconds"])
            row.rss_mib = max(row.rss_mib, found["rss_mib"])
        peaks.append(measure_peak(options.threads))
    best = Peak(max(peak.fp32 for peak in peaks), max(peak.int8 for peak in peaks), options.threads)
    return best, max(0.0, statistics.mean(foreign)) if foreign else 0.0


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _independence(rows: Sequence[Measured], children: Mapping[str, RouteProcess], say: Say) -> None:
    for row in rows:
        if row.route not in children or row.missing:
            continue
        say(f"does a score depend on its batch? {row.title}")
        try:
            found = children[row.route].ask("independence")
        except RouteFailed as error:
            row.note = f"independence could not be checked: {error}"
            continue
        row.batch_mates, row.threads = found["batch_mates"], found.get("threads")


def _summarise(row: Measured, options: Options, peak: Peak) -> None:
    if not row.seconds:
        return
    median = statistics.median(row.seconds)
    row.per_second = options.comments / median
    row.cpu_ms = 1000 * statistics.median(row.cpu_seconds) / options.comments
    route = ROUTES[row.route]
    if route.shape is None:
        return
    lengths = comment_lengths(options.comments)
    operations = sum(route.shape.operations(length + SPECIAL_TOKENS) for length in lengths)
    row.gigaops = operations / median / GIGA
    row.peak_share = row.gigaops / (peak.int8 if route.int8 else peak.fp32)
