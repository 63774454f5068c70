"""A whole labelled set: headline, thresholds, sub-labels, functions, bias, unknowns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.evaluation.tiny_engine import TinyEngine, WordScorer
from workers.evaluation.candidate import Candidate, candidate_of
from workers.evaluation.kinds import Kind
from workers.evaluation.labelled import read_labelled
from workers.evaluation.rows import text_rows
from workers.evaluation.thresholds import Threshold, thresholds_in
from workers.evaluation.toxicity import evaluate_toxicity

pytestmark = pytest.mark.fast

ABOVE_HALF = [Threshold("toxicity", ">", 0.5), Threshold("insult", ">", 0.5)]


@pytest.fixture
def measured(tmp_path: Path) -> Any:
    def measure(text: str, kind: Kind = Kind.TOXICITY, trained_on: tuple[str, ...] = ()) -> Any:
        path = tmp_path / "invented.csv"
        path.write_text(text, encoding="utf-8")
        candidate = Candidate("words", WordScorer(), trained_on=trained_on)
        rows = text_rows(read_labelled(path))
        return evaluate_toxicity(
            candidate, rows, kind, ABOVE_HALF, seen=candidate.saw(rows.name), seed=1
        )

    return measure


def test_a_set_gets_its_headline_and_threshold_measures(measured: Any) -> None:
    found = measured("text,toxic\nyou idiot,1\nidiot savant,0\nhello,0\nso vile,1\nfine,0\n")
    assert found.rows == 5
    assert found.toxic_share == pytest.approx(0.4)
    # Pairs of toxic and harmless: 2 won, 1 + 1 lost or tied as the words fall.
    assert found.auc.value == pytest.approx((0.5 + 1 + 1 + 0 + 0.5 + 0.5) / 6)
    (threshold,) = found.thresholds
    assert (threshold.precision, threshold.recall) == (0.5, 0.5)


def test_a_sub_label_rule_is_measured_against_the_sub_label(measured: Any) -> None:
    lines = [f"idiot {i},1,{int(i < 20)}" for i in range(40)]
    found = measured("text,toxic,insult\n" + "\n".join(lines) + "\nhello,0,0\n")
    insult = next(t for t in found.thresholds if t.label == "insult")
    assert insult.precision == pytest.approx(0.5)
    assert insult.recall == 1.0
    assert [part.name for part in found.labels] == ["insult"]


def test_texts_the_scorer_cannot_tell_are_counted_and_left_out(measured: Any) -> None:
    found = measured("text,toxic\nyou idiot,1\n???,1\nhello,0\n")
    assert found.unknown == {"too_short": 1}
    assert found.auc.value == 1.0
    assert np.isnan(found.scores).tolist() == [False, True, False]


def test_one_class_gives_undefined_measures_and_a_warning(measured: Any) -> None:
    found = measured("text,toxic\nhello,0\nfine,0\n")
    assert found.auc is None
    assert found.average_precision is None
    assert found.thresholds[0].recall is None
    assert "only one class: AUC is not defined" in found.warnings


def test_a_set_the_model_was_trained_on_is_marked(measured: Any) -> None:
    text = "text,toxic\nyou idiot,1\nhello,0\n"
    assert measured(text, trained_on=("invented",)).seen_in_training
    assert not measured(text, trained_on=("another",)).seen_in_training


def test_each_function_is_measured_as_recall_or_specificity(measured: Any) -> None:
    found = measured(
        "text,toxic,functionality\nyou idiot,1,slur_h\nyou worm,1,slur_h\n"
        "idiot is a rude word,0,counter_nh\nhello,0,counter_nh\nfine,0,counter_nh\n",
        Kind.FUNCTIONS,
    )
    right = {f.function: (f.hateful, f.right["> 0.5"]) for f in found.functions}
    assert right == {
        "counter_nh": (False, pytest.approx(2 / 3)),
        "slur_h": (True, pytest.approx(1 / 2)),
    }
    (other,) = found.labels
    assert other.name == "insult, read as hate"
    assert other.auc == found.auc.value


def test_identity_terms_are_measured_only_on_template_files(measured: Any) -> None:
    lines = [f"{name} is a{kind} gay person,{int(kind != '')}" for name in "abcdef"
             for kind in ("", "n idiot")]  # fmt: skip
    text = "text,toxic,template\n" + "\n".join(f"{line},t" for line in lines)
    found = measured(text, Kind.IDENTITY)
    assert found.bias is not None
    assert found.bias.terms[0].subgroup == 1.0
    assert measured(text, Kind.TOXICITY).bias is None


def test_a_change_of_harmless_text_is_counted(measured: Any) -> None:
    found = measured("text,toxic\nh\u200bello,0\nfine,0\nidiot,1\n")
    assert found.clean_changed == pytest.approx(0.5)


def test_an_engine_serves_as_candidate_with_its_own_parts() -> None:
    candidate = candidate_of(TinyEngine(), "tiny", trained_on=["a"])
    scored = candidate.score_texts(["you idiot", "hello"])
    assert scored.of["toxicity"].tolist() == [0.95, 0.05]
    assert np.isnan(scored.of["threat"]).all()
    assert candidate.saw("a")


def test_thresholds_are_read_out_of_rule_expressions() -> None:
    found = thresholds_in(
        [
            ("r1", "scores.toxicity > 0.9 && author.approved_count < 3"),
            ("r2", "scores.threat>=.5 || scores.toxicity > 0.9"),
            ("r3", "scores.relevance < 0.15 && content.word_count >= 8"),
            ("r4", "scores.toxicity > 0.7 && scores.toxicity <= 0.9"),
            ("r5", "reports.p_violation >= 0.95"),
        ]
    )
    assert [(t.label, t.comparison, t.value, t.rules) for t in found] == [
        ("relevance", "<", 0.15, ("r3",)),
        ("threat", ">=", 0.5, ("r2",)),
        ("toxicity", ">", 0.7, ("r4",)),
        ("toxicity", ">", 0.9, ("r1", "r2")),
    ]
