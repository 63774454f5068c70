"""Equal and nearly equal comments are found; different ones are told apart."""

import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.fingerprint import (
    BANDS,
    Fingerprint,
    fingerprint,
    is_near_repeat,
    similarity,
    skeleton,
)
from tests.domain.policies import UNTIMED

pytestmark = pytest.mark.fast

LONG = (
    "The council should have asked the people who live on the street before it closed the road, "
    "because the detour now runs past the school and the old bridge was never built for lorries."
)


def invented(words: int, seed: int) -> list[str]:
    """Words of made-up letters, the same for the same seed."""
    source = random.Random(seed)  # noqa: S311 - words, not secrets
    letters = "abcdefghijklmnoprstuvw"
    return ["".join(source.choices(letters, k=source.randint(2, 9))) for _ in range(words)]


def share_a_band(first: str, second: str) -> bool:
    return bool(set(fingerprint(first).bands) & set(fingerprint(second).bands))


@pytest.mark.parametrize(
    "other",
    [
        LONG.upper(),
        LONG.replace(",", " ,  "),
        LONG.replace("o", "oo").replace("ooo", "oo"),
        "\u200b".join(LONG),
        "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in LONG),
    ],
    ids=["capitals", "spacing", "letters repeated", "invisible characters", "full width"],
)
def test_the_same_text_in_another_dress_is_an_exact_repeat(other: str) -> None:
    assert fingerprint(other).exact == fingerprint(LONG).exact


def test_another_text_is_no_exact_repeat() -> None:
    assert fingerprint(LONG).exact != fingerprint(LONG.replace("school", "church")).exact


def test_texts_without_letters_are_told_apart() -> None:
    assert skeleton(" 👍 ") == "👍"
    assert fingerprint("👍").exact != fingerprint("👎").exact


@pytest.mark.parametrize("words", [20, 40, 120])
@pytest.mark.parametrize("edits", [1, 2, 3])
def test_near_repeats_share_a_band(words: int, edits: int) -> None:
    found = near = 0
    for seed in range(40):
        first = invented(words, seed)
        second = list(first)
        for place in range(0, words, -(-words // edits)):
            second[place] = "anders"
        texts = " ".join(first), " ".join(second)
        if similarity(*texts) >= 0.5:
            near += 1
            found += share_a_band(*texts)
    assert found >= 0.98 * near


def test_unrelated_texts_share_no_band() -> None:
    bands = [set(fingerprint(" ".join(invented(40, seed))).bands) for seed in range(60)]
    assert not any(a & b for place, a in enumerate(bands) for b in bands[:place])


def test_a_short_text_repeats_when_its_words_do() -> None:
    assert share_a_band("Well said, Mary!", "mary: well said")
    assert is_near_repeat("Well said, Mary!", "mary: well said")


def test_short_texts_with_one_other_word_are_different() -> None:
    assert not share_a_band("I agree with Mary on this", "I agree with John on this")
    assert not is_near_repeat("I agree with Mary on this", "I agree with John on this")


def test_a_long_text_with_a_new_ending_is_a_near_repeat() -> None:
    assert is_near_repeat(LONG, LONG + " Ask them now.")
    assert not is_near_repeat(LONG, " ".join(invented(30, 1)))


def test_a_text_without_words_has_no_bands() -> None:
    assert fingerprint("👍👍").bands == ()


@UNTIMED
@given(st.text(max_size=300))
def test_all_numbers_fit_a_signed_bigint(text: str) -> None:
    found = fingerprint(text)
    assert all(-(2**63) <= number < 2**63 for number in (found.exact, *found.bands))
    assert len(found.bands) in (0, 1, BANDS)


def test_a_lone_surrogate_does_not_raise() -> None:
    assert isinstance(fingerprint("\ud800 " * 20), Fingerprint)


def test_every_process_finds_the_same_numbers() -> None:
    code = (
        "from service.domain.fingerprint import fingerprint; import sys;"
        "print(repr(fingerprint(sys.argv[1])))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code, LONG],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert other.stdout.strip() == repr(fingerprint(LONG))
