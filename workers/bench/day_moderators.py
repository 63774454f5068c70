"""The moderators of a day: three work the queue through the API, a lead takes what is left."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import Any

from workers.bench.day_site import Site, code_of
from workers.bench.day_verdict import Judge, Manner, Verdict, answer_for
from workers.bench.day_world import Planned
from workers.bench.running_stack import Answer

CLAIMED_AT_ONCE = 5
IDLE_SECONDS = 1.0
# A colleague or a report may change the item between look and decision.
TRIES = 3
OK, CREATED, NO_CONTENT, BAD, CONFLICT = 200, 201, 204, 400, 409
REASONS_FOR_APPEAL = "Another person has looked at the comment and at the guideline again."
ANSWER_TO_NOTICE = "A person has looked at the comment you told us about, and decided on it."
NOTICE_GUIDELINES = {"hate": "hate", "threat": "threat", "defamation": "defamation"}


@dataclass
class Moderator:
    """Somebody with a token at the desk, until `stop` is set."""

    site: Site
    name: str
    token: str
    judge: Judge
    think_seconds: float
    stop: threading.Event

    def work(self) -> None:
        """Claim five, look at each, decide; answer appeals when there is nothing to claim."""
        while not self.stop.is_set():
            if not self._take_next():
                self._answer_appeals()
                self.stop.wait(IDLE_SECONDS)

    def lead(self, day_over: threading.Event) -> None:
        """Answer appeals and notices, and decide on what colleagues handed up.

        Once the day is over also on what all others skipped.
        """
        while not self.stop.is_set():
            if day_over.is_set():
                self._take_next(is_lead=True)
            self._answer_appeals()
            self._answer_notices()
            queue = self._ask("GET", "/moderation/queue?state=escalated&limit=20")
            for item in queue.json["items"]:
                if item["escalated_to"] == "second_opinion":
                    continue
                claimed = self._ask("POST", "/moderation/claims", {"item_id": item["id"]})
                if claimed.status == CREATED:
                    self._handle(claimed.json["items"][0], is_lead=True)
                self._conflict("claim by id", claimed)
            self.stop.wait(IDLE_SECONDS)

    def _take_next(self, *, is_lead: bool = False) -> int:
        claimed = self._ask("POST", "/moderation/claims", {"count": CLAIMED_AT_ONCE})
        items = claimed.json["items"] if claimed.status == CREATED else []
        self._conflict("claim", claimed)
        self.site.ledger.note("claimed", len(items))
        for item in items:
            self._handle(item, is_lead=is_lead)
        return len(items)

    def _handle(self, item: dict[str, Any], *, is_lead: bool = False) -> None:
        view = self._view(item["id"])
        if view is None:
            self._release(item)
            return
        planned = self.site.ledger.truth(view["comment_id"])
        if planned is None or "appeals" in view["reasons"]:
            self._skip(item, "context" if planned is None else "conflict")
            return
        self._think(planned.index)
        if any(r["suspected"] and r["state"] == "open" for r in view["reports"]):
            view = self._sweep_brigade(view) or view
        certain = is_lead or view["blind"]
        manner = Manner.DECIDE if certain else self.judge.manner(planned, view)
        self._finish(item, view, planned, manner)

    def _finish(
        self, item: dict[str, Any], view: dict[str, Any], planned: Planned, manner: Manner
    ) -> None:
        verdict = self.judge.verdict(planned, view)
        if manner is Manner.SKIP:
            self._skip(item, "unsure")
        elif manner is Manner.ESCALATE:
            self._hand_on(item, view, {"to": "lead"})
        elif manner is Manner.SECOND_OPINION:
            self._hand_on(item, view, {"to": "second_opinion", "opinion": verdict.body()})
        elif manner is Manner.SLIP:
            self._slip(item, view, self.judge.opposite(planned, view))
        else:
            self._decide(item, view, verdict)

    def _view(self, item_id: str) -> dict[str, Any] | None:
        began = time.perf_counter()
        shown = self._ask("GET", f"/moderation/items/{item_id}")
        self.site.ledger.was_viewed((time.perf_counter() - began) * 1000)
        self._conflict("view", shown)
        view: dict[str, Any] | None = shown.json if shown.status == OK else None
        return view

    def _sweep_brigade(self, view: dict[str, Any]) -> dict[str, Any] | None:
        """Close the reports that look organised; they say nothing about the comment."""
        path = f"/moderation/comments/{view['comment_id']}/reports/invalidation"
        swept = self._ask("POST", path, {"only_suspected": True})
        self._conflict("sweep", swept)
        if swept.status == OK:
            self.site.ledger.note("brigades swept")
        return self._view(view["id"])

    def _decide(self, item: dict[str, Any], view: dict[str, Any], verdict: Verdict) -> None:
        done = self._send(item, view, verdict)
        if done is None:
            return
        ledger, comment_id = self.site.ledger, view["comment_id"]
        if done["comparison"] is not None:
            ledger.note(f"compared: {done['comparison']}")
        if done["decision"] is None:
            return
        ledger.note(f"decided: {done['decision']['action']}")
        planned = ledger.posted[comment_id]
        if verdict.restricts != planned.toxic:
            ledger.note("misjudged")
        if verdict.restricts and verdict.action == "reject":
            ledger.was_restricted(comment_id, planned)

    def _slip(self, item: dict[str, Any], view: dict[str, Any], verdict: Verdict) -> None:
        """The wrong key, seen at once and taken back before anybody was told."""
        done = self._send(item, view, verdict)
        if done is None or done["decision"] is None:
            return
        undone = self._ask("POST", f"/decisions/{done['decision']['id']}/reversal", {})
        self._conflict("undo", undone)
        if undone.status == CREATED:
            self.site.ledger.note(f"taken back: {undone.json['action']}")

    def _send(
        self, item: dict[str, Any], view: dict[str, Any] | None, verdict: Verdict
    ) -> dict[str, Any] | None:
        """Decide; look again where the item has changed meanwhile. What cannot be is given back."""
        for _ in range(TRIES):
            if view is None:
                break
            body = {**verdict.body(), "version": view["version"], "claim_id": item["claim"]["id"]}
            answer = self._ask("POST", f"/moderation/items/{view['id']}/decisions", body)
            self._conflict("decision", answer)
            if answer.status == CREATED:
                found: dict[str, Any] = answer.json
                return found
            if code_of(answer) != "stale_version":
                break
            view = self._view(item["id"])
        self._release(item)
        return None

    def _release(self, item: dict[str, Any]) -> None:
        released = self._ask("DELETE", f"/moderation/claims/{item['claim']['id']}")
        self._conflict("release", released)
        self.site.ledger.note("given back")

    def _hand_on(self, item: dict[str, Any], view: dict[str, Any], how: dict[str, Any]) -> None:
        path = f"/moderation/items/{view['id']}/escalation"
        answer = self._ask("POST", path, {**how, "version": view["version"]})
        self._conflict("escalation", answer)
        if answer.status == NO_CONTENT:
            self.site.ledger.note(f"handed on: {how['to']}")
        else:
            self._release(item)

    def _skip(self, item: dict[str, Any], reason: str) -> None:
        path = f"/moderation/claims/{item['claim']['id']}/skip"
        answer = self._ask("POST", path, {"reason": reason})
        self._conflict("skip", answer)
        if answer.status == NO_CONTENT:
            self.site.ledger.note(f"skipped: {reason}")

    def _answer_appeals(self) -> None:
        found = self._ask("GET", "/moderation/appeals?state=filed&limit=20")
        for appeal in found.json["appeals"]:
            planned = self.site.ledger.posted.get(appeal["comment_id"] or "")
            if not appeal["may_decide"] or planned is None:
                continue
            outcome = "uphold" if self.judge.finds_toxic(planned) else "overturn"
            body = {"outcome": outcome, "reasons": REASONS_FOR_APPEAL}
            answer = self._ask("POST", f"/moderation/appeals/{appeal['id']}/decisions", body)
            self._conflict("appeal", answer)
            if answer.status == CREATED:
                was = "right" if planned.toxic else "wrong"
                self.site.ledger.note(f"appeal answered: {outcome}, removal was {was}")

    def _answer_notices(self) -> None:
        found = self._ask("GET", "/moderation/notices")
        for notice in found.json["notices"]:
            planned = self.site.ledger.posted.get(notice["comment_id"])
            if planned is None:
                continue
            body = answer_for(
                finds_toxic=self.judge.finds_toxic(planned),
                guideline=NOTICE_GUIDELINES.get(notice["category"], "illegal"),
                reason=ANSWER_TO_NOTICE,
            )
            answer = self._ask("POST", f"/moderation/notices/{notice['id']}/decisions", body)
            self._conflict("notice", answer)
            if answer.status == CREATED:
                self.site.ledger.note(f"notice answered: {body['action']}")

    def _think(self, index: int) -> None:
        """Nobody reads a comment in no time; some take longer."""
        rng = random.Random(f"{self.name}:{index}")  # noqa: S311 - pace only
        time.sleep(self.think_seconds * rng.uniform(0.5, 1.5))

    def _conflict(self, what: str, answer: Answer) -> None:
        if answer.status == CONFLICT:
            self.site.ledger.note(f"conflict: {what} {code_of(answer)}")
        elif answer.status >= BAD:
            self.site.ledger.note(f"refused: {what} {code_of(answer)}")

    def _ask(self, method: str, path: str, body: object = None) -> Answer:
        return self.site.ask(method, path, body, token=self.token)
