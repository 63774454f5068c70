"""What the normaliser undoes, what it leaves alone, and where it says it did."""

from __future__ import annotations

import pytest

from tests.scorers.words import small_normaliser
from workers.scorers.normaliser import TextNormaliser

normalise = small_normaliser()

DISGUISED = [
    ("You are an i d i o t", "You are an idiot"),
    ("You are an i.d.i.o.t", "You are an idiot"),
    ("You are an i-d-i-o-t!", "You are an idiot!"),
    ("y o u  a r e  s t u p i d", "you are stupid"),
    ("I h a t e women", "I hate women"),
    ("what an id.iot", "what an idiot"),
    ("what an 1d10t", "what an idiot"),
    ("they are tr4sh", "they are trash"),
    ("STUP1D people", "STUPID people"),
    ("you $tupid man", "you stupid man"),
    ("i hate w0men", "i hate women"),
    ("what an @sshole", "what an asshole"),
    ("what an a$$", "what an ass"),
    ("\u0456d\u0456\u043et", "idiot"),
    ("you \u0455tup\u0456d man", "you stupid man"),
    ("st\u200bu\u200bpid", "stupid"),
    ("st\u2060u\u200cpid", "stupid"),
    ("f\u00aduck", "fuck"),
    ("ｉｄｉｏｔ", "idiot"),
    ("𝐢𝐝𝐢𝐨𝐭", "idiot"),
    ("ⓘⓓⓘⓞⓣ", "idiot"),
    ("🅸🅳🅸🅾🆃", "idiot"),
    ("i̶d̶i̶o̶t̶", "idiot"),
    ("s̷̢̛t̸̛̬u̵̢̩p̴̪̬ḭ̷̛d̶̢̛", "stupid"),
    ("stuuuuupid", "stupid"),
    ("what a looooser", "what a loser"),
    ("f**k off", "fuck off"),
    ("what a sh*t day", "what a shit day"),
]

EMPHATIC = ["stuuuuupid", "what a looooser", "f**k off", "what a sh*t day"]

CLEAN = [
    "The M50 was shut at 7pm on the 4th, and 5G is down since the 1990s.",
    "It cost €300k, $1.5bn or £2m; 100% of it went to Covid-19.",
    "H2O and CO2, B2B and P2P, R2D2 and C3PO, a 4x4, an mp3 on the A55 near RTÉ1.",
    "I.R.A. and U.S.S.R., e.g. J. R. R. Tolkien, i.e. a.k.a. the U.N.",
    "Plan a b c d, then x y z, or y/n.",
    "Seán Ó Sé agus Niamh Ní Dhonnchadha ag ól caife i nGaillimh, a chara.",
    "Crème brûlée, naïve, Øresund, Łódź, straße, İstanbul, Đặng Thị Ngọc Thịnh.",
    "Мэр сказал, что автобусы будут ходить чаще.",
    "Ο δήμαρχος είπε ότι τα λεωφορεία θα είναι συχνότερα.",
    "The motto was γνῶθι σεαυτόν in Greek, and 10 μg is not much.",
    "👨‍👩‍👧 ❤️ 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇮🇪 and 👍🏽 to all",
    "“Quoted” – and … ½ of it, m², CO₂, No. 5ª, ™ and ﬁne.",
    "See https://example.com/a1b2c3 or write to user1@example.com, @sean123 and @alex.",
    "Henry VIII, World War III, Super Bowl XXX, AAA batteries, www and shhh.",
    "Hmmm, that is soooo good!!!",
    "That's 3 x the price*, and *everybody* knows it in C# and F#.",
    "gr8 to see u m8, c u l8r b4 tea",
    "co\u00adoper\u00adation in the coun\u00adcil",
]


@pytest.mark.parametrize(("text", "meant"), DISGUISED)
def test_disguised_words_are_read_as_meant(text: str, meant: str) -> None:
    assert normalise(text).text == meant


@pytest.mark.parametrize("text", [t for t in CLEAN if "\u00ad" not in t])
def test_ordinary_text_is_left_as_it_is(text: str) -> None:
    assert normalise(text).text == text


@pytest.mark.parametrize("text", CLEAN)
def test_ordinary_text_is_not_called_obfuscated(text: str) -> None:
    assert not normalise(text).was_obfuscated


@pytest.mark.parametrize("text", [t for t, _ in DISGUISED if t not in EMPHATIC])
def test_disguise_is_called_obfuscated(text: str) -> None:
    assert normalise(text).was_obfuscated


@pytest.mark.parametrize("text", EMPHATIC)
def test_emphasis_and_stars_of_politeness_are_not_called_obfuscated(text: str) -> None:
    assert not normalise(text).was_obfuscated


def test_a_single_odd_word_that_matters_to_no_model_is_left_alone() -> None:
    assert normalise("I b-e-l-i-e-v-e the mayor of F4cebook").text == (
        "I b-e-l-i-e-v-e the mayor of F4cebook"
    )


def test_odd_spelling_throughout_is_undone_even_for_harmless_words() -> None:
    assert normalise("wh4t 4b0ut the sch00l c0unc1l").text == "what about the school council"


def test_accents_survive_beside_a_disguised_word() -> None:
    assert normalise("Seán is an 1d10t").text == "Seán is an idiot"


def test_changes_point_to_the_original_in_utf16_units() -> None:
    result = normalise("😀 you 1d10t, st\u200bupid")
    spans = [(result.utf16(c.start), result.utf16(c.end), c.text) for c in result.changes]
    assert spans == [(7, 13, "idiot,"), (14, 21, "stupid")]


def test_the_changed_stretches_of_the_original_are_exact() -> None:
    result = normalise("so: s t u p i d, and i.d.i.o.t")
    assert [result.original[c.start : c.end] for c in result.changes] == [
        "s t u p i d,",
        "i.d.i.o.t",
    ]


def test_words_run_together_are_cut_so_that_a_tokenizer_can_read_them() -> None:
    text = "youarestupid" * 10
    assert normalise(text).text.split()[:3] == ["you", "are", "stupid"]


def test_a_long_word_of_nothing_is_cut_into_stretches_without_loss() -> None:
    text = "qxzvwj" * 100
    result = normalise(text).text
    assert result.replace(" ", "") == text
    assert max(map(len, result.split())) <= 100


def test_it_works_without_a_word_list() -> None:
    assert TextNormaliser()("s-t-u-p-i-d").text == "stupid"


@pytest.mark.parametrize(
    "text",
    ["a" * 10_000, "1a" * 5_000, "a." * 5_000, "* " * 5_000, "а" * 10_000, "a\u0301" * 5_000,
     "\u200b" * 10_000, "f*" * 5_000, "@1" * 5_000, "a b " * 2_500, "x" * 5_000 + "1" * 5_000],
)  # fmt: skip
def test_hostile_texts_come_back(text: str) -> None:
    # A pattern that backtracks over these would not end within the life of the test run.
    assert normalise(text).original == text


def test_it_is_idempotent_on_what_it_produced() -> None:
    for text, meant in DISGUISED:
        assert normalise(normalise(text).text).text == meant
