"""What must hold in the database when a day is over."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

from service.domain.measure import measure_of
from workers.bench.running_stack import RunningStack

SEALED_WITHIN_SECONDS = 60.0
POLL_SECONDS = 1.0

ARTICLE_COUNTS = """
    SELECT count(*) FROM article a WHERE published_count <> (
        SELECT count(*) FROM comment c WHERE c.article_id = a.id AND c.status = 'published')"""
THREAD_COUNTS = """
    SELECT count(*) FROM comment t WHERE parent_id IS NULL AND visible_replies <> (
        SELECT count(*) FROM comment c
        WHERE c.root_id = t.id AND c.parent_id IS NOT NULL AND c.status = 'published')"""
READER_COUNTS = """
    SELECT count(*) FROM reader r WHERE approved_count <> (
        SELECT count(*) FROM comment c WHERE c.reader_id = r.id AND c.status = 'published')
    OR rejected_count <> (
        SELECT count(*) FROM comment c
        WHERE c.reader_id = r.id AND c.status IN ('rejected', 'removed'))"""
STRIKE_COUNTS = """
    SELECT count(*) FROM reader r WHERE strikes <> (
        SELECT coalesce(sum(points), 0) FROM strike s
        WHERE s.reader_id = r.id AND s.voided_at IS NULL AND s.expired_at IS NULL)"""
DECIDED_TWICE = """
    SELECT count(*) FROM (
        SELECT 1 FROM decision WHERE automated AND comment_id IS NOT NULL
        GROUP BY comment_id, revision, source HAVING count(*) > 1) twice"""
NEVER_DECIDED = """
    SELECT count(*) FROM comment c WHERE NOT EXISTS (
        SELECT 1 FROM decision d WHERE d.comment_id = c.id AND d.revision = c.revision)"""
CLAIMS_AMISS = """
    SELECT count(*) FROM review_item
    WHERE (state = 'claimed') <> (claim_id IS NOT NULL)
       OR (claim_id IS NULL) <> (claimed_by IS NULL)"""
LEFT_WAITING = """
    SELECT count(*) FROM comment c WHERE status IN ('held', 'hidden') AND NOT EXISTS (
        SELECT 1 FROM review_item i WHERE i.comment_id = c.id AND i.state <> 'decided')"""
OPEN_REPORTS = """
    SELECT count(*) FROM report r JOIN review_item i ON i.comment_id = r.comment_id
    WHERE r.state = 'open' AND NOT r.already_reviewed AND i.state = 'decided'"""
DECISIONS = """
    SELECT d.action, d.demote, d.automated, d.guideline, s.id IS NOT NULL AS stated,
           EXISTS (SELECT 1 FROM decision u WHERE u.reverses_id = d.id AND u.action = 'undo')
           OR EXISTS (SELECT 1 FROM sanction x WHERE x.decision_id = d.id
                      AND x.end_reason = 'overturned' AND x.ended_at < d.final_at) AS undone,
           EXISTS (SELECT 1 FROM jsonb_array_elements(d.rules) r
                   WHERE r->>'result' = 'match' AND r->>'mode' = 'enforce'
                     AND r->>'guideline' IS NOT NULL) AS rule_names_one
    FROM decision d LEFT JOIN statement_of_reasons s ON s.decision_id = d.id"""
MOVES = """
    SELECT comment_id, from_status, to_status FROM event
    WHERE comment_id IS NOT NULL AND to_status IS NOT NULL ORDER BY id"""
STATUSES = "SELECT id, status FROM comment"
CLAIM_EVENTS = """
    SELECT comment_id, kind, actor, actor_id FROM event WHERE comment_id IS NOT NULL ORDER BY id"""
# What ends a claim, besides anything a moderator decides.
CLAIM_ENDS = ("review.", "decision.", "comment.", "qa.", "notice.", "appeal.")
CLAIMED = "review.claimed"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; `wrong` counts what breaks it."""

    name: str
    wrong: int
    remark: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return self.wrong == 0


def check_day(connection: Connection, stack: RunningStack) -> list[Check]:
    """Everything, in the order of the report."""

    def count(query: str) -> int:
        return int(connection.execute(text(query)).scalar_one())

    return [
        Check("articles count their public comments", count(ARTICLE_COUNTS)),
        Check("threads count their public replies", count(THREAD_COUNTS)),
        Check("readers count their published and refused comments", count(READER_COUNTS)),
        Check("readers count their live strikes", count(STRIKE_COUNTS)),
        Check("one automated decision per revision and source", count(DECIDED_TWICE)),
        Check("every comment was decided", count(NEVER_DECIDED)),
        _restrictions(connection),
        Check("a claim is whole or not there", count(CLAIMS_AMISS)),
        claims_overlap(tuple(row) for row in connection.execute(text(CLAIM_EVENTS))),
        Check("what is held or hidden waits in the queue", count(LEFT_WAITING)),
        Check("no report stays open on a decided item", count(OPEN_REPORTS)),
        _replay(connection),
        verify_chain(stack),
    ]


def _restrictions(connection: Connection) -> Check:
    """A restriction in force names a guideline and has a statement; an undone one has none."""
    wrong = stated = precaution = 0
    for row in connection.execute(text(DECISIONS)):
        restricts = measure_of(row.action, demote=row.demote) is not None
        named = row.guideline is not None or row.rule_names_one
        owed = restricts and not row.undone and (named or not row.automated)
        precaution += restricts and not named and row.automated
        wrong += owed != row.stated or (owed and not named)
        stated += row.stated
    remark = f"{stated} statements; {precaution} automated restrictions without a clause"
    return Check("each restriction has its guideline and statement", wrong, remark)


def claims_overlap(events: Iterable[tuple[object, str, str, object]]) -> Check:
    """Replay claims: nobody is given an item that somebody else holds.

    `events` are (comment, kind, actor, actor id) in order of their ids; one item per comment.
    """
    holders: dict[object, object] = {}
    wrong = claims = 0
    for comment, kind, actor, actor_id in events:
        if kind == CLAIMED:
            claims += 1
            wrong += holders.get(comment, actor_id) != actor_id
            holders[comment] = actor_id
        elif kind == "review.lease_expired":
            holders.pop(comment, None)
        elif kind.startswith(CLAIM_ENDS) and actor == "moderator":
            holders.pop(comment, None)
    return Check("no two claims of an item at a time", wrong, f"{claims} claims replayed")


def replayed(
    moves: Iterable[tuple[object, str | None, str]], statuses: dict[object, str]
) -> tuple[int, int]:
    """How many comments the events do not lead to their status, and how many moves do not join."""
    reached: dict[object, str] = {}
    broken = 0
    for comment, before, after in moves:
        broken += before is not None and reached.get(comment, before) != before
        broken += before is None and reached.get(comment, after) != after
        reached[comment] = after
    return sum(reached.get(comment) != status for comment, status in statuses.items()), broken


def _replay(connection: Connection) -> Check:
    statuses = {row.id: row.status for row in connection.execute(text(STATUSES))}
    moves = [tuple(row) for row in connection.execute(text(MOVES))]
    astray, broken = replayed(moves, statuses)
    remark = f"{len(moves)} events of {len(statuses)} comments"
    return Check("replaying events gives each status", astray + broken, remark)


def verify_chain(stack: RunningStack) -> Check:
    """`./parley audit verify`, once all events are sealed."""
    name, said = "`./parley audit verify` finds the chain sound", ""
    end = time.monotonic() + SEALED_WITHIN_SECONDS
    while True:
        try:
            said = stack.command("audit", "verify")
        except subprocess.CalledProcessError as error:
            return Check(name, 1, (error.stdout or error.stderr or "").strip()[-500:])
        if "not sealed yet" not in said:
            return Check(name, 0, _last_lines(said))
        if time.monotonic() > end:
            return Check(name, 1, _last_lines(said))
        time.sleep(POLL_SECONDS)


def _last_lines(said: str) -> str:
    return "; ".join(said.splitlines()[-2:])
