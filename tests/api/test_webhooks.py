"""Webhooks over HTTP: who may add them, what is shown of them, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config.settings import Settings
from service.app import create_app
from service.bootstrap import Parts, make_api
from service.domain.identity import Role
from service.models import Site
from service.usecases.context import Context
from service.usecases.create_site import create_api_key
from service.usecases.deliver_webhooks import deliver_webhooks
from tests.makers import Makers, bearer, reader_token
from tests.usecases.hooks import one_round, trying
from tests.webhook_receiver import Receiver, status, verifies

HOOKS = "/api/v1/webhooks"
PUBLISHED = ["comment.published"]


@pytest.fixture
def here(ctx: Context) -> Context:
    return trying(ctx)


@pytest.fixture
def client(settings: Settings, parts: Parts, here: Context, site: Site) -> FlaskClient:
    """A client of an API that also sends to this machine."""
    parts = replace(parts, ctx=here)
    return create_app(settings, make_api(settings, parts)).test_client()


class Hooks:
    """A publisher who works with webhooks."""

    def __init__(self, client: FlaskClient, headers: dict[str, str]) -> None:
        self._client, self._headers = client, headers

    def get(self, path: str = "") -> Any:
        return self._client.get(f"{HOOKS}{path}", headers=self._headers)

    def post(self, path: str = "", **body: Any) -> Any:
        return self._client.post(f"{HOOKS}{path}", json=body, headers=self._headers)

    def patch(self, path: str, **body: Any) -> Any:
        return self._client.patch(f"{HOOKS}{path}", json=body, headers=self._headers)

    def delete(self, path: str) -> Any:
        return self._client.delete(f"{HOOKS}{path}", headers=self._headers)


@pytest.fixture
def hooks(client: FlaskClient, publisher: dict[str, str]) -> Hooks:
    return Hooks(client, publisher)


def test_a_webhook_is_added_tested_and_its_log_read(
    hooks: Hooks, here: Context, receiver: Receiver
) -> None:
    made = hooks.post(url=receiver.url(), types=PUBLISHED, description="Search index")
    assert made.status_code == 201
    path, secret = f"/{made.json['id']}", made.json["secret"]
    sent = hooks.post(f"{path}/test")
    assert (sent.status_code, sent.json["state"]) == (202, "waiting")
    deliver_webhooks(here)
    [request] = receiver.received
    assert verifies(request, secret)
    assert request.headers["webhook-id"] == sent.json["message_id"]
    [logged] = hooks.get(f"{path}/deliveries").json["deliveries"]
    assert (logged["state"], logged["attempts"], logged["last_status"]) == ("delivered", 1, 200)
    assert logged["type"] == "webhook.test"
    assert logged["payload"] == request.message
    assert logged["due_at"] is None
    shown = hooks.get(path).json
    assert (shown["enabled"], shown["problem"], shown["waiting"]) == (True, None, 0)
    assert shown["last_delivered_at"] is not None


def test_a_secret_is_shown_when_it_is_made_and_never_again(
    hooks: Hooks, receiver: Receiver
) -> None:
    made = hooks.post(url=receiver.url(), types=PUBLISHED)
    path = f"/{made.json['id']}"
    rotated = hooks.post(f"{path}/secret")
    assert rotated.status_code == 201
    first, second = made.json["secret"], rotated.json["secret"]
    assert first.startswith("whsec_")
    assert first != second
    assert rotated.json["old_secret_until"] is not None
    changed = hooks.patch(path, description="x")
    for answer in (hooks.get(), hooks.get(path), changed):
        said = answer.get_data(as_text=True)
        assert "whsec_" not in said
        assert "sealed" not in said


def test_the_list_says_how_each_is_doing(hooks: Hooks, here: Context, receiver: Receiver) -> None:
    receiver.replies["/bad"] = status(410)
    for path in ("/good", "/bad"):
        made = hooks.post(url=receiver.url(path), types=PUBLISHED)
        hooks.post(f"/{made.json['id']}/test")
    deliver_webhooks(here)
    listed = hooks.get().json
    good, bad = listed["webhooks"]
    assert (good["enabled"], good["problem"]) == (True, None)
    assert (bad["enabled"], bad["disabled_reason"], bad["last_error"]) == (False, "gone", "gone")
    assert "410" in bad["problem"]
    assert "comment.published" in listed["types"]


def test_a_failing_webhook_says_so_and_is_enabled_with_what_it_missed(
    hooks: Hooks, here: Context, receiver: Receiver
) -> None:
    receiver.replies["/hook"] = status(410)
    path = f"/{hooks.post(url=receiver.url(), types=PUBLISHED).json['id']}"
    hooks.post(f"{path}/test")
    deliver_webhooks(here)
    refused = hooks.post(f"{path}/test")
    assert (refused.status_code, refused.json["code"]) == (409, "webhook_disabled")
    receiver.replies.clear()
    enabled = hooks.post(f"{path}/enable", replay=True)
    assert (enabled.status_code, enabled.json["enabled"], enabled.json["waiting"]) == (200, True, 1)
    deliver_webhooks(here)
    assert len(receiver.received) == 2


def test_deliveries_are_filtered_and_paged_and_one_is_replayed(
    hooks: Hooks, here: Context, receiver: Receiver
) -> None:
    path = f"/{hooks.post(url=receiver.url(), types=PUBLISHED).json['id']}"
    sent = [hooks.post(f"{path}/test").json["id"] for _ in range(3)]
    page = hooks.get(f"{path}/deliveries?limit=2").json
    rest = hooks.get(f"{path}/deliveries?limit=2&cursor={page['next_cursor']}").json
    shown = [one["id"] for one in page["deliveries"] + rest["deliveries"]]
    assert shown == sent[::-1]
    assert rest["next_cursor"] is None
    deliver_webhooks(here)
    assert hooks.get(f"{path}/deliveries?state=waiting").json["deliveries"] == []
    assert len(hooks.get(f"{path}/deliveries?state=delivered").json["deliveries"]) == 3
    again = hooks.post(f"{path}/deliveries/{sent[0]}/replay")
    assert (again.status_code, again.json["state"]) == (202, "waiting")
    deliver_webhooks(here)
    assert len(receiver.received) == 4


def test_a_webhook_is_changed_stopped_and_removed(hooks: Hooks, receiver: Receiver) -> None:
    path = f"/{hooks.post(url=receiver.url(), types=PUBLISHED).json['id']}"
    changed = hooks.patch(path, url=receiver.url("/other"), types=["appeal.filed", "comment.held"])
    assert changed.status_code == 200
    assert changed.json["url"] == receiver.url("/other")
    assert changed.json["types"] == ["comment.held", "appeal.filed"]
    stopped = hooks.patch(path, enabled=False).json
    assert (stopped["enabled"], stopped["disabled_reason"]) == (False, "by_hand")
    assert hooks.patch(path, enabled=True).json["problem"] is None
    assert hooks.delete(path).status_code == 204
    assert hooks.get(path).status_code == 404


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"types": PUBLISHED}, "url"),
        ({"url": "https://1.1.1.1/", "types": []}, "types"),
        ({"url": "https://1.1.1.1/", "types": ["comment.liked"]}, "types"),
        ({"url": "ftp://1.1.1.1/", "types": PUBLISHED}, "url"),
        ({"url": "https://a:b@1.1.1.1/", "types": PUBLISHED}, "url"),
        ({"url": "https://1.1.1.1/", "types": PUBLISHED, "description": "x" * 201}, "description"),
        ({"url": "https://1.1.1.1/", "types": PUBLISHED, "secret": "mine"}, "secret"),
    ],
)
def test_bad_input_is_refused_by_name(hooks: Hooks, fields: dict[str, Any], named: str) -> None:
    answer = hooks.post(**fields)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [named]


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "http://1.1.1.1/", "https://10.0.0.1/"])
def test_without_the_setting_private_targets_and_http_are_refused(
    app: Flask, publisher: dict[str, str], url: str
) -> None:
    careful = Hooks(app.test_client(), publisher)
    answer = careful.post(url=url, types=PUBLISHED)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["url"])


def test_leads_and_admins_may_and_others_may_not(
    client: FlaskClient, make: Makers, site: Site, here: Context, receiver: Receiver
) -> None:
    for role in (Role.LEAD, Role.ADMIN):
        answer = Hooks(client, make.moderator(site, role=role).headers).get()
        assert answer.status_code == 200
    for headers in (make.moderator(site).headers, bearer(reader_token("ann"))):
        assert Hooks(client, headers).get().status_code == 403
    assert Hooks(client, {}).get().status_code == 401


def test_a_webhook_of_another_site_is_not_there(
    client: FlaskClient, hooks: Hooks, make: Makers, here: Context, receiver: Receiver
) -> None:
    path = f"/{hooks.post(url=receiver.url(), types=PUBLISHED).json['id']}"
    delivery = hooks.post(f"{path}/test").json["id"]
    key = create_api_key(here, site_id=make.site("elsewhere").id, name="other")
    other = Hooks(client, bearer(key))
    assert other.get().json["webhooks"] == []
    for answer in (
        other.get(path),
        other.get(f"{path}/deliveries"),
        other.patch(path, enabled=False),
        other.delete(path),
        other.post(f"{path}/secret"),
        other.post(f"{path}/test"),
        other.post(f"{path}/enable"),
        other.post(f"{path}/deliveries/{delivery}/replay"),
    ):
        assert (answer.status_code, answer.json["code"]) == (404, "webhook_not_found")


def test_a_comment_s_way_is_told_from_post_to_publication(
    hooks: Hooks, here: Context, make: Makers, site: Site, receiver: Receiver
) -> None:
    hooks.post(url=receiver.url(), types=PUBLISHED)
    comment = make.published(make.article(site, key="ferry"), make.reader(site))
    one_round(here)
    [request] = receiver.received
    assert request.message["data"]["comment"]["id"] == str(comment.id)
