"""One try of one message: how it is signed, what counts as taken, and what is never asked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook

from service.adapters.sealed_secrets import CannotOpen, SecretBox
from service.adapters.webhook_sender import WebhookSender
from service.domain.errors import Invalid
from service.domain.webhook_message import Message
from tests.webhook_receiver import Receiver, cut_off, running_receiver, status, verifies

KEY = "a secret that only the tests know, long enough"
ID = UUID("0197a000-0000-7000-8000-000000000001")
SOON = 0.3


@pytest.fixture(scope="module")
def running() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def receiver(running: Receiver) -> Receiver:
    running.received.clear()
    running.replies.clear()
    return running


def sender(**options: Any) -> WebhookSender:
    return WebhookSender(KEY, **{"allow_private": True, **options})


def message(url: str, *secrets: str, **fields: Any) -> Message:
    given: dict[str, Any] = {
        "id": ID,
        "webhook_id": ID,
        "url": url,
        "secrets": secrets or (sender().new_secret()[1],),
        "body": '{"type":"webhook.test","data":{"word":"Brücke"}}',
        "sent_at": datetime.now(UTC),
    }
    return Message(**(given | fields))


def test_a_message_verifies_by_the_letter_of_the_specification(receiver: Receiver) -> None:
    plain, sealed = sender().new_secret()
    other, _ = sender().new_secret()
    answer = sender().post(message(receiver.url(), sealed))
    assert (answer.error, answer.status) == (None, 200)
    [request] = receiver.received
    assert verifies(request, plain)
    assert not verifies(request, other)
    assert request.headers["webhook-id"] == f"msg_{ID.hex}"
    assert request.headers["content-type"] == "application/json"
    assert Webhook(plain).verify(request.body, request.headers) == request.message


def test_the_receiver_of_the_documentation_verifies_it(receiver: Receiver) -> None:
    page = Path(__file__).parents[2] / "docs" / "webhooks.md"
    names: dict[str, Any] = {}
    exec(page.read_text().split("```python")[1].split("```")[0], names)  # noqa: S102 - our own page
    verified = names["verified"]
    plain, sealed = sender().new_secret()
    sender().post(message(receiver.url(), sealed))
    [request] = receiver.received
    assert verified(plain, request.headers, request.body)
    assert not verified(plain, request.headers, request.body + b" ")
    assert not verified(sender().new_secret()[0], request.headers, request.body)
    assert not verified(plain, request.headers | {"webhook-timestamp": "1"}, request.body)


def test_a_changed_byte_does_not_verify(receiver: Receiver) -> None:
    plain, sealed = sender().new_secret()
    sender().post(message(receiver.url(), sealed))
    [request] = receiver.received
    request.body += b" "
    assert not verifies(request, plain)


def test_while_a_secret_rotates_both_sign(receiver: Receiver) -> None:
    new, old = sender().new_secret(), sender().new_secret()
    sender().post(message(receiver.url(), new[1], old[1]))
    [request] = receiver.received
    assert verifies(request, new[0])
    assert verifies(request, old[0])


def test_a_secret_looks_as_the_specification_says_and_is_stored_encrypted() -> None:
    plain, sealed = sender().new_secret()
    assert plain.startswith("whsec_")
    assert plain not in sealed
    assert SecretBox(KEY, "webhook secrets").open(sealed) == plain
    for other in (SecretBox(KEY, "something else"), SecretBox(KEY[::-1], "webhook secrets")):
        with pytest.raises(CannotOpen):
            other.open(sealed)


def test_a_secret_of_another_installation_sends_nothing(receiver: Receiver) -> None:
    foreign = WebhookSender("another key of another installation, long").new_secret()[1]
    assert sender().post(message(receiver.url(), foreign)).error == "secret_unreadable"
    assert sender().post(message(receiver.url(), "no token")).error == "secret_unreadable"
    assert receiver.received == []


@pytest.mark.parametrize(
    ("code", "error"),
    [(200, None), (204, None), (400, "http_status"), (410, "gone"), (500, "http_status")],
)
def test_only_a_2xx_is_a_success(receiver: Receiver, code: int, error: str | None) -> None:
    receiver.replies["/hook"] = status(code)
    answer = sender().post(message(receiver.url()))
    assert (answer.status, answer.error) == (code, error)


@pytest.mark.parametrize("code", [301, 302, 307, 308, 304])
def test_a_redirect_is_not_followed(receiver: Receiver, code: int) -> None:
    receiver.replies["/hook"] = status(code, Location=receiver.url("/elsewhere"))
    assert sender().post(message(receiver.url())).error == "redirect"
    assert len(receiver.received) == 1


def test_a_connection_that_is_cut_off_is_a_failure(receiver: Receiver) -> None:
    receiver.replies["/hook"] = cut_off
    assert sender().post(message(receiver.url())).error == "connection_failed"


def test_a_server_that_says_nothing_costs_the_time_it_may(receiver: Receiver) -> None:
    receiver.replies["/hook"] = receiver.hang
    answer = sender(seconds=SOON).post(message(receiver.url()))
    assert answer.error == "timeout"
    assert answer.duration_ms < 3_000


def test_a_server_that_drips_its_answer_costs_no_more(receiver: Receiver) -> None:
    receiver.replies["/hook"] = receiver.drip
    answer = sender(seconds=SOON).post(message(receiver.url()))
    assert answer.error == "timeout"
    assert answer.duration_ms < 3_000


def test_a_body_without_end_is_not_read(receiver: Receiver) -> None:
    receiver.replies["/hook"] = receiver.endless
    answer = sender().post(message(receiver.url()))
    assert (answer.error, answer.status) == (None, 200)


def test_nobody_listening_is_a_failure() -> None:
    assert sender().post(message("http://127.0.0.1:1/")).error == "connection_failed"


def test_plain_http_to_a_tls_port_and_the_reverse_fail(receiver: Receiver) -> None:
    url = receiver.url().replace("http:", "https:")
    assert sender(seconds=2).post(message(url)).error in ("tls_failed", "connection_failed")


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("120", 120.0),
        ("0", 0.0),
        ("9" * 30, 999_999_999.0),
        ("soon", None),
        ("-5", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("", None),
    ],
)
def test_retry_after_is_read(receiver: Receiver, given: str, seconds: float | None) -> None:
    receiver.replies["/hook"] = status(503, Retry_After=given)
    assert sender().post(message(receiver.url())).retry_after == seconds


def test_retry_after_may_be_a_date(receiver: Receiver) -> None:
    moment = (datetime.now(UTC) + timedelta(hours=1)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    receiver.replies["/hook"] = status(429, Retry_After=moment)
    asked = sender().post(message(receiver.url())).retry_after
    assert asked is not None
    assert 3_500 < asked <= 3_600


REFUSED = [
    "",
    "hook",
    "ftp://hooks.example.org/",
    "http://hooks.example.org/",
    "https://name:word@hooks.example.org/",
    "https://hooks.example.org/a b",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://10.1.2.3/hook",
    "https://192.168.0.1/",
    "https://169.254.169.254/latest/meta-data",
    "https://168.63.129.16/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://localhost/",
    "https://hooks.example.org:99999/",
    "https://" + "a" * 3_000,
]


@pytest.mark.parametrize("url", REFUSED)
def test_such_a_target_is_refused_when_it_is_named_and_when_it_is_sent_to(url: str) -> None:
    careful = WebhookSender(KEY, resolver=as_written)
    with pytest.raises(Invalid) as refused:
        careful.check(url)
    assert set(refused.value.errors) == {"url"}
    answer = careful.post(message(url))
    assert answer.error in ("bad_address", "address_not_public", "name_not_found")
    assert answer.status is None


def as_written(host: str, port: int, seconds: float) -> list[str]:
    """What the system makes of these names, without asking a name server."""
    known = {"localhost": ["127.0.0.1"], "2130706433": ["127.0.0.1"]}
    return known.get(host, [host] if host[0].isdigit() or ":" in host else ["203.0.113.5"])


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    careful = WebhookSender(KEY, resolver=lambda *_: ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(Invalid):
        careful.check("https://hooks.example.org/")


def test_a_public_https_address_can_be_a_target_on_any_port() -> None:
    careful = WebhookSender(KEY, resolver=lambda *_: ["1.1.1.1"])
    careful.check("https://hooks.example.org/a?token=1")
    careful.check("https://hooks.example.org:8443/")


def test_a_name_that_turns_private_later_is_not_sent_to(receiver: Receiver) -> None:
    answers = [["1.1.1.1"], ["127.0.0.1"]]
    careful = WebhookSender(KEY, resolver=lambda *_: answers.pop(0))
    url = receiver.url(host="hooks.example.org").replace("http:", "https:")
    careful.check(url)
    assert careful.post(message(url)).error == "address_not_public"
    assert receiver.received == []


def test_the_connection_goes_to_the_address_that_was_checked(receiver: Receiver) -> None:
    asked: list[str] = []

    def once(host: str, *_: Any) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    answer = sender(resolver=once).post(message(receiver.url(host="hooks.invalid")))
    assert answer.error is None
    assert asked == ["hooks.invalid"]
    assert receiver.received[0].headers["host"].startswith("hooks.invalid:")
