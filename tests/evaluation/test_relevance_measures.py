"""Off-topic pairs and drifting threads, measured on invented articles."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.domain.errors import Invalid
from tests.evaluation.tiny_engine import TinyEngine, WordScorer
from workers.evaluation.articles import ArticleText
from workers.evaluation.candidate import Candidate, candidate_of
from workers.evaluation.guidelines import drifting
from workers.evaluation.labelled import BadFile, read_labelled
from workers.evaluation.offtopic import evaluate_off_topic
from workers.evaluation.threads import evaluate_threads

pytestmark = pytest.mark.fast

CANDIDATE = candidate_of(TinyEngine(), "tiny")
COUNCIL = {"article_id": "council", "article_title": "bus budget", "article_text": "The council."}


def _file(tmp_path: Path, rows: Any, name: str = "pairs.jsonl") -> Any:
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return read_labelled(path)


def _pair(comment: Any, on_topic: Any, negatives: Any = "random", source: Any = "paper") -> Any:
    kind = "positive" if on_topic else negatives
    return {
        **COUNCIL,
        "comment_text": comment,
        "label_on_topic": int(on_topic),
        "negative_type": kind,
        "source": source,
    }


def _groups(result: Any) -> Any:
    return {(g.group, g.negatives): g for g in result.groups}


def test_pairs_are_measured_by_source_negatives_and_length(tmp_path: Path) -> None:
    rows = [_pair("the bus again", True), _pair("what a goal", False)]
    rows += [_pair("that council", True, source="blog"), _pair("bus", False, "hard", "blog")]
    rows += [_pair("football " * 10, False)]
    found = _groups(evaluate_off_topic(CANDIDATE, _file(tmp_path, rows), seed=1))
    assert found[("paper", "random")].auc.value == 1.0
    assert found[("blog", "hard")].auc.value == 0.5  # both share a word with the article
    assert found[("1–60 characters", "all")].rows == 4
    assert found[("61–150 characters", "all")].auc is None
    assert found[("all sources", "all")].caught == pytest.approx(2 / 3)


def test_an_unknown_score_counts_as_a_coin_toss_and_is_never_caught(tmp_path: Path) -> None:
    rows = [_pair("the bus again", True), _pair("what a goal", False), _pair("hmm", False)]
    result = evaluate_off_topic(CANDIDATE, _file(tmp_path, rows), seed=1)
    group = _groups(result)[("all sources", "all")]
    assert group.auc_known == 1.0
    assert group.auc.value == pytest.approx(0.75)
    assert group.known_share == pytest.approx(2 / 3)
    assert group.caught == pytest.approx(0.5)
    assert result.unknown == {"too_short": 1}


def test_a_profile_of_comments_stands_in_for_an_article(tmp_path: Path) -> None:
    rows = [
        {"profile_comments": ["the council met"], "comment_text": text, "label_on_topic": label}
        for text, label in (("council news", 1), ("nice goal", 0))
    ]
    found = _groups(evaluate_off_topic(CANDIDATE, _file(tmp_path, rows), seed=1))
    assert found[("all sources", "all")].auc.value == 1.0


def test_pairs_without_labels_are_refused_by_file(tmp_path: Path) -> None:
    file = _file(tmp_path, [{**_pair("bus", True), "label_on_topic": "maybe"}])
    with pytest.raises(BadFile, match=r"pairs\.jsonl"):
        evaluate_off_topic(CANDIDATE, file, seed=1)


def test_a_scorer_without_relevance_says_so(tmp_path: Path) -> None:
    file = _file(tmp_path, [_pair("bus", True)])
    with pytest.raises(Invalid) as refusal:
        evaluate_off_topic(Candidate("words", WordScorer()), file, seed=1)
    assert "words does not score relevance" in str(refusal.value.errors)


def _thread(variant: Any, marks: Any, drift_start: Any = None) -> Any:
    comments = [
        {"text": "the bus and the council" if on else "what a goal", "on_topic": int(on)}
        for on in marks
    ]
    return {
        "thread_id": "t", "variant": variant, "article_id": "council", "drift_start": drift_start,
        "article_title": "bus budget", "comments": comments, "source": "paper",
    }  # fmt: skip


def _low_means_drifting(relevance: Any) -> Any:
    return [value is not None and value < 0.5 for value in relevance]


ARTICLES = {"council": ArticleText("bus budget", "The council.")}


def test_a_departure_is_noticed_with_its_delay_and_a_return_too(tmp_path: Path) -> None:
    rows = [
        _thread("none", [1, 1, 1]),
        _thread("drift_tail", [1, 1, 0, 0], 2),
        _thread("hijack_return", [1, 0, 0, 1], 1),
    ]
    file = _file(tmp_path, rows, "threads.jsonl")
    result = evaluate_threads(CANDIDATE, file, ARTICLES, _low_means_drifting, seed=1)
    groups = {(g.source, g.variant): g for g in result.groups}
    tail = groups[("all sources", "drift_tail")]
    assert (tail.noticed, tail.median_delay, tail.false_alarms) == (1.0, 1.0, 0.0)
    assert groups[("all sources", "hijack_return")].returned == 1.0
    assert groups[("paper", "none")].noticed is None
    assert result.comments == 11


def test_a_mark_while_on_topic_is_a_false_alarm_and_a_late_one_is_not_noticing(
    tmp_path: Path,
) -> None:
    rows = [_thread("none", [1] * 4), _thread("drift_tail", [1] + [0] * 8, 1)]
    file = _file(tmp_path, rows, "threads.jsonl")
    early = evaluate_threads(CANDIDATE, file, ARTICLES, lambda r: [True] + [False] * 8, seed=1)
    groups = {(g.source, g.variant): g for g in early.groups}
    assert groups[("all sources", "none")].false_alarms == 1.0
    assert groups[("all sources", "drift_tail")].false_alarms == 1.0
    late = evaluate_threads(CANDIDATE, file, ARTICLES, lambda r: [False] * 6 + [True] * 3, seed=1)
    groups = {(g.source, g.variant): g for g in late.groups}
    assert groups[("all sources", "drift_tail")].noticed == 0.0


def test_a_thread_without_its_article_is_judged_by_the_title_and_counted(tmp_path: Path) -> None:
    file = _file(tmp_path, [_thread("none", [1, 1])], "threads.jsonl")
    result = evaluate_threads(CANDIDATE, file, {}, _low_means_drifting, seed=1)
    assert result.warnings == ("1 threads judged by their article's title alone",)


def test_parleys_own_detector_marks_a_run_of_unrelated_comments_only() -> None:
    assert not any(drifting([0.9] * 20))
    away = drifting([0.9] * 10 + [0.03] * 8)
    assert not any(away[:10])
    assert away[-1]
