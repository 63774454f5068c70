"""Kill parts of a running stack at random while comments come in; nothing accepted may be lost."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import uuid4

from sqlalchemy import Engine, create_engine, text

from workers.bench.bench_texts import comment_texts
from workers.bench.running_stack import RunningStack

VICTIMS = ("api", "worker-scoring", "valkey", "worker-general")
PAUSE_SECONDS = (0.5, 3.0)
# The supervisor gives a part up that keeps dying young: each lives at least this long.
REST_SECONDS = 21.0
DECIDED_WITHIN_SECONDS = 600.0
RETRY_SECONDS = 0.2
TRIES = 60
POST_SECONDS = 5.0

PENDING = "SELECT count(*) FROM comment WHERE status = 'pending'"
KNOWN = "SELECT count(*) FROM comment WHERE id::text = ANY(:ids)"
_DECISIONS = (
    "SELECT count(*) FROM (SELECT count(d.id) AS n FROM comment c "
    "LEFT JOIN decision d ON d.comment_id = c.id "
    "WHERE c.id::text = ANY(:ids) GROUP BY c.id) x WHERE n "
)
DECIDED_NEVER = _DECISIONS + "= 0"
DECIDED_TWICE = _DECISIONS + "> 1"


@dataclass
class Ledger:
    """What clients were told, and what was done to the stack."""

    accepted: set[str] = field(default_factory=set)
    answers: Counter[int] = field(default_factory=Counter)
    refused_connections: int = 0
    kills: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Verdict:
    """What the database says once it is quiet again."""

    accepted: int
    lost: int
    pending: int
    undecided: int
    decided_twice: int
    by_status: dict[str, int]
    seconds_to_quiet: float

    @property
    def holds(self) -> bool:
        """Whether every accepted comment was decided exactly once."""
        return self.lost == self.pending == self.undecided == self.decided_twice == 0


def chaos(
    stack: RunningStack,
    *,
    comments: int,
    seed: int,
    clients: int = 8,
    say: Callable[[str], None] = lambda _: None,
) -> tuple[Ledger, Verdict]:
    """Post `comments` comments from several clients while parts are killed; then look.

    A client repeats a request that got no answer, under the same Idempotency-Key: so each
    comment is posted once, and each 202 is one comment.
    """
    ledger = Ledger()
    lock = threading.Lock()
    token = stack.command("token", "reader", "chaos")
    work = list(comment_texts(comments, seed=seed))
    done = threading.Event()

    def client() -> None:
        while True:
            with lock:
                if not work:
                    return
                body = work.pop()
            _post(stack, token, body, ledger, lock)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    killer = threading.Thread(target=_kill, args=(stack, ledger, done, seed))
    for thread in (*threads, killer):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    killer.join()
    stack.wait_ready()
    say(f"accepted {len(ledger.accepted)}, kills {dict(ledger.kills)}; waiting for quiet")
    return ledger, _judge(stack, ledger)


def _post(stack: RunningStack, token: str, body: str, ledger: Ledger, lock: threading.Lock) -> None:
    key = str(uuid4())
    for _ in range(TRIES):
        try:
            answer = stack.call(
                "POST",
                "/api/v1/articles/harbour-bridge/comments",
                token=token,
                body={"body": body},
                headers={"Idempotency-Key": key},
                seconds=POST_SECONDS,
            )
        except OSError:
            with lock:
                ledger.refused_connections += 1
            time.sleep(RETRY_SECONDS)
            continue
        with lock:
            ledger.answers[answer.status] += 1
            if answer.status == 202:
                ledger.accepted.add(answer.json["id"])
                return
        if answer.status < 500 and answer.status != 429:
            return
        time.sleep(RETRY_SECONDS)


def _kill(stack: RunningStack, ledger: Ledger, done: threading.Event, seed: int) -> None:
    choose = random.Random(seed)  # noqa: S311 - which part dies next, repeatably
    last: dict[str, float] = {}
    while not done.wait(choose.uniform(*PAUSE_SECONDS)):
        victim = choose.choice(VICTIMS)
        now = time.monotonic()
        if now - last.get(victim, -REST_SECONDS) < REST_SECONDS:
            continue
        if stack.kill(victim):
            ledger.kills[victim] += 1
            last[victim] = now


def _judge(stack: RunningStack, ledger: Ledger) -> Verdict:
    engine = create_engine(stack.facts()["database_url"])
    began = time.monotonic()
    while _count(engine, PENDING):
        if time.monotonic() - began > DECIDED_WITHIN_SECONDS:
            break
        time.sleep(RETRY_SECONDS)
    quiet = time.monotonic() - began
    ids = {"ids": list(ledger.accepted)}
    with engine.connect() as connection:
        statuses = connection.execute(
            text("SELECT status, count(*) FROM comment WHERE id::text = ANY(:ids) GROUP BY 1"), ids
        ).all()
    verdict = Verdict(
        accepted=len(ledger.accepted),
        lost=len(ledger.accepted) - _count(engine, KNOWN, ids),
        pending=_count(engine, PENDING),
        undecided=_count(engine, DECIDED_NEVER, ids),
        decided_twice=_count(engine, DECIDED_TWICE, ids),
        by_status={status: count for status, count in statuses},  # noqa: C416 - rows, not pairs
        seconds_to_quiet=quiet,
    )
    engine.dispose()
    return verdict


def _count(engine: Engine, query: str, values: dict[str, list[str]] | None = None) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text(query), values or {}).scalar_one())
