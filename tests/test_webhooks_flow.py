"""From a reader's comment to the publisher's server, by the real API, worker and beat."""

from __future__ import annotations

import time
from typing import Any

from tests.test_flow import CIVIL, decided, post
from tests.webhook_receiver import Receiver, running_receiver, verifies
from workers.bench.running_stack import RunningStack

HOOKS = "/api/v1/webhooks"
PATIENCE_SECONDS = 60


def told(receiver: Receiver, comment_id: str) -> Any:
    """The message about a comment, once it is there."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        for request in list(receiver.received):
            if request.message["data"].get("comment", {}).get("id") == comment_id:
                return request
        time.sleep(0.1)
    raise TimeoutError(f"nothing was told of {comment_id}")


def test_a_published_comment_reaches_the_publisher_s_server(stack: RunningStack) -> None:
    key = stack.command("token", "publisher", "webhooks")
    with running_receiver() as receiver:
        asked = {"url": receiver.url(), "types": ["comment.published"]}
        made = stack.call("POST", HOOKS, token=key, body=asked)
        assert made.status == 201, made
        token, comment = post(stack, "wanda", f"{CIVIL} And what of the bicycles?")
        assert decided(stack, token, comment["id"])["status"] == "published"
        request = told(receiver, comment["id"])
        assert verifies(request, made.json["secret"])
        assert request.message["data"]["article"]["key"] == "harbour-bridge"
        path = f"{HOOKS}/{made.json['id']}"
        assert stack.call("DELETE", path, token=key).status == 204
