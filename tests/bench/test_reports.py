"""The simulation of readers' reports: what Parley hides there, and what it never hides.

The seeds were used for nothing else: not to choose a constant, not for the published page.
"""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from click.testing import CliRunner

from workers.bench import reports
from workers.bench.cli import bench
from workers.bench.report_replay import Tally, replay
from workers.bench.report_rules import OURS, RULES
from workers.bench.report_simulation import FRESH_TRUST_LEVEL, World, make_site
from workers.bench.reports import COMMENTS_A_YEAR, Scenario

pytestmark = pytest.mark.fast

SETTLED_SEEDS = (7001, 7002, 7003)
NEW_SEEDS = (7004, 7005)
SETTLED = World(history=2 * COMMENTS_A_YEAR)
NEW = World(history=0)
SMALL = World(comments=4_000, history=4_000, attacks=15)


@functools.cache
def tallies(world: World, seed: int) -> dict[str, Tally]:
    return replay(make_site(world, seed), RULES)


@pytest.mark.parametrize("seed", SETTLED_SEEDS)
def test_on_a_settled_site_half_of_all_violations_are_hidden_and_hardly_anything_else(
    seed: int,
) -> None:
    ours = tallies(SETTLED, seed)[OURS]
    assert ours.precision >= 0.99
    assert ours.recall >= 0.5


@pytest.mark.parametrize("seed", NEW_SEEDS)
def test_on_a_new_site_little_is_hidden_and_that_rightly(seed: int) -> None:
    ours = tallies(NEW, seed)[OURS]
    assert ours.precision >= 0.98
    assert 0 < ours.recall < tallies(SETTLED, SETTLED_SEEDS[0])[OURS].recall


@pytest.mark.parametrize(
    ("world", "seed"),
    [*((SETTLED, seed) for seed in SETTLED_SEEDS), *((NEW, seed) for seed in NEW_SEEDS)],
)
def test_no_attacked_comment_is_hidden(world: World, seed: int) -> None:
    found = tallies(world, seed)
    assert found[OURS].attacked == 150
    assert found[OURS].attacked_hidden == 0
    assert found["3 reports"].attacked_hidden == 150  # the attacks are real ones


@pytest.mark.parametrize("seed", NEW_SEEDS)
def test_attacks_add_nothing_to_what_is_hidden(seed: int) -> None:
    peaceful = replay(make_site(NEW, seed, attacks=False), RULES)[OURS]
    assert tallies(NEW, seed)[OURS].hidden <= peaceful.hidden


def test_parley_is_more_precise_than_counting_and_finds_more() -> None:
    found = tallies(SETTLED, SETTLED_SEEDS[0])
    for other in ("3 reports", "5 reports"):
        assert found[OURS].precision > found[other].precision
        assert found[OURS].recall > found[other].recall


def test_a_site_is_what_its_description_says() -> None:
    site = make_site(NEW, NEW_SEEDS[0])
    violating = site.violating.astype(bool)
    assert violating.mean() == pytest.approx(0.03, abs=0.004)
    # The area under the curve is the chance that a violation scores above another comment.
    ranks = site.p_model.argsort().argsort()[violating]
    bad, good = violating.sum(), (~violating).sum()
    auc = (ranks.sum() - bad * (bad - 1) / 2) / (bad * good)
    assert auc == pytest.approx(0.92, abs=0.01)
    assert site.p_model.mean() == pytest.approx(0.03, abs=0.003)  # calibrated
    attackers = [report for report in site.reports if report.trust_level == FRESH_TRUST_LEVEL]
    assert len({report.reporter for report in attackers}) == len(attackers)
    assert {report.comment for report in attackers} == site.attacked


def test_the_same_seed_gives_the_same_site_and_another_another() -> None:
    first, again, other = (make_site(SMALL, seed).reports for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_attacks_change_nothing_else_on_a_site() -> None:
    attacked, peaceful = make_site(SMALL, 3), make_site(SMALL, 3, attacks=False)
    kept = [report for report in attacked.reports if report.trust_level != FRESH_TRUST_LEVEL]
    assert kept == peaceful.reports


def test_the_command_prints_and_writes_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "SCENARIOS", (Scenario("A small site", "Invented.", SMALL),))
    result = CliRunner().invoke(bench, ["reports", "--seeds", "2", "--out", str(tmp_path)])
    assert result.exit_code == 0, result.output
    page = (tmp_path / "reports.md").read_text("utf-8")
    assert page in result.output
    assert "## A small site" in page
    rows = [line for line in page.splitlines() if line.startswith("| ")]
    assert len(rows) == 1 + len(RULES)
    assert any(row.startswith("| 3 reports |") and row.endswith("15 of 15 |") for row in rows)
