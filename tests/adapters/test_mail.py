"""Letters handed to a real mail server that is kind, hostile, slow or gone."""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from config.mail_server import read_mail_server, sender_address
from service.adapters.mail import SmtpCourier
from service.domain.letter import Letter, LetterFailed, LetterRefused
from tests.adapters.mail_server import (
    HOST,
    MailServerRunning,
    Manners,
    mail_server,
    own_certificate,
)

SENDER = "comments@courier.example"
LETTER = Letter(
    to="ann@example.org",
    sender_name="The Courier — Kommentare",
    subject="The Courier: Neues für Sie, von Áine",
    text="Grüße\n.\nFrom here on, a line with a dot alone and a very long line: " + "word-" * 60,
    html="<p>Grüße</p>",
    language="de",
    key="a" * 32,
    unsubscribe_url="https://comments.example.org/api/v1/digest/unsubscribe?token=" + "t" * 60,
    at=datetime(2031, 2, 3, 4, 5, tzinfo=UTC),
)


@pytest.fixture
def server() -> Iterator[MailServerRunning]:
    with mail_server() as running:
        yield running


def courier(
    server: MailServerRunning,
    tls: str = "none",
    *,
    scheme: str = "smtp",
    login: str = "",
    sender: str = SENDER,
    trust: ssl.SSLContext | None = None,
    timeout: float = 5,
) -> SmtpCourier:
    option = f"?tls={tls}" if scheme == "smtp" else ""
    url = f"{scheme}://{login}{HOST}:{server.port}{option}"
    return SmtpCourier(
        read_mail_server(url),
        secret="s" * 40,
        sender=sender,
        public_url="https://comments.example.org/",
        trust=trust,
        timeout=timeout,
    )


def arrived(server: MailServerRunning) -> EmailMessage:
    message = message_from_bytes(server.letters[0], policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_a_letter_arrives_in_two_forms_with_all_its_headers(server: MailServerRunning) -> None:
    courier(server).send(LETTER)
    message = arrived(server)
    assert server.recipients == ["ann@example.org"]
    assert message["From"] == f"The Courier — Kommentare <{SENDER}>"
    assert message["Subject"] == LETTER.subject
    assert message["Date"].datetime == LETTER.at
    assert message["Message-ID"] == f"<{LETTER.key}@courier.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    plain, html = message.get_body(["plain"]), message.get_body(["html"])
    assert plain is not None and html is not None
    assert plain.get_content().splitlines() == LETTER.text.rstrip().splitlines()
    assert html.get_content().strip() == LETTER.html


def test_one_click_headers_are_whole_lines_as_rfc_8058_wants_them(
    server: MailServerRunning,
) -> None:
    courier(server).send(LETTER)
    lines = server.letters[0].split(b"\r\n")
    assert f"List-Unsubscribe: <{LETTER.unsubscribe_url}>".encode() in lines
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
    assert max(map(len, lines)) <= 998


def test_the_senders_own_name_goes_before_the_sites(server: MailServerRunning) -> None:
    courier(server, sender=f"Desk <{SENDER}>").send(LETTER)
    assert arrived(server)["From"] == f"Desk <{SENDER}>"


@pytest.mark.parametrize("answer", ["550 no such user", "553 5.1.3 bad", "552 5.2.2 full for ever"])
def test_an_address_that_refuses_is_told_apart(server: MailServerRunning, answer: str) -> None:
    server.manners.rcpt = answer
    with pytest.raises(LetterRefused) as refused:
        courier(server).send(LETTER)
    assert refused.value.code == "address_refused"


FAILURES = [
    ({"rcpt": "451 4.7.1 greylisted"}, "later", False, False),
    ({"rcpt": "550 5.7.1 relaying denied"}, "policy", False, False),
    ({"mail": "550 who are you"}, "sender_refused", False, True),
    ({"data": "451 not now"}, "later", False, False),
    ({"accepted": "452 4.3.1 disk full"}, "later", False, False),
    ({"accepted": "554 5.6.0 looks like spam"}, "content_refused", False, False),
    ({"hang": "CONNECT"}, "no_answer", False, True),
    ({"hang": "RCPT"}, "no_answer", False, True),
    ({"drop": "EHLO"}, "no_answer", False, True),
    ({"drop": "RCPT"}, "no_answer", False, True),
    # The server has the letter, and we shall never know.
    ({"hang": "TAKEN"}, "no_answer", True, True),
    ({"drop": "TAKEN"}, "no_answer", True, True),
]


@pytest.mark.parametrize(("manners", "code", "perhaps_sent", "server_away"), FAILURES)
def test_what_fails_for_now_says_what_and_whether_it_may_have_gone_out(
    server: MailServerRunning,
    manners: dict[str, str],
    code: str,
    perhaps_sent: bool,
    server_away: bool,
) -> None:
    server.manners = replace(server.manners, **manners)  # type: ignore[arg-type]
    impatient = courier(server, timeout=1 if "hang" in manners else 5)
    with pytest.raises(LetterFailed) as failed:
        impatient.send(LETTER)
    found = failed.value
    assert (found.code, found.perhaps_sent, found.server_away) == (code, perhaps_sent, server_away)


def test_a_server_that_is_not_there_fails_for_now() -> None:
    with mail_server() as gone:
        pass
    with pytest.raises(LetterFailed) as failed:
        courier(gone).send(LETTER)
    assert failed.value.server_away


def test_nothing_is_said_in_the_open_where_tls_was_asked_for(server: MailServerRunning) -> None:
    with pytest.raises(LetterFailed) as failed:
        courier(server, "starttls").send(LETTER)
    assert failed.value.code == "not_supported"
    assert not {"AUTH", "MAIL", "DATA"} & set(server.verbs)


@pytest.mark.parametrize("first", [True, False], ids=["smtps", "starttls"])
def test_a_certificate_has_to_be_known(tmp_path: Path, first: bool) -> None:
    served, trusted = own_certificate(tmp_path)
    scheme, signed_in = ("smtps" if first else "smtp"), "ann:p%40ss@"
    secret = b64encode(b"\0ann\0p@ss").decode()
    manners = Manners(tls=served, tls_first=first, password=secret)
    with mail_server(manners) as running:
        stranger = courier(running, "starttls", scheme=scheme, login=signed_in)
        with pytest.raises(LetterFailed) as failed:
            stranger.send(LETTER)
        assert failed.value.code == "tls"
        friend = courier(running, "starttls", scheme=scheme, login=signed_in, trust=trusted)
        friend.send(LETTER)
    assert len(running.letters) == 1


def test_a_wrong_password_is_no_fault_of_the_address(server: MailServerRunning) -> None:
    server.manners.password = "something else"
    with pytest.raises(LetterFailed) as failed:
        courier(server, login="ann:wrong@").send(LETTER)
    assert (failed.value.code, failed.value.server_away) == ("sign_in", True)


def test_an_address_in_another_script_needs_a_server_that_speaks_it(
    server: MailServerRunning,
) -> None:
    with pytest.raises(LetterRefused) as refused:
        courier(server).send(replace(LETTER, to="áine@example.org"))
    assert refused.value.code == "address_not_supported"


@pytest.mark.parametrize(
    ("url", "wrong"),
    [
        ("http://mail.example", "must be smtp"),
        ("smtp://", "must be smtp"),
        ("smtp://mail.example:70000", "port"),
        ("smtp://ann@mail.example", "both"),
        ("smtp://mail.example?tls=maybe", "tls="),
        ("smtp://mail.example?verify=no", "only"),
        ("smtps://mail.example?tls=starttls", "smtps"),
    ],
)
def test_a_wrong_server_address_is_refused_at_the_start(url: str, wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        read_mail_server(url)


def test_a_server_address_is_read_with_its_secrets_decoded() -> None:
    found = read_mail_server("smtp://a%40b:p%2Fw@mail.example")
    assert (found.user, found.password, found.port, found.tls) == ("a@b", "p/w", 587, "starttls")
    assert "p/w" not in repr(found)
    assert read_mail_server("smtps://mail.example").port == 465


@pytest.mark.parametrize("sender", ["nobody", "a@b\r\nBcc: c@d", "Name <>", "é@example.org"])
def test_a_wrong_sender_is_refused_at_the_start(sender: str) -> None:
    with pytest.raises(ValueError, match="e-mail address"):
        sender_address(sender)
