"""Digests in words: five languages, nothing that is not ours can become markup or a link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from string import Formatter

import pytest

from service.domain.digest import Frequency, News, excerpt, next_due, write_digest
from service.domain.digest_texts import DIGEST_TEXTS
from service.domain.nudge_texts import NUDGE_TEXTS
from service.domain.report_texts import REPORT_TEXTS

pytestmark = pytest.mark.fast

DUE = datetime(2031, 2, 3, 8, 0, tzinfo=UTC)
REPLY = News(
    kind="comment.replied",
    article="Bridge <closed>",
    link='https://courier.example/a"b#1',
    who="Bob www.spam.example",
    excerpt="Is 2 < 3?",
)


def written(*news: News, locale: str = "en", more: int = 0) -> tuple[str, str, str]:
    found = write_digest(
        news,
        more=more,
        site="The\nCourier",
        name="Ann",
        frequency=Frequency.DAILY,
        locale=locale,
        unsubscribe_url="https://comments.example.org/stop?token=x&y",
    )
    return found.subject, found.text, found.html


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("Short.", "Short."),
        ("Two\n\nlines  of *text*", "Two lines of text"),
        (
            "See https://spam.example/x and www.spam.example or a@b.example!",
            "See […] and […] or […]",
        ),
        ("spam.example/buy now", "[…] now"),
        ("This costs 3.50 today, i.e. much.", "This costs 3.50 today, i.e. much."),
        ("word " * 60, "word " * 28 + "…"),
    ],
)
def test_an_excerpt_is_one_short_line_that_links_nowhere(body: str, shown: str) -> None:
    assert excerpt(body) == shown
    assert len(excerpt(body)) <= 142


def test_what_readers_wrote_is_never_markup() -> None:
    subject, text, html = written(REPLY)
    assert subject == "The Courier: news from your conversations"
    assert "Bridge &lt;closed&gt;" in html
    assert "Is 2 &lt; 3?" in html
    assert 'href="https://courier.example/a&quot;b#1"' in html
    assert "spam.example" not in text + html


def test_a_reply_says_who_and_where_and_quotes_it() -> None:
    _, text, _ = written(REPLY)
    assert "* Bob […] answered you under “Bridge <closed>”:\n  > Is 2 < 3?\n  https://" in text


def test_a_report_tells_its_outcome_in_the_readers_language() -> None:
    report = News(kind="report.outcome", article="Brücke", state="upheld")
    _, text, _ = written(report, locale="de-AT")
    assert f"unter „Brücke“ gemeldet. {REPORT_TEXTS['de'].states['upheld']}" in text


@pytest.mark.parametrize("kind", ["notice.received", "user.warned", "something.new"])
def test_a_kind_without_words_of_its_own_is_a_message_from_the_newsroom(kind: str) -> None:
    assert "There is a message from the newsroom for you." in written(News(kind=kind))[1]


def test_how_to_end_it_stands_in_both_forms() -> None:
    _, text, html = written(News(kind="other"), more=3)
    assert "And 3 more." in text
    assert text.rstrip().endswith("https://comments.example.org/stop?token=x&y")
    assert 'href="https://comments.example.org/stop?token=x&amp;y"' in html


@pytest.mark.parametrize("language", sorted(REPORT_TEXTS))
def test_every_language_says_the_same_things(language: str) -> None:
    english, texts = DIGEST_TEXTS["en"], DIGEST_TEXTS[language]
    assert texts.news.keys() == english.news.keys()
    assert texts.why.keys() == {frequency.value for frequency in Frequency}
    pairs = [(english.news[kind], texts.news[kind]) for kind in english.news]
    pairs += [(getattr(english, n), getattr(texts, n)) for n in ("subject", "greeting", "more")]
    pairs += [(english.page_question, texts.page_question)]
    pairs += [(NUDGE_TEXTS["en"].about, NUDGE_TEXTS[language].about)]
    for ours, theirs in pairs:
        assert fields_of(theirs) == fields_of(ours)
    assert set(NUDGE_TEXTS) == set(DIGEST_TEXTS) == set(REPORT_TEXTS)


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


@pytest.mark.parametrize(
    ("frequency", "late", "days"),
    [("daily", 0, 1), ("daily", 30, 2), ("weekly", 0, 7), ("weekly", 24 * 20, 21)],
)
def test_the_next_one_keeps_its_hour_whatever_was_missed(
    frequency: str, late: int, days: int
) -> None:
    now = DUE + timedelta(hours=late, minutes=1)
    assert next_due(DUE, Frequency(frequency), now) == DUE + timedelta(days=days)
