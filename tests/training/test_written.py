"""The comments that we invented and rated: read as they are written, and fit to learn from."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from workers.scorers.training.corpus import HEADS
from workers.scorers.training.written import Remark, read_written, written_examples

PAGE = """# A bridge for bicycles
> The council wants one.

0 chat | Thanks, good piece.
3 needle | Bless, another expert.
"""


def write_page(folder: Path, text: str) -> Path:
    (folder / "one.txt").write_text(text, encoding="utf-8")
    return folder


def test_an_article_is_read_with_its_paragraphs_and_rated_comments(tmp_path: Path) -> None:
    (article,) = read_written(write_page(tmp_path, PAGE))
    assert (article.title, article.paragraphs) == (
        "A bridge for bicycles",
        ["The council wants one."],
    )
    assert article.remarks[1] == Remark("Bless, another expert.", 3, frozenset({"needle"}))


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("7 - | Too many raters.", "NUMBER"),
        ("2 | No tags.", "NUMBER"),
        ("2 rude | A tag that nobody knows.", "rude"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ValueError, match=rf"one\.txt:3: .*{said}"):
        read_written(write_page(tmp_path, f"# A title\n> A paragraph.\n{line}\n"))


def test_a_comment_before_any_title_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"one\.txt:1"):
        read_written(write_page(tmp_path, "0 - | Whose comment is this?\n"))


def test_hostility_in_polite_words_teaches_nothing_about_talk_pages_or_insults() -> None:
    targets = Remark("Bless, another expert.", 4, frozenset({"needle"})).targets()
    assert targets["hostility"] == pytest.approx(0.8)
    assert {"wiki", "insult"}.isdisjoint(targets)


def test_profanity_at_nobody_is_obscene_and_not_toxic() -> None:
    targets = Remark("Bloody rain.", 0, frozenset({"swear"})).targets()
    assert (targets["obscene"], targets["news"], targets["wiki"]) == (1.0, 0.0, 0.0)


def test_every_comment_speaks_only_to_heads_that_exist() -> None:
    assert {head for e in written_examples() for head in e.targets} <= set(HEADS)


def test_no_comment_was_written_twice_and_both_sides_are_well_represented() -> None:
    examples = written_examples()
    copies = [text for text, count in Counter(e.text for e in examples).items() if count > 1]
    hostile = sum(e.targets["news"] >= 0.5 for e in examples) / len(examples)
    assert copies == []
    assert 0.25 < hostile < 0.5


def test_whole_articles_are_kept_out_of_training() -> None:
    kept_out = [article.is_kept_out() for article in read_written()]
    assert 0.03 < sum(kept_out) / len(kept_out) < 0.2
