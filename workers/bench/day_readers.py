"""The readers of a day: they post, report, give notice, own up to warnings and appeal."""

from __future__ import annotations

import heapq
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workers.bench.day_ledger import Ledger, Restricted
from workers.bench.day_site import Site, code_of
from workers.bench.day_world import Aim, Kind, Planned, PlannedNotice, Wave, World, errs

CREATED, ACCEPTED, OK = 201, 202, 200
UNREAD_WARNING = "warning_unacknowledged"
# So many comments a reporter looks at before giving up on finding a public one.
LOOKS = 30
LOOKS_AGAIN_AFTER = 30.0
# In parts of the day: when to try again, and until when.
LATER, GIVEN_UP = 0.03, 1.5
WAIT_SECONDS = 0.5
# An author looks at the decision this long after it was taken; it is final by then.
AUTHOR_LOOKS_AFTER = 5.0
APPEAL_IF_WRONG, APPEAL_IF_RIGHT = 0.8, 0.2
APPEAL_TEXT = "I do not think that my comment broke this guideline. Please look at it again."
NOTICE_TEXT = "I believe that this comment is against the law and ask you to look at it."


@dataclass(frozen=True, slots=True)
class Clock:
    """The day: `seconds` long, from the moment the ledger was opened."""

    ledger: Ledger
    seconds: float

    def wait_for(self, at: float) -> None:
        """Sleep until `at` (0–1 of the day); not at all if that is past."""
        left = at * self.seconds - self.ledger.seconds
        if left > 0:
            time.sleep(left)


def post_comments(site: Site, clock: Clock, comments: Iterator[Planned]) -> None:
    """Post comments at their time, or as soon as the ones before are through."""
    for planned in comments:
        clock.wait_for(planned.at)
        _post(site, planned)


def _post(site: Site, planned: Planned) -> None:
    path, body = f"/articles/{planned.article}/comments", {"body": planned.text}
    key = f"day-{planned.index}"
    answer = site.as_reader(planned.writer, "POST", path, body, key=key)
    if code_of(answer) == UNREAD_WARNING:
        _acknowledge(site, planned.writer)
        answer = site.as_reader(planned.writer, "POST", path, body, key=key)
    if answer.status == ACCEPTED:
        site.ledger.was_posted(answer.json["id"], planned)
    else:
        site.ledger.note(f"not taken: {code_of(answer)}")


def _acknowledge(site: Site, writer: str) -> None:
    account = site.as_reader(writer, "GET", "/me")
    for warning in account.json["warnings"]:
        path = f"/me/warnings/{warning['id']}/acknowledgement"
        done = site.as_reader(writer, "POST", path)
        known = "warning acknowledged" if done.status == OK else f"warning: {code_of(done)}"
        site.ledger.note(known)


def send_reports(site: Site, clock: Clock, world: World) -> None:
    """Send each wave and notice at its time, against a comment that can be seen then.

    Where there is none yet it comes a little later, and never where half a day more has passed.
    """
    rng = random.Random(world.seed)  # noqa: S311 - which comment, repeatably
    planned: list[Wave | PlannedNotice] = [*world.waves, *world.notices]
    waiting = [(one.at, place) for place, one in enumerate(planned)]
    heapq.heapify(waiting)
    looked: dict[str, float] = {}
    while waiting:
        at, place = heapq.heappop(waiting)
        clock.wait_for(at)
        one = planned[place]
        kind = one.kind if isinstance(one, Wave) else Kind.HONEST
        target = _find_target(site, one.aim, kind, rng, looked)
        if target is None and at < GIVEN_UP:
            later = max(at, site.ledger.seconds / clock.seconds) + LATER
            heapq.heappush(waiting, (later, place))
        elif target is None:
            site.ledger.note("found nothing to report")
        elif isinstance(one, Wave):
            _report(site, one, target)
        else:
            _give_notice(site, one, target)


def _find_target(
    site: Site, aim: Aim, kind: Kind, rng: random.Random, looked: dict[str, float]
) -> str | None:
    """A comment that is public now, as somebody who reads along finds it."""
    now = site.ledger.seconds
    fitting = [one for one in site.ledger.fitting(aim) if looked.get(one, 0) <= now]
    for comment_id in rng.sample(fitting, min(LOOKS, len(fitting))):
        seen = site.as_visitor("visitor", "GET", f"/comments/{comment_id}")
        if seen.status == OK and site.ledger.aim_at(comment_id, kind):
            return comment_id
        looked[comment_id] = now + LOOKS_AGAIN_AFTER
    return None


def _report(site: Site, wave: Wave, comment_id: str) -> None:
    ledger = site.ledger
    truth = "toxic" if ledger.posted[comment_id].toxic else "fine"
    ledger.note(f"wave: {wave.kind} on {truth}")
    for reporter in wave.reporters:
        answer = site.as_reader(
            reporter,
            "POST",
            f"/comments/{comment_id}/reports",
            {"guideline": wave.guideline},
        )
        if answer.status in (OK, CREATED):
            ledger.note(f"report: {wave.kind} on {truth}")
        else:
            ledger.note(f"report refused: {code_of(answer)}")


def _give_notice(site: Site, notice: PlannedNotice, comment_id: str) -> None:
    fields = {
        "category": notice.category,
        "explanation": NOTICE_TEXT,
        "name": "A reader",
        "email": "reader@example.org",
        "good_faith": True,
    }
    path = f"/comments/{comment_id}/notices"
    answer = site.as_visitor(f"notifier-{comment_id}", "POST", path, fields)
    given = answer.status == CREATED
    site.ledger.note("notice" if given else f"notice refused: {code_of(answer)}")


def appeal_for_authors(site: Site, seed: int, is_over: Callable[[], bool]) -> None:
    """Authors find out about restrictions; most who were wronged appeal, and a few of the others.

    Ends when `is_over` and nobody is left who could appeal.
    """
    done = 0
    while True:
        over = is_over()
        waiting = site.ledger.restricted[done:]
        for found in waiting:
            while site.ledger.seconds < found.at + AUTHOR_LOOKS_AFTER:
                time.sleep(WAIT_SECONDS)
            _maybe_appeal(site, found, seed)
        done += len(waiting)
        if over and not waiting:
            return
        time.sleep(WAIT_SECONDS)


def _maybe_appeal(site: Site, found: Restricted, seed: int) -> None:
    planned = found.planned
    share = APPEAL_IF_RIGHT if planned.toxic else APPEAL_IF_WRONG
    if not errs(seed, "appeals", planned.index, share):
        return
    mine = site.as_reader(planned.writer, "GET", "/me/decisions")
    decision = next(
        (
            one["id"]
            for one in mine.json["decisions"]
            if one["comment_id"] == found.comment_id and one["can_appeal"]
        ),
        None,
    )
    if decision is None:
        site.ledger.note("nothing to appeal against any more")
        return
    path = f"/decisions/{decision}/appeals"
    answer = site.as_reader(planned.writer, "POST", path, {"body": APPEAL_TEXT})
    truth = "right" if planned.toxic else "wrong"
    filed = answer.status == CREATED
    site.ledger.note(
        f"appeal: removal was {truth}" if filed else f"appeal refused: {code_of(answer)}"
    )
