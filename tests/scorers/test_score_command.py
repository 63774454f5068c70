"""`./parley score`: lines in, lines out, in order; one comment explained."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from workers.cli import cli

ARTICLE = {
    "title": "Council approves bus lanes",
    "body": "The city council voted on Monday to build new bus lanes along the quays.",
}
ON_TOPIC = "I take the bus along the quays every day, and the lanes cannot come soon enough."


@pytest.fixture(autouse=True)
def no_fetched_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_MODELS_DIR", str(tmp_path))


def score(*arguments: str, lines: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["score", *arguments], input=lines)


def answers(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_lines_are_answered_in_order_with_scores_and_decision() -> None:
    lines = [
        {"id": "a", "text": ON_TOPIC, "article": ARTICLE},
        {"id": "b", "text": "You are a stupid idiot."},
        {"id": 3, "text": "Yes, exactly.", "parents": ["Who pays?"]},
    ]
    result = score("--batch", lines="\n".join(map(json.dumps, lines)))
    assert result.exit_code == 0
    first, second, third = answers(result)
    assert [first["id"], second["id"], third["id"]] == ["a", "b", 3]
    assert {"toxicity", "relevance"} <= first["scores"].keys()
    assert first["decision"]["action"] == "publish"
    assert second["decision"]["guideline"] == "civil"
    assert {"rule", "action", "values"} <= second["decision"]["rules"][0].keys()
    assert first["language"] == "en"
    assert first["model"]["toxicity"].startswith("compact ")


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("not json", "not JSON"),
        ("[1]", "must be a JSON object"),
        ('{"id": 1}', "`text` must be a string"),
        ('{"id": 1, "text": 5}', "`text` must be a string"),
        ('{"id": 1, "text": "x", "colour": 1}', "unknown field 'colour'"),
        ('{"id": 1, "text": "x", "parents": "y"}', "`parents` must be a list"),
        ('{"id": 1, "text": "x", "article": {"title": 3}}', "as strings"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_line_is_answered_by_an_error_and_the_others_by_scores(
    line: str, problem: str
) -> None:
    result = score("--batch", lines=f'{line}\n{{"id": 2, "text": "ok"}}\n')
    bad, good = answers(result)
    assert problem in bad["error"]
    assert "toxicity" in good["scores"]
    assert result.exit_code == 1


def test_no_lines_are_no_answers() -> None:
    result = score("--batch", lines="\n\n")
    assert (result.exit_code, result.stdout) == (0, "")


@pytest.mark.parametrize("form", ["json", "text"])
def test_one_comment_is_explained_against_its_article(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"article.{form}"
    plain = f"{ARTICLE['title']}\n\n{ARTICLE['body']}\n"
    path.write_text(json.dumps(ARTICLE) if form == "json" else plain, encoding="utf-8")
    result = score(ON_TOPIC, "--article", str(path))
    assert result.exit_code == 0, result.output
    for expected in ("toxicity", "relevance", "Nearest passage", "Decision: publish"):
        assert expected in result.output


def test_json_of_one_comment_names_the_rules_that_fired() -> None:
    answer = json.loads(score("You are a stupid idiot.", "--json").stdout)
    assert "abuse-likely" in [rule["rule"] for rule in answer["decision"]["rules"]]


def test_text_and_batch_together_are_refused() -> None:
    assert score("text", "--batch").exit_code == 2
    assert score().exit_code == 2


def test_an_article_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "article.json"
    path.write_text('{"title": 3}', encoding="utf-8")
    result = score("text", "--article", str(path))
    assert result.exit_code == 1
    assert "article" in result.output


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_TOXICITY_SCORER", "oracle")
    result = score("text")
    assert result.exit_code == 1
    assert "PARLEY_TOXICITY_SCORER" in result.output
