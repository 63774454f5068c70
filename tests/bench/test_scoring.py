"""The speed comparison: its texts, its peak, its routes in processes of their own, its page."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
from click.testing import CliRunner
from tokenizers import Tokenizer

from workers.bench import scoring, scoring_report
from workers.bench.cli import bench
from workers.bench.matmul_graph import INT8, matmul_graph
from workers.bench.peak import Peak, measure_peak
from workers.bench.scoring_child import RouteFailed, RouteProcess
from workers.bench.scoring_process import check_independence
from workers.bench.scoring_routes import BERT_BASE, MINILM, ROUTES, Place, Route, Values
from workers.bench.scoring_texts import LONGEST, comment_lengths, comments, drawn, fair_salt
from workers.bench.scoring_workplace import write_given
from workers.scorers.registry import SHIPPED_DIR

TOKENIZER = SHIPPED_DIR / "compact" / "tokenizer.json"
GIGA = 1e9


def place(models: Path) -> Place:
    return Place(models, models / "hf", models / "x.ckpt", threads=1, unsure_share=0.1)


@pytest.mark.fast
def test_lengths_are_spread_as_those_of_real_comments() -> None:
    lengths = comment_lengths(1000)
    assert statistics.median(lengths) == 45
    assert lengths[950] == pytest.approx(220, rel=0.05)
    assert statistics.mean(lengths) == pytest.approx(70, rel=0.05)
    assert max(lengths) == LONGEST


@pytest.mark.fast
def test_texts_have_exactly_the_word_pieces_they_were_asked_for() -> None:
    tokenizer = Tokenizer.from_file(str(TOKENIZER))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    found = sorted(len(tokenizer.encode(t, add_special_tokens=False)) for t in comments(64, 1))
    assert np.abs(np.array(found) - comment_lengths(64)).max() <= 1


@pytest.mark.fast
def test_texts_are_the_same_for_the_same_seed_only() -> None:
    assert comments(20, 1) == comments(20, 1)
    assert comments(20, 1) != comments(20, 2)


@pytest.mark.fast
@pytest.mark.parametrize("count", [8, 32, 64])
def test_the_texts_drawn_for_the_cascade_are_a_fair_share_of_the_work(count: int) -> None:
    texts = comments(count, 1)
    salt = fair_salt(texts, 0.08)
    chosen = sum(len(text) for text in texts if drawn(text, 0.08, salt))
    assert chosen / sum(map(len, texts)) == pytest.approx(0.08, abs=0.01)


@pytest.mark.fast
def test_operations_agree_with_a_count_by_hand() -> None:
    # 12 layers of 4 h x h and 2 h x 4h weights, two operations each, plus attention.
    assert BERT_BASE.operations(1) == 12 * (24 * 768**2 + 4 * 768)
    assert MINILM.operations(70) / GIGA == pytest.approx(1.53, abs=0.02)


@pytest.mark.fast
def test_the_handwritten_graphs_multiply_as_numpy_does() -> None:
    random = np.random.default_rng(1)
    left, right = random.random((3, 8), np.float32), random.random((8, 5), np.float32)
    session = ort.InferenceSession(matmul_graph(right), providers=["CPUExecutionProvider"])
    assert np.allclose(session.run(None, {"left": left})[0], left @ right, atol=1e-5)
    # Seven bits: older processors add two eight-bit products in sixteen bits, and overflow.
    small = random.integers(0, 127, (3, 8), dtype=np.uint8)
    weights = random.integers(-63, 63, (8, 5), dtype=np.int8)
    session = ort.InferenceSession(matmul_graph(weights, INT8), providers=["CPUExecutionProvider"])
    expected = small.astype(np.int32) @ weights.astype(np.int32)
    assert (session.run(None, {"left": small})[0] == expected).all()


def test_the_peak_is_a_positive_rate() -> None:
    peak = measure_peak(threads=1)
    assert peak.fp32 > 0
    assert peak.int8 > 0


@pytest.mark.fast
def test_a_route_whose_packages_are_absent_says_which() -> None:
    route = Route("x", "X", "m:f", needs=("json", "no_such_package_here"))
    assert scoring.missing_packages(route) == ["no_such_package_here"]


@pytest.mark.fast
def test_a_score_that_depends_on_its_batch_is_found_out() -> None:
    def of_the_batch(texts: Sequence[str]) -> Values:
        longest = max(len(text) for text in texts)
        return np.array([[len(text) / longest] for text in texts], dtype=np.float32)

    def of_the_text(texts: Sequence[str]) -> Values:
        return np.array([[len(text) / 100] for text in texts], dtype=np.float32)

    texts = comments(16, 1)
    assert check_independence(of_the_batch, texts)["batch_mates"] > 0.5
    assert check_independence(of_the_text, texts, of_the_text) == {
        "batch_mates": 0.0,
        "threads": 0.0,
    }


def test_routes_that_ship_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    options = scoring.Options(
        routes=["compact", "embedding", "compact-relevance"],
        rounds=2, comments=4, threads=1, seed=1, unsure_share=0.1, models_dir=tmp_path,
    )  # fmt: skip
    said: list[str] = []
    outcome = scoring.run(options, said.append)
    for row in outcome.measured:
        assert row.missing is None
        assert len(row.seconds) == 2
        assert row.per_second is not None
        assert row.per_second > 0
        assert row.rss_mib > 10
        # What the whole comparison promises: a score is a function of its text alone.
        assert row.batch_mates is not None
        assert row.batch_mates <= 1e-4
        assert row.threads is not None
        assert row.threads <= 1e-4
    embedding = next(row for row in outcome.measured if row.route == "embedding")
    assert embedding.peak_share is not None
    assert any("round 2 of 2" in line for line in said)


def test_a_route_that_cannot_load_is_reported_with_the_reason(tmp_path: Path) -> None:
    given = tmp_path / "given.json"
    write_given(given, tmp_path, comments(8, 1), threads=1, unsure_share=0.1)
    with pytest.raises(RouteFailed, match="MissingModel"):
        RouteProcess(ROUTES["onnx-fp32"], given, threads=1)


def outcome() -> scoring.Outcome:
    options = scoring.Options(
        routes=["detoxify-one", "compact"], rounds=1, comments=8, threads=1, seed=1,
        unsure_share=0.1, models_dir=Path("models"), workspace=Path("kept"),
    )  # fmt: skip
    absent = scoring.Measured("detoxify-one", "One by one", missing="not installed: torch")
    there = scoring.Measured(
        "compact", "Compact", seconds=[0.1], cpu_seconds=[0.1], per_second=80.0, cpu_ms=12.5,
        batch_mates=0.0, threads=0.0,
    )  # fmt: skip
    return scoring.Outcome(options, Peak(100.0, 300.0, 1), 0.25, [absent, there])


@pytest.mark.fast
def test_the_page_names_what_was_not_measured_and_why(tmp_path: Path) -> None:
    page = tmp_path / "scoring.md"
    scoring_report.save(outcome(), page, "./parley bench scoring")
    text = page.read_text()
    assert "| One by one | not installed: torch |" in text
    assert "| Compact | 80.0 | n/a |" in text
    figures = json.loads(page.with_suffix(".json").read_text())
    assert figures["measured"][1]["seconds"] == [0.1]
    assert "models_dir" not in figures["options"]


@pytest.mark.fast
def test_ratios_are_taken_within_the_run() -> None:
    both = outcome()
    both.measured[0] = scoring.Measured("detoxify-one", "One by one", per_second=8.0)
    cells = list(scoring_report.rows_of(both))
    assert cells[0][2] == "1.00"
    assert cells[1][2] == "10.00"


def test_the_command_prints_and_saves_the_comparison(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    arguments = ["scoring", "--only", "compact", "--rounds", "1", "--comments", "8"]
    result = CliRunner().invoke(bench, [*arguments, "--threads", "1", "--out", str(page)])
    assert result.exit_code == 0, result.output
    assert "Parley, compact" in result.output
    assert page.exists()


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_both_ways_of_calling_detoxify_give_the_same_scores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    pytest.importorskip("torch", reason="needs requirements/detoxify.txt")
    pytest.importorskip("detoxify", reason="needs requirements/detoxify.txt")
    from workers.bench import scoring_detoxify
    from workers.scorers.random_checkpoint import write_random_checkpoint

    checkpoint, hub = tmp_path / "x.ckpt", tmp_path / "hf"
    write_random_checkpoint(checkpoint, hub, TOKENIZER, seed=1, layers=2, hidden=64)
    texts = comments(40, 1)
    one = scoring_detoxify.one_by_one(place(tmp_path))(texts)
    many = scoring_detoxify.in_batches(place(tmp_path))(texts)
    assert one.shape == (40, 6)
    assert np.abs(one - many).max() < 1e-4
    single = scoring_detoxify.in_batches(place(tmp_path))(texts[:1])
    assert np.abs(single - one[:1]).max() < 1e-4
    assert one.std() > 0.01
