"""E-mails to readers: who gets one, what is in it, and what happens when the server misbehaves."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from sqlalchemy import select

from config.mail_server import read_mail_server
from service.adapters.mail import SmtpCourier
from service.domain.digest import Frequency
from service.domain.errors import Conflict, NotFound
from service.models import Article, Comment, Digest, Reader, Site
from service.queries.reader_export import reader_export
from service.usecases.change_settings import change_settings
from service.usecases.choose_digest import choose_digest, stop_digest
from service.usecases.context import Context
from service.usecases.erase_reader import erase_reader
from service.usecases.mute_reader import mute_reader
from service.usecases.notify import notify
from service.usecases.read_notifications import read_notifications
from service.usecases.send_digests import send_digests
from service.usecases.withdraw_comment import withdraw_comment
from tests.adapters.mail_server import HOST, MailServerRunning, mail_server
from tests.conftest import SECRET
from tests.makers import Makers
from tests.usecases.test_score_comments import later

ANN = "ann@example.org"


@pytest.fixture
def server() -> Iterator[MailServerRunning]:
    with mail_server() as running:
        yield running


def with_mail(ctx: Context, server: MailServerRunning) -> Context:
    courier = SmtpCourier(
        read_mail_server(f"smtp://{HOST}:{server.port}?tls=none"),
        secret=SECRET,
        sender="comments@courier.example",
        public_url="https://comments.example.org",
        timeout=5,
    )
    return replace(ctx, mail=courier)


@pytest.fixture
def mailing(ctx: Context, server: MailServerRunning) -> Context:
    return with_mail(ctx, server)


@pytest.fixture
def article(ctx: Context, make: Makers, site: Site) -> Article:
    return titled(ctx, make.article(site))


def titled(ctx: Context, article: Article) -> Article:
    """With a title and an address, and no text that would have to be read first."""
    with ctx.transaction() as tx:
        row = tx.session.get_one(Article, article.id)
        row.title, row.url = "Harbour bridge", "https://courier.example/bridge"
    return row


@pytest.fixture
def answered(mailing: Context, make: Makers, article: Article, author: Reader) -> Comment:
    """Ann gets e-mails daily, and somebody has answered her."""
    choose(mailing, author)
    return answer(make, article, make.published(article, author))


def choose(ctx: Context, reader: Reader, frequency: Frequency = Frequency.DAILY) -> Digest:
    return choose_digest(ctx, reader_id=reader.id, email=ANN, frequency=frequency)


def answer(
    make: Makers, article: Article, comment: Comment, body: str = "Quite so.", by: str = "Bob"
) -> Comment:
    """A public reply by somebody else."""
    site = Site(id=comment.site_id)
    return make.published(article, make.reader(site, by), body=body, parent_id=comment.id)


def choice(ctx: Context, reader: Reader) -> Digest | None:
    with ctx.reading() as session:
        return session.get(Digest, reader.id)


def arrived(server: MailServerRunning, number: int = 0) -> EmailMessage:
    message = message_from_bytes(server.letters[number], policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    plain = message.get_body(["plain"])
    assert plain is not None
    return str(plain.get_content())


def tomorrow(ctx: Context, **more: float) -> Context:
    return later(later(ctx, days=1, seconds=30), **more)


def test_a_due_digest_names_who_answered_with_a_short_excerpt_and_a_link(
    mailing: Context, server: MailServerRunning, answered: Comment
) -> None:
    assert send_digests(mailing) == 0
    assert send_digests(tomorrow(mailing)) == 1
    message = arrived(server)
    said = text_of(message)
    assert message["To"] == ANN
    assert message["From"].startswith("The Courier <")
    assert "Bob answered you under “Harbour bridge”" in said
    assert "Quite so." in said
    assert f"https://courier.example/bridge#{answered.id}" in said
    html = message.get_body(["html"])
    assert html is not None
    assert f'href="https://courier.example/bridge#{answered.id}"' in html.get_content()


def test_nothing_is_said_twice_and_silence_sends_nothing(
    mailing: Context, make: Makers, server: MailServerRunning, answered: Comment, author: Reader
) -> None:
    send_digests(tomorrow(mailing))
    send_digests(tomorrow(mailing))
    assert send_digests(tomorrow(mailing, days=1)) == 0
    assert len(server.letters) == 1
    found = choice(mailing, author)
    assert found is not None
    assert found.next_at - mailing.clock() > timedelta(days=2)


def test_what_was_read_or_is_gone_or_muted_is_not_in_the_letter(
    mailing: Context,
    make: Makers,
    site: Site,
    article: Article,
    server: MailServerRunning,
    author: Reader,
) -> None:
    choose(mailing, author)
    mine = make.published(article, author)
    answer(make, article, mine, "This one was read.")
    read_notifications(mailing, reader_id=author.id, ids=None)
    gone = answer(make, article, mine, "This one is gone.")
    withdraw_comment(mailing, comment_id=gone.id, reader_id=gone.reader_id)
    muted = answer(make, article, mine, "This one is by somebody muted since.", "Eve")
    mute_reader(mailing, site_id=site.id, reader_id=author.id, muted_id=muted.reader_id)
    answer(make, article, mine, "This one is new.")
    assert send_digests(tomorrow(mailing)) == 1
    said = text_of(arrived(server))
    assert [line for line in said.splitlines() if "This one" in line] == ["  > This one is new."]


def test_the_letter_is_in_the_readers_language(
    mailing: Context, server: MailServerRunning, answered: Comment, author: Reader
) -> None:
    change_settings(mailing, reader_id=author.id, locale="de-AT")
    send_digests(tomorrow(mailing))
    message = arrived(server)
    assert message["Content-Language"] == "de"
    assert message["Subject"] == "The Courier: Neues aus Ihren Gesprächen"


def test_a_weekly_digest_waits_a_week(
    mailing: Context, server: MailServerRunning, answered: Comment, author: Reader
) -> None:
    choose(mailing, author, Frequency.WEEKLY)
    assert send_digests(tomorrow(mailing)) == 0
    assert send_digests(tomorrow(mailing, days=6)) == 1


def test_asking_again_brings_the_address_up_to_date_and_nothing_else(
    mailing: Context, author: Reader
) -> None:
    first = choose(mailing, author)
    again = choose_digest(
        later(mailing, hours=5),
        reader_id=author.id,
        email="new@example.org",
        frequency=Frequency.DAILY,
    )
    assert (again.email, again.next_at) == ("new@example.org", first.next_at)


def test_messages_from_before_the_choice_are_not_sent(
    mailing: Context, make: Makers, article: Article, author: Reader
) -> None:
    answer(make, article, make.published(article, author))
    choose(mailing, author)
    assert send_digests(tomorrow(mailing)) == 0


def test_without_a_server_nothing_is_offered_and_nothing_is_sent(
    ctx: Context, author: Reader
) -> None:
    with pytest.raises(NotFound) as off:
        choose(ctx, author)
    assert off.value.code == "mail_off"
    assert send_digests(ctx) == 0


def test_without_an_address_in_the_sign_in_nothing_is_stored(
    mailing: Context, author: Reader
) -> None:
    with pytest.raises(Conflict) as refused:
        choose_digest(mailing, reader_id=author.id, email=None, frequency=Frequency.DAILY)
    assert refused.value.code == "no_email"
    assert choice(mailing, author) is None


def test_an_address_that_refuses_ends_the_letters_and_the_reader_sees_why(
    mailing: Context, server: MailServerRunning, answered: Comment, author: Reader
) -> None:
    server.manners.rcpt = "550 5.1.1 no such user"
    assert send_digests(tomorrow(mailing)) == 0
    found = choice(mailing, author)
    assert found is not None
    assert (found.email, found.stopped_reason) == (None, "address_refused")
    server.manners.rcpt = "250 ok"
    assert send_digests(tomorrow(mailing, days=2)) == 0
    assert choose(mailing, author).stopped_reason is None


def test_a_server_that_is_busy_is_asked_again_later_and_not_for_ever(
    mailing: Context, server: MailServerRunning, answered: Comment, author: Reader
) -> None:
    server.manners.rcpt = "451 4.3.2 later"
    minutes = 0
    for wait in (5, 10, 20, 40):
        assert send_digests(tomorrow(mailing, minutes=minutes)) == 0
        assert send_digests(tomorrow(mailing, minutes=minutes + wait - 1)) == 0
        minutes += wait
    assert server.verbs.count("RCPT") == 4
    send_digests(tomorrow(mailing, minutes=minutes))
    assert send_digests(tomorrow(mailing, minutes=minutes + 300)) == 0
    assert server.verbs.count("RCPT") == 5
    server.manners.rcpt = "250 ok"
    assert send_digests(tomorrow(mailing, days=1, minutes=5)) == 1
    assert "Quite so." in text_of(arrived(server))


@pytest.mark.parametrize("said", ["550 5.1.1 no ann@example.org here", "451 ann@example.org later"])
def test_no_log_line_names_the_address_or_the_link(
    mailing: Context,
    server: MailServerRunning,
    answered: Comment,
    caplog: pytest.LogCaptureFixture,
    said: str,
) -> None:
    caplog.set_level("DEBUG")
    server.manners.rcpt = said
    send_digests(tomorrow(mailing))
    assert "digest" in caplog.text
    assert ANN not in caplog.text
    assert "token=" not in caplog.text


def test_where_the_server_is_away_the_round_ends_at_once(
    mailing: Context,
    make: Makers,
    site: Site,
    article: Article,
    server: MailServerRunning,
    answered: Comment,
) -> None:
    second = make.reader(site)
    choose(mailing, second)
    answer(make, article, make.published(article, second), by="Eve")
    server.manners.drop = "EHLO"
    assert send_digests(tomorrow(mailing)) == 0
    assert server.verbs.count("EHLO") == 1


def test_a_letter_the_server_took_without_a_word_goes_out_once_more_under_the_same_id(
    mailing: Context, server: MailServerRunning, answered: Comment
) -> None:
    server.manners.drop = "TAKEN"
    for minutes in (0, 6, 20, 60, 600):
        send_digests(tomorrow(mailing, minutes=minutes))
    assert len(server.letters) == 2
    assert arrived(server, 0)["Message-ID"] == arrived(server, 1)["Message-ID"]


class WorkerGone(BaseException):
    """What ends a worker does not come back."""


class DyingCourier(SmtpCourier):
    """Hands the letter in and dies before anybody hears of it."""

    def send(self, letter: Any) -> None:
        super().send(letter)
        raise WorkerGone


def test_a_worker_that_dies_after_sending_sends_once_more_and_never_a_third_time(
    mailing: Context, server: MailServerRunning, answered: Comment
) -> None:
    dying = DyingCourier(
        read_mail_server(f"smtp://{HOST}:{server.port}?tls=none"),
        secret=SECRET,
        sender="comments@courier.example",
        public_url="https://comments.example.org",
        timeout=5,
    )
    for minutes in (0, 6):
        with pytest.raises(WorkerGone):
            send_digests(replace(tomorrow(mailing, minutes=minutes), mail=dying))
        assert send_digests(tomorrow(mailing, minutes=minutes + 1)) == 0  # the lease holds
    assert send_digests(tomorrow(mailing, minutes=12)) == 0
    assert len(server.letters) == 2


def test_who_ends_it_while_it_is_sent_is_not_written_to_again(
    mailing: Context, server: MailServerRunning, answered: Comment, author: Reader
) -> None:
    stop_digest(mailing, reader_id=author.id)
    stop_digest(mailing, reader_id=author.id)
    assert send_digests(tomorrow(mailing)) == 0
    assert choice(mailing, author) is None


def test_erasure_takes_the_address_and_export_shows_it(
    mailing: Context, site: Site, author: Reader
) -> None:
    choose(mailing, author)
    with mailing.reading() as session:
        exported = reader_export(session, session.get_one(Reader, author.id))
    assert exported["digest"][0]["email"] == ANN
    erase_reader(mailing, site_id=site.id, reader_id=author.id)
    assert choice(mailing, author) is None


def test_a_long_list_is_cut_and_says_how_much_more_there_is(
    mailing: Context, server: MailServerRunning, author: Reader
) -> None:
    choose(mailing, author)
    with mailing.transaction() as tx:
        for _ in range(25):
            notify(
                tx.session,
                site_id=author.site_id,
                kind="notice.received",
                now=mailing.clock(),
                reader_id=author.id,
            )
    send_digests(tomorrow(mailing))
    said = text_of(arrived(server))
    assert said.count("a message from the newsroom") == 20
    assert "And 5 more." in said


def test_workers_at_once_send_each_letter_once(shared: Context, server: MailServerRunning) -> None:
    ctx, make = with_mail(shared, server), Makers(shared)
    site = make.site()
    article = make.article(site)
    for by in ("Bob", "Eve", "Dan", "Kim"):
        reader = make.reader(site)
        choose(ctx, reader)
        answer(make, article, make.published(article, reader), by=by)
    with ThreadPoolExecutor(3) as pool:
        sent = pool.map(send_digests, [tomorrow(ctx)] * 3)
    assert sum(sent) == len(server.letters) == 4
    with ctx.reading() as session:
        assert all(d.sent_at for d in session.scalars(select(Digest)))
