"""Rows are drawn as asked, and the page holds counts and never a text."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from workers.bench.sample_report import Fate, Sample, as_markdown
from workers.bench.sample_run import draw
from workers.evaluation.labelled import BadFile, read_labelled
from workers.scorers.training.corpus import is_kept_out

ROWS = 200


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "invented.csv"
    lines = [
        f"The {number}th ferry was late again.,{number % 2},{'wide' if number < 50 else 'narrow'}"
        for number in range(ROWS)
    ]
    path.write_text("\n".join(["text,toxic,sampling", *lines]), "utf-8")
    return path


def test_as_many_rows_are_drawn_as_asked_and_the_same_for_the_same_seed(labelled: Path) -> None:
    file = read_labelled(labelled)
    first, again, other = (draw(file, (), False, 20, seed) for seed in (1, 1, 2))
    assert len(first) == 20
    assert first == again
    assert first != other


def test_a_condition_keeps_the_rows_it_names(labelled: Path) -> None:
    drawn = draw(read_labelled(labelled), ("sampling=wide",), False, ROWS, 1)
    assert len(drawn) == 50


def test_a_condition_on_a_column_that_is_not_there_is_passed_over(labelled: Path) -> None:
    assert len(draw(read_labelled(labelled), ("country=ie",), False, ROWS, 1)) == ROWS


def test_unseen_rows_are_those_kept_out_of_training(labelled: Path) -> None:
    drawn = draw(read_labelled(labelled), (), True, ROWS, 1)
    assert 0 < len(drawn) < ROWS
    assert all(is_kept_out(comment.text) for comment in drawn)


def test_a_condition_that_no_row_meets_is_refused(labelled: Path) -> None:
    with pytest.raises(BadFile, match="no row fits"):
        draw(read_labelled(labelled), ("sampling=deep",), False, ROWS, 1)


def test_a_condition_without_a_value_is_refused(labelled: Path) -> None:
    with pytest.raises(click.ClickException, match="COLUMN=VALUE"):
        draw(read_labelled(labelled), ("sampling",), False, ROWS, 1)


def test_the_page_counts_fates_against_labels() -> None:
    fates = [
        Fate("ferry", True, "held", "hold", ("abuse-likely", "off-topic"), "abc"),
        Fate("ferry", False, "published", "demote", ("off-topic",), "abc"),
        Fate("ferry", False, "published", "publish", (), "abc"),
        Fate("ferry", False, "not taken", "repeat", ()),
    ]
    page = as_markdown(Sample(fates, {"toxicity": "compact 1"}, 2.0, 3.0), "a command")
    assert "| ferry | toxic | 1 | 0 | 0 | 1 | 0 |" in page
    assert "| ferry | not toxic | 3 | 1 | 1 | 0 | 1 |" in page
    assert "| `off-topic` | 1 | 1 |" in page
    assert "| none | 0 | 2 |" in page
    assert "Of 1 comments labelled toxic, 1 were" in page
    assert "of 3 labelled not toxic, 0 were kept back" in page
    assert "Policy version: abc." in page
