"""The made-up parts of `./parley bench day`: people, reports, judgements, checks and the page."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from workers.bench.day_checks import Check, claims_overlap, replayed
from workers.bench.day_figures import by_tenth, spread
from workers.bench.day_ledger import Ledger, QueueSample
from workers.bench.day_markdown import grouped, sparkline
from workers.bench.day_report import GROUPS, Day, as_markdown
from workers.bench.day_verdict import Judge, Manner, answer_for
from workers.bench.day_world import (
    BRIGADE_SIZES,
    Aim,
    Kind,
    Planned,
    World,
    address_of,
    deal,
    errs,
    make_world,
    plan_waves,
)
from workers.bench.sample_run import LabelledComment

COMMENTS, REPORTS = 600, 400


def invented(count: int, set_name: str = "ferry") -> list[LabelledComment]:
    return [
        LabelledComment(set_name, f"The {number}th ferry was late again.", number % 10 == 0)
        for number in range(count)
    ]


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(invented(COMMENTS), reports=REPORTS, seed=1)


# --- the people and what they write ---------------------------------------------------------------


def test_every_text_becomes_one_comment_of_the_day(world: World) -> None:
    assert {c.text for c in world.comments} == {c.text for c in invented(COMMENTS)}
    assert [c.index for c in world.comments] == list(range(COMMENTS))
    assert all(0 <= c.at < 1 for c in world.comments)


def test_the_same_seed_makes_the_same_day_and_another_seed_another(world: World) -> None:
    assert make_world(invented(COMMENTS), reports=REPORTS, seed=1) == world
    assert make_world(invented(COMMENTS), reports=REPORTS, seed=2) != world


def test_a_few_writers_write_much_of_what_is_toxic(world: World) -> None:
    toxic = Counter(c.writer for c in world.comments if c.toxic)
    civil = Counter(c.writer for c in world.comments if not c.toxic)
    few = [writer for writer, _ in toxic.most_common(8)]
    assert (
        sum(toxic[w] for w in few) / toxic.total() > 2 * sum(civil[w] for w in few) / civil.total()
    )


def test_sets_are_dealt_in_equal_parts_and_a_small_one_gives_all_it_has() -> None:
    dealt = deal([invented(300, "harbour"), invented(20, "quay")], 100)
    assert Counter(c.set_name for c in dealt) == {"harbour": 80, "quay": 20}


def test_more_comments_than_there_are_cannot_be_dealt() -> None:
    with pytest.raises(ValueError, match="320 usable comments, not 321"):
        deal([invented(300), invented(20)], 321)


# --- reports --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [10, 30, 41, 400])
def test_exactly_as_many_reports_are_planned_as_asked_for(count: int) -> None:
    waves = plan_waves(count, random.Random(3))  # noqa: S311 - repeatable
    assert sum(len(wave.reporters) for wave in waves) == count
    assert all(len(set(wave.reporters)) == len(wave.reporters) for wave in waves)
    assert list(waves) == sorted(waves, key=lambda wave: wave.at)


def test_honest_readers_are_right_nine_times_in_ten(world: World) -> None:
    honest = [wave for wave in world.waves if wave.kind is Kind.HONEST]
    right = sum(len(wave.reporters) for wave in honest if wave.aim is Aim.TOXIC)
    assert right / sum(len(wave.reporters) for wave in honest) == pytest.approx(0.9, abs=0.01)


def test_a_brigade_is_a_crowd_of_fresh_accounts_against_something_innocent(world: World) -> None:
    brigades = [wave for wave in world.waves if wave.kind is Kind.BRIGADE]
    low, high = BRIGADE_SIZES
    assert brigades
    assert all(low <= len(wave.reporters) <= high for wave in brigades)
    assert {wave.aim for wave in brigades} == {Aim.CIVIL}
    members = Counter(person for wave in world.waves for person in wave.reporters)
    assert all(members[person] == 1 for wave in brigades for person in wave.reporters)


def test_sloppy_readers_report_at_random_half_the_time(world: World) -> None:
    aims = Counter(wave.aim for wave in world.waves if wave.kind is Kind.SLOPPY)
    assert aims[Aim.CIVIL] == 0
    assert 0.25 < aims[Aim.ANY] / aims.total() < 0.75


def test_every_other_brigade_shares_a_network_and_others_do_not() -> None:
    def networks(brigade: int) -> int:
        return len({address_of(f"brigade-{brigade}/{n}").rpartition(".")[0] for n in range(15)})

    assert networks(0) == networks(2) == 1
    assert networks(1) > 10


# --- judging --------------------------------------------------------------------------------------


def planned(*, toxic: bool, index: int = 1) -> Planned:
    return Planned(index, "The ferry was late.", toxic, "ferry", "writer-1", "day-article-1", 0.0)


def view(status: str | None, **more: Any) -> dict[str, Any]:
    empty = {"blind": False, "version": 1, "reports": [], "decisions": []}
    return {**empty, "status": status, **more}


@pytest.mark.parametrize(
    ("status", "toxic", "action"),
    [
        ("held", True, "reject"),
        ("held", False, "approve"),
        ("published", True, "reject"),
        ("hidden", False, "approve"),
        ("removed", True, "acknowledge"),
        ("rejected", False, "restore"),
    ],
)
def test_a_judgement_becomes_the_action_that_fits_the_comments_state(
    status: str, toxic: bool, action: str
) -> None:
    judge = Judge("Mo", seed=1, error_rate=0.0)
    verdict = judge.verdict(planned(toxic=toxic), view(status))
    assert verdict.action == action
    assert (verdict.guideline is not None) == (action == "reject")


def test_a_second_look_judges_without_knowing_the_state() -> None:
    judge = Judge("Mo", seed=1, error_rate=0.0)
    assert judge.verdict(planned(toxic=True), view(None, blind=True)).action == "reject"
    assert judge.manner(planned(toxic=True), view(None, blind=True)) is Manner.DECIDE


def test_the_guideline_is_one_that_was_named_and_fits() -> None:
    judge = Judge("Mo", seed=1, error_rate=0.0)
    named = view("held", reports=[{"guideline": "spam"}, {"guideline": "hate"}])
    assert judge.verdict(planned(toxic=True), named).guideline == "hate"


def test_errors_come_at_the_stated_rate_and_always_on_the_same_comments() -> None:
    wrong = [index for index in range(5_000) if errs(1, "Mo", index, 0.04)]
    assert len(wrong) / 5_000 == pytest.approx(0.04, abs=0.01)
    assert wrong == [index for index in range(5_000) if errs(1, "Mo", index, 0.04)]
    assert wrong != [index for index in range(5_000) if errs(1, "Nan", index, 0.04)]


def test_a_notice_is_answered_by_what_the_comment_is() -> None:
    found = answer_for(finds_toxic=True, guideline="hate", reason="We looked at it.")
    assert (found["action"], found["guideline"]) == ("remove", "hate")
    assert answer_for(finds_toxic=False, guideline="hate", reason="So.")["action"] == "no_action"


# --- the ledger -----------------------------------------------------------------------------------


def test_a_comment_is_aimed_at_by_one_wave_only() -> None:
    ledger = Ledger()
    ledger.was_posted("a", planned(toxic=True))
    ledger.was_posted("b", planned(toxic=False))
    assert (ledger.fitting(Aim.TOXIC), ledger.fitting(Aim.ANY)) == (["a"], ["a", "b"])
    assert ledger.aim_at("a", Kind.BRIGADE)
    assert not ledger.aim_at("a", Kind.HONEST)
    assert ledger.fitting(Aim.ANY) == ["b"]


# --- what must hold -------------------------------------------------------------------------------

CLAIMED, DECIDED = "review.claimed", "comment.removed"


def test_a_claim_after_a_decision_or_an_expired_lease_is_fine() -> None:
    events = [
        ("c", CLAIMED, "moderator", "ann"),
        ("c", DECIDED, "moderator", "ann"),
        ("c", CLAIMED, "moderator", "bob"),
        ("c", "review.lease_expired", "machine", None),
        ("c", CLAIMED, "moderator", "ann"),
    ]
    assert claims_overlap(events).holds


def test_two_claims_of_one_item_at_a_time_are_found() -> None:
    events = [
        ("c", CLAIMED, "moderator", "ann"),
        ("d", DECIDED, "moderator", "ann"),
        ("c", "report.received", "reader", "eve"),
        ("c", CLAIMED, "moderator", "bob"),
    ]
    assert claims_overlap(events).wrong == 1


def test_events_that_lead_elsewhere_or_do_not_join_are_counted() -> None:
    moves = [("c", None, "pending"), ("c", "pending", "held"), ("c", "held", "published")]
    assert replayed(moves, {"c": "published"}) == (0, 0)
    assert replayed(moves, {"c": "removed"}) == (1, 0)
    assert replayed([moves[0], moves[2]], {"c": "published"}) == (0, 1)


# --- the page -------------------------------------------------------------------------------------


def test_a_spread_is_given_in_order() -> None:
    assert spread([float(n) for n in range(100, 0, -1)]) == {
        "count": 100,
        "median": 51.0,
        "p95": 96.0,
        "max": 100.0,
    }
    assert spread([]) == {"count": 0}


def test_the_queue_is_told_by_the_last_look_of_each_tenth() -> None:
    samples = [QueueSample(float(n), {"toxic": n}, 0, 2.0 * n) for n in range(101)]
    rows = by_tenth(samples)
    assert len(rows) == 10
    assert [row["seconds"] for row in rows] == [9, 19, 29, 39, 49, 59, 69, 79, 89, 100]


def test_bars_grow_with_their_values() -> None:
    assert sparkline([0, 7, 14]) == "▁▅█"
    assert sparkline([]) == ""


def test_counts_are_told_by_what_comes_before_the_colon() -> None:
    counts = {"decided: approve": 3, "decided: reject": 1, "notice": 2}
    assert grouped(counts) == {"Decided": {"approve": 3, "reject": 1}, "Notice": {"": 2}}


def test_the_page_says_what_does_not_hold() -> None:
    page = as_markdown(_day(Check("a claim is whole", 2)))
    assert "| a claim is whole | **NO: 2** |" in page
    assert not _day(Check("a claim is whole", 2)).holds
    assert _day(Check("a claim is whole", 0)).holds


def test_the_page_counts_and_never_shows_a_text(world: World) -> None:
    page = as_markdown(_day(Check("a claim is whole", 0)))
    assert "Hidden by reports: 3 rightly, 1 wrongly." in page
    assert "Never public or removed at the end: 4 labelled toxic, 2 not." in page
    assert "| removed | 4 | 2 | 6 |" in page
    assert world.comments[0].text not in page


def _day(check: Check) -> Day:
    report = {"kind": "honest", "sent": 5, "upheld": 4, "dismissed": 1}
    return Day(
        command="a command",
        machine="a machine",
        models={"toxicity": "compact 1"},
        policy="abc",
        asked={
            "comments": 6,
            "toxic": 4,
            "reports": 5,
            "minutes": 1.0,
            "think_seconds": 1.0,
            "error_rate": 0.04,
            "seed": 1,
            "seconds_to_scored": 3.0,
            "seconds_in_all": 5.0,
        },
        figures={
            "comments": [
                {"status": "removed", "label": "toxic", "by": "person", "count": 4},
                {"status": "removed", "label": "not toxic", "by": "person", "count": 2},
            ],
            "hidden by reports": {"rightly": 3, "wrongly": 1},
            "brigades": {
                "innocents attacked": 1,
                "of them suspected as brigaded": 1,
                "of them hidden at any time": 0,
            },
            "reports": [report],
            **{name: {} for name in GROUPS},
            "report to decision, s": {"count": 0},
            "item view, ms": {"count": 0},
            "queue": [],
            "what happened": {},
        },
        checks=[check],
    )
