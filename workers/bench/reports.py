"""`./parley bench reports`: what rules for hiding reported comments hide, on invented sites."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import click

from workers.bench.report_replay import Tally, replay
from workers.bench.report_rules import OURS, RULES, Rule, brigade
from workers.bench.report_simulation import World, make_site

PAGES = Path(__file__).resolve().parents[2] / "docs" / "benchmarks"
BRIGADE = "brigade suspected"
MEASURED: Mapping[str, Rule] = {**RULES, BRIGADE: brigade}
COMMENTS_A_YEAR = 160_000


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of site, and what to say about it."""

    title: str
    remark: str
    world: World


SCENARIOS = (
    Scenario(
        "A site after two years",
        "Most who report have a record.",
        World(history=2 * COMMENTS_A_YEAR),
    ),
    Scenario(
        "After one year",
        "Many who report seldom have none yet.",
        World(history=COMMENTS_A_YEAR),
    ),
    Scenario(
        "A new site",
        "Nobody has a record at first, so little is hidden and people look at most reports.",
        World(history=0),
    ),
    Scenario(
        "Where readers and model err together",
        "As the first site, but readers report innocent comments the likelier the higher the "
        "model's score (as the square root of its odds).",
        World(history=2 * COMMENTS_A_YEAR, shared_errors=0.5),
    ),
)

REMARKS = """\
## How to read this

Everything here is invented by the simulation (`workers/bench/report_simulation.py`): 40,000
comments in 90 days, 3 % of them violations; a calibrated model with an AUC of 0.92; 3,000 readers
who ever report, 80 % honest, 15 % sloppy, 5 % trolls; 150 innocent comments attacked within minutes
by 8 to 29 accounts each, made for it. A rule hides a comment at the first report after which it
says so. People look at each reported comment two days after it was posted and are always right;
from that the reporters earn their records. What a rule hides on a real site depends on how often
its readers report and how well: compare the rules with each other, and expect other figures.

* **precision**: share of the hidden comments that are violations. **recall**: share of all
  violations that are hidden, also of those that nobody reported.
* **brigaded innocents**: hidden among the 150 attacked.
* **Discourse's score** follows its published formula with its defaults; trust levels go by how much
  somebody reads, and the attackers' is 0. It does not look at a model.
* The last three rules are Parley's and two it could have been. *Fresh accounts left out of P* is
  what makes it certain that they never tip the balance; it costs recall. **Parley** wins that back
  by letting other reporters with a record, and not the model alone, bear out a reliable one
  (`service/domain/report_weight.py`).
* Where readers and model err together, no rule here keeps a precision of 0.99: all of them take a
  reader's word as news beside the score. What is hidden waits for a person, and is not removed.
* Attackers who first earn a record over months are not simulated, nor bursts against one author.
* Suspicion stops automatic hiding. So a brigade that reports a violation keeps it from being hidden
  before a person looks; it moves up in the queue all the same.
"""


@click.command("reports", short_help="What rules on readers' reports hide, on a simulated site.")
@click.option("--seeds", type=click.IntRange(1, 100), default=5, show_default=True)
@click.option("--seed", default=1, show_default=True, help="The first of them.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=PAGES)
def reports_command(seeds: int, seed: int, out: Path) -> None:
    """Compare rules for hiding reported comments. Writes reports.md [docs/benchmarks]."""
    parts = [
        "# What reports hide",
        f"Made by `./parley bench reports --seeds {seeds} --seed {seed}`: the mean over "
        f"{seeds} simulated sites, with the least and the most. Do not edit by hand.",
    ]
    for scenario in SCENARIOS:
        click.echo(f"{scenario.title} …", err=True)
        runs = [replay(make_site(scenario.world, s), MEASURED) for s in range(seed, seed + seeds)]
        parts += [f"## {scenario.title}", scenario.remark, table(runs), brigades(runs)]
    page = "\n\n".join([*parts, REMARKS])
    out.mkdir(parents=True, exist_ok=True)
    (out / "reports.md").write_text(page, "utf-8")
    click.echo(page)


def table(runs: Sequence[Mapping[str, Tally]]) -> str:
    """One row per rule, over all runs."""
    rows = ["| rule | hidden | precision | recall | brigaded innocents hidden |"]
    rows.append("|---|---:|---:|---:|---:|")
    for name in RULES:
        tallies = [run[name] for run in runs]
        cells = (
            f"**{name}**" if name == OURS else name,
            _spread((len(t.hidden) for t in tallies), "{:.0f}".format),
            _spread((t.precision for t in tallies), "{:.3f}".format),
            _spread((t.recall for t in tallies), "{:.3f}".format),
            _spread((t.attacked_hidden for t in tallies), "{:.3g}".format)
            + f" of {tallies[0].attacked}",
        )
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def brigades(runs: Sequence[Mapping[str, Tally]]) -> str:
    """What the brigade test saw."""
    tallies = [run[BRIGADE] for run in runs]
    seen = _spread((t.attacked_hidden for t in tallies), "{:.3g}".format)
    violations = _spread((t.hidden_violating for t in tallies), "{:.0f}".format)
    return (
        f"Suspected as brigades: {seen} of the {tallies[0].attacked} attacks, and the reports on "
        f"{violations} of {_spread((t.violating for t in tallies), '{:.0f}'.format)} violations."
    )


def _spread(values: Iterable[float], show: Callable[[float], str]) -> str:
    found = list(values)
    low, high = show(min(found)), show(max(found))
    return low if low == high else f"{show(fmean(found))} ({low}–{high})"
