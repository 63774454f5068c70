"""E-mail digests: how often, when the next one is due, and what it says. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from html import escape

from service.domain.digest_texts import OTHER, DigestTexts, digest_texts
from service.domain.report_texts import report_texts

EXCERPT_CHARS = 140
REPLIED, OUTCOME = "comment.replied", "report.outcome"
# What a mail program would make a link of, in a text we did not write.
_ADDRESS = re.compile(r"\S*(?:://|www\.|\w@\w|\w\.[a-z]{2,})\S*", re.IGNORECASE)
_MARKUP = re.compile(r"[*_`>#\[\]\\]+")


class Frequency(StrEnum):
    """How often a reader hears from us at most."""

    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def period(self) -> timedelta:
        """The time from one digest to the next."""
        return timedelta(days=7 if self is Frequency.WEEKLY else 1)


def next_due(due: datetime, frequency: Frequency, now: datetime) -> datetime:
    """The first time after `now` at the same hour as `due`, whole periods later."""
    missed = max(0, (now - due) // frequency.period)
    return due + (missed + 1) * frequency.period


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One message of a digest. `excerpt` is set for replies that are public."""

    kind: str
    article: str | None = None
    link: str | None = None
    who: str | None = None
    excerpt: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A digest in words: plain, and as a page."""

    subject: str
    text: str
    html: str
    language: str


def excerpt(body: str) -> str:
    """The beginning of a comment: one line, no markup, nothing that could become a link."""
    words = _ADDRESS.sub("[…]", _MARKUP.sub("", body)).split()
    line = " ".join(words)
    if len(line) <= EXCERPT_CHARS:
        return line
    return line[:EXCERPT_CHARS].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def write_digest(
    news: Sequence[News],
    *,
    more: int,
    site: str,
    name: str,
    frequency: Frequency,
    locale: str | None,
    unsubscribe_url: str,
) -> Written:
    """Put the news into words, in the nearest language. `more` were left out."""
    language, texts = digest_texts(locale)
    site = " ".join(site.split())
    said = [_sentence(item, texts, locale, site) for item in news]
    greeting = texts.greeting.format(name=name, site=site)
    rest = texts.more.format(n=more) if more else ""
    why = texts.why[frequency].format(site=site)
    plain = [greeting]
    page = [f"<p>{escape(greeting)}</p>"]
    for item, sentence in zip(news, said, strict=True):
        plain.append(_plain(item, sentence))
        page.append(_html(item, sentence, texts.read))
    plain += [rest] if rest else []
    page += [f"<p>{escape(rest)}</p>"] if rest else []
    plain.append(f"-- \n{why}\n{texts.stop}: {unsubscribe_url}")
    stop = f'<a href="{escape(unsubscribe_url)}">{escape(texts.stop)}</a>'
    page.append(f"<p><small>{escape(why)} {stop}</small></p>")
    body = "\n".join(page)
    return Written(
        subject=texts.subject.format(site=site),
        text="\n\n".join(plain) + "\n",
        html=f'<!doctype html>\n<html lang="{language}"><body>\n{body}\n</body></html>\n',
        language=language,
    )


def _sentence(item: News, texts: DigestTexts, locale: str | None, site: str) -> str:
    outcome = ""
    if item.kind == OUTCOME:
        outcome = report_texts(locale).states.get(item.state or "", "")
    known = item.kind in texts.news and (item.kind != REPLIED or item.who is not None)
    sentence = texts.news[item.kind if known else OTHER]
    who = _ADDRESS.sub("[…]", item.who or "")
    return sentence.format(article=item.article or site, who=who, outcome=outcome).strip()


def _plain(item: News, sentence: str) -> str:
    lines = [f"* {sentence}"]
    lines += [f"  > {item.excerpt}"] if item.excerpt else []
    lines += [f"  {item.link}"] if item.link else []
    return "\n".join(lines)


def _html(item: News, sentence: str, read: str) -> str:
    quote = f'<blockquote dir="auto">{escape(item.excerpt)}</blockquote>' if item.excerpt else ""
    link = f' <a href="{escape(item.link)}">{escape(read)}</a>' if item.link else ""
    return f"<p>{escape(sentence)}{link}</p>{quote}"
