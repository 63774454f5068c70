"""Words, links, capitals, contact details and lists in a comment's text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.domain.content import (
    caps_ratio,
    content_signals,
    has_contact_details,
    host_of,
    matched_lists,
    normal_words,
    plain,
    split_links,
)
from service.domain.guideline import TermList
from service.domain.signals import flatten
from tests.domain.policies import UNTIMED

pytestmark = pytest.mark.fast

WORDS = TermList("adverts", "words", frozenset({"click here", "discount"}))
HOSTS = TermList("bad_hosts", "hosts", frozenset({"spam.example"}))
CONTACT = TermList("contact", "contact_details")
LISTS = {found.name: found for found in (WORDS, HOSTS, CONTACT)}


def hosts_in(text: str) -> list[str]:
    return split_links(plain(text))[0]


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("see https://www.Example.org/a?b#c.", ["example.org"]),
        ("www.example.ie or example.com/page", ["example.ie", "example.com"]),
        ("[words](http://one.example/x) <https://two.example>", ["one.example", "two.example"]),
        ("http://one.examplehttp://two.example", ["one.example", "two.example"]),
        ("https://reader:secret@one.example:8080/", ["one.example"]),
        ("hxxp://one.example and spam[.]com and spam(dot)com", ["one.example", "spam.com"]),
        ("ｓｐａｍ．ｃｏｍ and e\u200bvil.com", ["spam.com", "evil.com"]),
        ("https://bücher.example", ["xn--bcher-kva.example"]),
        ("пример.рф", ["xn--e1afmkfd.xn--p1ai"]),
        ("http://example.com。cn/", ["example.com.cn"]),
        ("is.gd/abc", ["is.gd"]),
        ("youtu.be/abc", ["youtu.be"]),
    ],
)
def test_links_are_found_by_their_host(text: str, hosts: list[str]) -> None:
    assert set(hosts_in(text)) == set(hosts)


@pytest.mark.parametrize(
    "text",
    [
        "That is done.It was high time.",
        "Version 1.2.3 took 0.5 seconds at 10.0.0.1",
        "e.g. the U.S.A. at 5 p.m.",
        "write to mary@example.com",
        "http:// and http://localhost/ and www. alone",
        "wait...what..now",
        "node.js reads index.html",
    ],
)
def test_what_only_looks_like_a_link_is_none(text: str) -> None:
    assert hosts_in(text) == []


def test_a_look_alike_host_shows_its_true_name() -> None:
    assert hosts_in("https://аррӏе.com/login") == ["xn--80ak6aa92e.com"]


def test_a_host_of_impossible_length_is_no_host() -> None:
    assert host_of("a" * 300 + ".com") is None
    assert host_of("a" * 64 + ".com") is None


def test_words_are_counted_without_links() -> None:
    signals = content_signals("Two words https://one.example/three-more", lists={}, is_reply=False)
    assert signals["word_count"] == 2
    assert signals["link_count"] == 1


def test_words_keep_their_accents_and_inner_marks() -> None:
    assert normal_words("Seán Ó Sé’s CO-OP!") == ["seán", "ó", "sé's", "co-op"]


def test_capitals_are_counted_among_letters_that_have_a_case() -> None:
    assert caps_ratio("STOP it 123 数") == pytest.approx(4 / 6, abs=0.001)
    assert caps_ratio("123") == 0.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Please CLICK  HERE, now", ("adverts",)),
        ("You click. Here it is not.", ("adverts",)),  # punctuation does not part a phrase
        ("they clicked here", ()),
        ("https://deep.down.spam.example/x", ("bad_hosts",)),
        ("https://notspam.example/", ()),
        ("nothing", ()),
    ],
)
def test_lists_match_phrases_and_hosts_with_all_below_them(
    text: str, names: tuple[str, ...]
) -> None:
    signals = content_signals(text, lists=LISTS, is_reply=False)
    assert signals["matched_lists"] == names


@pytest.mark.parametrize(
    "text",
    [
        "ring me at 087 123 4567",
        "+353 87 123 4567",
        "mary.murphy@example.ie knows",
        "he lives at D02 X285",
        "pay to IE29 AIBK 9311 5212 3456 78",
    ],
)
def test_contact_details_are_noticed(text: str) -> None:
    assert has_contact_details(text)


@pytest.mark.parametrize(
    "text",
    [
        "In 2019-2020 some 1,000,000 people left",
        "It ended 0-0, then 1-0, then 2-0",
        "On 01/02/2024 at W12 2024",
        "@mary said so",
        "1916 1921 1922 1939 1969",
    ],
)
def test_numbers_and_names_are_no_contact_details(text: str) -> None:
    assert not has_contact_details(text)


def test_what_is_not_known_stays_unknown() -> None:
    signals = content_signals("hello", lists={}, is_reply=True)
    assert signals["language"] is None
    assert signals["was_obfuscated"] is None
    assert signals["near_duplicates_24h"] is None


def test_an_empty_list_matches_nothing() -> None:
    assert matched_lists(["word"], [], "word", [TermList("none", "words")]) == ()


@UNTIMED
@given(st.text(max_size=400))
def test_any_text_gives_signals_that_rules_can_use(text: str) -> None:
    signals = content_signals(
        text,
        lists=LISTS,
        is_reply=False,
        language="en",
        was_obfuscated=False,
        near_duplicates_24h=0,
    )
    values, unusable = flatten({"content": signals})
    assert unusable == ()
    assert len(values) == len(signals)


@pytest.mark.parametrize("piece", ["a.", "a@", "0 ", "a-", "[ . ", "AA11 ", "http://", "+0", "_"])
def test_long_repetitions_are_read_to_the_end(piece: str) -> None:
    # A pattern that backtracks without bound would not come back from this.
    text = piece * 20_000 + " https://end.example"
    signals = content_signals(text, lists=LISTS, is_reply=False)
    assert "end.example" in signals["link_hosts"]
