"""Redis: reachable, not about to forget what it was given, and who listens to its queues."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from kombu.exceptions import KombuError

from config.settings import Settings
from service.adapters.queue import BEAT_KEY, QueueNames, make_inspector
from service.adapters.redis_client import RedisFailure, connect
from service.domain.finding import Finding, graded, ok, problem, warning

NO_EVICTION = "noeviction"
MEGABYTE = 1_000_000
FULL_WARN, FULL_FAIL = 0.75, 0.95
# Beat sends every few seconds; one that is busy for longer than this is gone.
BEAT_SECONDS = 60
LISTEN_SECONDS = 1.5
START_WORKERS = (
    "Start what is missing (./parley up does; in production the services worker-scoring, "
    "worker-general and beat)."
)


def look_at_redis(settings: Settings) -> Iterator[Finding]:
    """The server, its memory, beat and the workers; where it does not answer, only that."""
    client = connect(settings.redis_url)
    try:
        memory: dict[str, Any] = client.info("memory")
        beaten = client.get(BEAT_KEY)
    except (*RedisFailure, ValueError) as error:
        yield problem(
            "redis",
            f"does not answer ({type(error).__name__})",
            "Start Redis or Valkey, and check PARLEY_REDIS_URL. Comments are taken meanwhile and "
            "scored once it is back; limits let everything pass.",
        )
        return
    finally:
        client.close()
    yield from _memory(memory)
    yield _beat(beaten)
    yield _workers(settings)


def _memory(memory: dict[str, Any]) -> Iterator[Finding]:
    used, most = int(memory["used_memory"]), int(memory.get("maxmemory", 0))
    says = f"{used / MEGABYTE:,.0f} MB in use"
    yield graded(
        "redis",
        used / most if most else 0.0,
        warn=FULL_WARN,
        fail=FULL_FAIL,
        says=f"{says} of {most / MEGABYTE:,.0f} MB" if most else says,
        advice="Raise maxmemory, or see which queue grows.",
    )
    policy = memory.get("maxmemory_policy", NO_EVICTION)
    if policy == NO_EVICTION:
        yield ok("redis memory", "refuses what does not fit")
        return
    advice = "Set maxmemory-policy noeviction: a broker must refuse, not forget."
    says = f"maxmemory-policy is {policy}"
    # Without a limit nothing is ever evicted; somebody may yet set one.
    yield (problem("redis memory", says, advice) if most else warning("redis memory", says, advice))


def _beat(beaten: Any) -> Finding:
    if beaten is None:
        return problem(
            "beat",
            "was not heard of for a minute and more",
            f"Without it nothing is swept, sealed or sent. {START_WORKERS}",
        )
    seconds = max(0.0, time.time() - float(beaten))
    return graded(
        "beat",
        seconds,
        warn=BEAT_SECONDS,
        fail=BEAT_SECONDS,
        says=f"last sent something {seconds:.0f} s ago",
        advice=f"Without it nothing is swept, sealed or sent. {START_WORKERS}",
    )


def _workers(settings: Settings) -> Finding:
    """Whether every queue has somebody who listens to it."""
    try:
        answers = make_inspector(settings.redis_url, LISTEN_SECONDS).active_queues() or {}
    except (KombuError, *RedisFailure) as error:
        return problem("workers", f"could not be asked ({type(error).__name__})", START_WORKERS)
    heard = {queue["name"] for queues in answers.values() for queue in queues}
    missing = [queue for queue in QueueNames.ALL if queue not in heard]
    if missing:
        says = f"nobody works on: {', '.join(missing)}"
        return problem("workers", says, START_WORKERS)
    return ok("workers", f"{len(answers)} at work on {', '.join(QueueNames.ALL)}")
