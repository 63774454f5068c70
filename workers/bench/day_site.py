"""The site of a day as strangers reach it: everybody's credentials, and requests over HTTP."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

from service.adapters.tokens import issue_reader_token
from service.domain.identity import Role
from service.seed import DEMO_SITE, demo_secret
from workers.bench.day_ledger import Ledger
from workers.bench.day_world import address_of
from workers.bench.running_stack import Answer, RunningStack

REQUEST_SECONDS = 60.0
TRIES = 5
RETRY_SECONDS = 0.5
SERVER_ERROR = 500
TOKEN_TTL = timedelta(hours=6)
MODERATORS = ("Aoife", "Brendan", "Ciara")
LEAD = "Dearbhla"


@dataclass
class Site:
    """One running stack, and who may do what there."""

    stack: RunningStack
    ledger: Ledger
    secret: str
    publisher: str
    moderators: dict[str, str]
    lead: str
    _tokens: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def as_reader(
        self, person: str, method: str, path: str, body: object = None, *, key: str | None = None
    ) -> Answer:
        """A request by somebody signed in at the publisher's, from an address of their own."""
        headers = {"X-Forwarded-For": address_of(person)}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.ask(method, path, body, token=self._token(person), headers=headers)

    def as_visitor(self, person: str, method: str, path: str, body: object = None) -> Answer:
        """A request without any credential."""
        return self.ask(method, path, body, headers={"X-Forwarded-For": address_of(person)})

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        token: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """One request, sent again where nothing or nothing useful answers.

        Answers of 500 and more are counted. Raises OSError after TRIES without any answer.
        """
        for left in reversed(range(TRIES)):
            try:
                answer = self.stack.call(
                    method,
                    f"/api/v1{path}",
                    token=token,
                    body=body,
                    headers=headers,
                    seconds=REQUEST_SECONDS,
                )
            except OSError:
                self.ledger.note("no answer")
                if not left:
                    raise
            else:
                if answer.status < SERVER_ERROR:
                    return answer
                self.ledger.note(f"server error: {method} {_route(path)} {answer.status}")
                if not left:
                    return answer
            time.sleep(RETRY_SECONDS)
        raise AssertionError("the last try returns or raises")

    def _token(self, person: str) -> str:
        with self._lock:
            if person not in self._tokens:
                user = {"id": person, "username": person.replace("/", " ")}
                self._tokens[person] = issue_reader_token(
                    user, self.secret, TOKEN_TTL, site=DEMO_SITE
                )
            return self._tokens[person]


def open_site(stack: RunningStack, ledger: Ledger, articles: tuple[str, ...]) -> Site:
    """Register the articles as their publisher and hire three moderators and a lead.

    The articles have no text, so nothing is said about relevance. Raises RuntimeError where an
    article is refused.
    """
    secrets = json.loads((stack.data / "secrets.json").read_text("utf-8"))
    hired = {
        name: stack.command("token", "moderator", name, "--role", Role.MODERATOR)
        for name in MODERATORS
    }
    site = Site(
        stack=stack,
        ledger=ledger,
        secret=demo_secret(secrets["secret_key"]),
        publisher=stack.command("token", "publisher", "day"),
        moderators=hired,
        lead=stack.command("token", "moderator", LEAD, "--role", Role.LEAD),
    )
    for key in articles:
        answer = site.ask("PUT", f"/articles/{key}", {"section": "day"}, token=site.publisher)
        if answer.status >= 400:
            raise RuntimeError(f"article refused: {answer.status} {code_of(answer)}")
    return site


def code_of(answer: Answer) -> str:
    """The problem's code, else the status."""
    known = answer.json.get("code") if isinstance(answer.json, dict) else None
    return str(known or answer.status)


def _route(path: str) -> str:
    """The path without ids."""
    return "/".join("…" if len(part) > 30 else part for part in path.partition("?")[0].split("/"))
