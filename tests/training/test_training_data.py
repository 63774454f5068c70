"""What compact is trained on: allowed sets only, kept-out rows, invented pairs, spellings."""

from __future__ import annotations

import csv
import gzip
import random
from pathlib import Path

import pytest

from workers.scorers.training.contrast import contrast_examples
from workers.scorers.training.corpus import HEADS, READERS, is_kept_out, read_set
from workers.scorers.training.variation import bare, evaded, thinned

NEVER_TRAINED_ON = (
    "globe_c3", "globe_ucc", "globe_ctc", "insults_impermium", "olid_tweets", "wiki_ak_lowercase",
    "hatecheck", "identity_templates", "davidson_tweets",
)  # fmt: skip


def write_set(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    with gzip.open(folder / f"{name}.csv.gz", "wt", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("name", NEVER_TRAINED_ON)
def test_sets_for_evaluation_only_cannot_be_read_for_training(tmp_path: Path, name: str) -> None:
    with pytest.raises(KeyError):
        next(read_set(tmp_path, name))


def test_a_missing_label_gives_no_target_rather_than_zero(tmp_path: Path) -> None:
    row = {
        "text": "Nice tram.", "toxic": "0", "severe_toxic": "", "obscene": "0.0", "threat": "",
        "insult": "1.0", "identity_hate": "", "sampling": "natural_first20k_of_train",
    }  # fmt: skip
    write_set(tmp_path, "wiki_jigsaw", [row])
    example = next(read_set(tmp_path, "wiki_jigsaw"))
    assert example.targets == {"shared": 0.0, "wiki": 0.0, "obscene": 0.0, "insult": 1.0}
    assert example.natural


def test_contested_news_comments_are_softly_toxic(tmp_path: Path) -> None:
    rows = [{"text": t, "frac_not_toxic": f} for t, f in (("a", "0.0"), ("b", "1.0"))]
    write_set(tmp_path, "civil_toxic_spans", rows)
    clear, contested = read_set(tmp_path, "civil_toxic_spans")
    assert clear.targets["news"] == pytest.approx(1.0)
    assert contested.targets["news"] == pytest.approx(0.6)
    assert contested.targets["clear"] == 0.0


def test_near_copies_of_a_text_are_kept_out_together() -> None:
    texts = [f"Comment number {n} on the tram" for n in range(300)]
    assert all(is_kept_out(t) == is_kept_out(t.upper() + " !!") for t in texts)
    assert 10 < sum(map(is_kept_out, texts)) < 60


def test_every_reader_speaks_only_to_heads_that_exist() -> None:
    columns = (
        "severe_toxic", "obscene", "threat", "insult", "identity_hate", "S", "H", "H2", "HR", "V2",
        "toxic", "frac_not_toxic",
    )  # fmt: skip
    row = dict.fromkeys(columns, "1") | {"category": "1. threats", "text": "x"}
    for reader in READERS.values():
        assert set(reader(row)) <= set(HEADS)


def test_invented_pairs_are_balanced_and_repeatable() -> None:
    first, again = (list(contrast_examples(400, 7)) for _ in range(2))
    assert [e.text for e in first] == [e.text for e in again]
    assert sum(e.targets["news"] for e in first) == 200
    assert not any("{" in e.text for e in first)


def test_bare_text_joins_words_as_the_news_set_does() -> None:
    assert bare("Didn't THEY?\nNo!") == "didnt they no"


def test_evaded_text_keeps_its_words_apart() -> None:
    text = "those complete idiots ruined everything again yesterday"
    disguised = evaded(text, random.Random(3))  # noqa: S311 - sampling, no secret
    assert disguised != text
    assert len(disguised.split(" ")) == len(text.split(" "))


def test_a_thinned_text_loses_some_words_and_keeps_the_order_of_the_others() -> None:
    text = " ".join(f"word{n}" for n in range(200))
    kept = thinned(text, random.Random(3)).split(" ")  # noqa: S311 - sampling, no secret
    assert 150 < len(kept) < 200
    assert kept == sorted(kept, key=lambda word: int(word[4:]))


def test_a_text_of_one_word_is_never_thinned_to_nothing() -> None:
    chooser = random.Random(3)  # noqa: S311 - sampling, no secret
    assert {thinned("word", chooser) for _ in range(100)} == {"word"}


def test_rough_words_without_a_target_are_obscene_and_not_toxic() -> None:
    rough = [e for e in contrast_examples(400, 7) if e.targets.get("obscene") == 1.0]
    assert {e.targets["shared"] for e in rough} == {0.0, 1.0}
