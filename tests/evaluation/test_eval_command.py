"""`./parley models eval` from the outside: files in, tables, Markdown, JSON and plots out."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workers.evaluation.cli import eval_command

pytestmark = pytest.mark.fast

TINY = "tests.evaluation.tiny_engine:TinyEngine"
WORDS = "tests.evaluation.tiny_engine:WordScorer"
COMMENTS = "text,toxic,source\n" + "".join(
    f"you idiot {i},1,paper\nwhat a vile man {i},1,paper\nthe bus {i},0,paper\nhello {i},0,blog\n"
    for i in range(30)
)


@pytest.fixture
def folder(tmp_path: Path) -> Any:
    data = tmp_path / "data"
    data.mkdir()
    (data / "comments.csv.gz").write_bytes(gzip.compress(COMMENTS.encode()))
    (data / "decisions.jsonl").write_text(
        "\n".join(
            json.dumps({"text": text, "toxic": toxic, "action": action, "scores": {}})
            for text, toxic, action in (("an idiot", 1, "reject"), ("fine", 0, "publish"))
        )
    )
    (data / "words.csv").write_text("text,severity\nbother,1\n")
    return data


def run(*arguments: object) -> Any:
    return CliRunner().invoke(eval_command, [str(argument) for argument in arguments])


def test_a_folder_is_measured_printed_and_saved(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run("--scorer", TINY, "--data", folder, "--out", out, "--threshold", "0.5")
    assert result.exit_code == 0, result.output
    assert "Toxicity" in result.output
    stem = TINY.replace(":", "-")
    report = json.loads((out / f"{stem}.json").read_text())
    sets = {s["name"]: s for s in report["candidates"][0]["sets"]}
    assert sets["comments"]["rows"] == 120
    assert sets["comments"]["auc"]["value"] == 0.75
    assert sets["comments"]["thresholds"][0]["recall"] == 0.5
    assert sets["decisions"]["rows"] == 2
    files = {f["name"]: f for f in report["files"]}
    assert files["words"]["kind"] is None
    assert len(files["comments"]["sha256"]) == 64
    assert {e["perturbation"] for e in report["candidates"][0]["evasion"]} >= {"leet", "spaced"}
    page = (out / f"{stem}.md").read_text()
    assert "| comments | 120 | 50.0 % | 0.750 [" in page
    assert f"![roc of {TINY}]({stem}-roc.svg)" in page
    assert (out / f"{stem}-roc.svg").read_text().startswith("<svg")
    assert (out / f"{stem}-reliability.svg").exists()


def test_no_text_of_the_data_and_no_folder_of_this_machine_is_saved(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run("--scorer", TINY, "--data", folder, "--out", out, "--threshold", "0.5")
    saved = "".join(path.read_text() for path in out.iterdir())
    assert "vile man" not in saved
    assert str(tmp_path) not in saved


def test_two_scorers_are_compared_on_the_same_rows(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(
        "--scorer", TINY, "--compare", WORDS, "--data", folder / "comments.csv.gz",
        "--out", out, "--threshold", "0.5", "--limit", "40",
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    (path,) = out.glob("*.json")
    report = json.loads(path.read_text())
    assert report["differences"]["comments"] == {"value": 0.0, "low": 0.0, "high": 0.0}
    assert [c["sets"][0]["rows"] for c in report["candidates"]] == [40, 40]


def test_two_runs_with_one_seed_give_the_same_figures(folder: Path, tmp_path: Path) -> None:
    saved = []
    for name in ("first", "second"):
        out = tmp_path / name
        run("--scorer", TINY, "--data", folder, "--out", out, "--threshold", "0.5", "--quiet")
        saved.append([p.read_text() for p in sorted(out.iterdir())])
    assert saved[0] == saved[1]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("nolabel.csv", "text,severity\nbother,1\n", "nolabel.csv: nothing to measure"),
        ("bad.jsonl", '{"text": "a", "toxic": 1}\n{\n', "bad.jsonl, line 2"),
        ("cut.csv.gz", "text,toxic\n", "cut.csv.gz: broken gzip"),
        ("odd.csv", "text,toxic\nhello,2\n", "odd.csv: no usable row"),
    ],
)
def test_a_named_file_that_cannot_be_used_is_an_error(
    tmp_path: Path, name: str, content: str, message: str
) -> None:
    path = tmp_path / name
    path.write_text(content)
    result = run("--scorer", TINY, "--data", path, "--out", tmp_path, "--threshold", "0.5")
    assert result.exit_code == 1
    assert message in result.output
    assert "Traceback" not in result.output


def test_a_bad_file_of_a_folder_is_listed_and_the_others_are_measured(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "broken.csv.gz").write_text("not gzip")
    out = tmp_path / "out"
    result = run("--scorer", TINY, "--data", folder, "--out", out, "--threshold", "0.5")
    assert result.exit_code == 0
    report = json.loads(next(out.glob("*.json")).read_text())
    broken = next(f for f in report["files"] if f["name"] == "broken.csv.gz")
    assert "broken gzip" in broken["note"]
    assert len(report["candidates"][0]["sets"]) == 2


@pytest.mark.parametrize("spec", ["no.such:thing", "tests.evaluation.tiny_engine:nothing"])
def test_a_scorer_that_cannot_be_had_is_an_error(folder: Path, tmp_path: Path, spec: str) -> None:
    result = run("--scorer", spec, "--data", folder, "--out", tmp_path, "--threshold", "0.5")
    assert result.exit_code == 1
    assert spec in result.output


def test_the_thresholds_come_from_the_guideline_file(folder: Path, tmp_path: Path) -> None:
    guidelines = tmp_path / "missing.yaml"
    result = run("--scorer", TINY, "--data", folder, "--guidelines", guidelines)
    assert result.exit_code == 1
    assert "missing.yaml" in result.output


def test_rows_kept_out_of_training_are_measured_again_on_their_own(
    folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    factory = "tests.evaluation.tiny_engine:trained_on_comments"
    run("--scorer", factory, "--data", folder, "--out", out, "--threshold", "0.5")
    (saved,) = out.glob("*.json")
    sets = {s["name"]: s for s in json.loads(saved.read_text())["candidates"][0]["sets"]}
    assert sets["comments"]["seen_in_training"] is True
    assert sets["comments (kept out)"]["seen_in_training"] is False
    assert sets["comments (kept out)"]["rows"] == 30
    page = saved.with_suffix(".md").read_text()
    assert "| comments* | 120 |" in page
    assert "| comments (kept out) | 30 |" in page


def test_pairs_are_skipped_with_the_reason_where_the_scorer_has_no_relevance(
    folder: Path, tmp_path: Path
) -> None:
    pair = {"comment_text": "the bus", "label_on_topic": 1, "article_text": "A bus."}
    (folder / "pairs.jsonl").write_text(json.dumps(pair))
    result = run("--scorer", WORDS, "--data", folder, "--out", tmp_path, "--threshold", "0.5")
    assert result.exit_code == 0
    assert "does not score relevance" in result.output
