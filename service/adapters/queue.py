"""Jobs for the workers, sent by name. The database is the truth: a lost message is only a delay."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import celery
import redis
from celery.app.control import Inspect
from kombu.exceptions import KombuError

from service.adapters.correlation import message_headers
from service.adapters.metrics import Metrics
from service.adapters.redis_client import CircuitBreaker, CircuitOpen, RedisFailure


class QueueNames:
    """The queues. A worker names the ones it consumes."""

    SCORING: Final = "scoring"
    GENERAL: Final = "general"
    # What waits for other people's servers: it never holds up the installation's own clocks.
    OUTBOUND: Final = "outbound"
    ALL: Final = (SCORING, GENERAL, OUTBOUND)


class TaskNames:
    """The tasks that `workers` offers and `service` may send."""

    SCORE_PENDING: Final = "score_pending"
    INDEX_ARTICLE: Final = "index_article"
    FETCH_ARTICLE: Final = "fetch_article"
    SWEEP: Final = "sweep"
    KEEP_CLOCKS: Final = "keep_clocks"
    FOLLOW_EVENTS: Final = "follow_events"
    DELIVER_WEBHOOKS: Final = "deliver_webhooks"
    SEND_DIGESTS: Final = "send_digests"
    ALL: Final = (
        SCORE_PENDING,
        INDEX_ARTICLE,
        FETCH_ARTICLE,
        SWEEP,
        KEEP_CLOCKS,
        FOLLOW_EVENTS,
        DELIVER_WEBHOOKS,
        SEND_DIGESTS,
    )


ROUTES: Mapping[str, str] = {
    TaskNames.SCORE_PENDING: QueueNames.SCORING,
    TaskNames.INDEX_ARTICLE: QueueNames.SCORING,
    TaskNames.FETCH_ARTICLE: QueueNames.OUTBOUND,
    TaskNames.SWEEP: QueueNames.GENERAL,
    TaskNames.KEEP_CLOCKS: QueueNames.GENERAL,
    TaskNames.FOLLOW_EVENTS: QueueNames.GENERAL,
    TaskNames.DELIVER_WEBHOOKS: QueueNames.OUTBOUND,
    TaskNames.SEND_DIGESTS: QueueNames.OUTBOUND,
}

NUDGE_KEY = "parley:nudge"
NUDGE_MILLISECONDS = 5_000
# When beat last sent something, as a Unix time; gone once it has not for long.
BEAT_KEY = "parley:beat"
BEAT_KEPT_SECONDS = 600

SOFT_LIMIT_SECONDS = 120
HARD_LIMIT_SECONDS = 150
SOFT_SHUTDOWN_SECONDS = 10
# Longer than any task may run, so that Redis never hands out a job that is still being worked on.
VISIBILITY_SECONDS = 600

_TRANSPORT: Mapping[str, Any] = {
    "visibility_timeout": VISIBILITY_SECONDS,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "unacked_restore_limit": 1000,
    "socket_timeout": 5,
    "socket_connect_timeout": 5,
    "socket_keepalive": True,
}
# At most two tries of each: the worst case of a send stays under two seconds.
_IMPATIENT: Mapping[str, Any] = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}

_log = logging.getLogger(__name__)


class JobQueue:
    """Sends jobs and never makes its caller wait long or fail: what cannot be sent is counted."""

    def __init__(
        self,
        broker_url: str,
        client: redis.Redis,
        *,
        metrics: Metrics | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        """Args:
        broker_url: `redis://…` or `unix:///path?db=0`, as in the settings.
        client: from `redis_client.connect`, for the nudge and to ask before sending.
        breaker: share one with the rate limiter, so that both learn of a failure at once.
        """
        self._redis = client
        self._metrics = metrics or Metrics()
        self._breaker = breaker or CircuitBreaker()
        self._celery = celery.Celery("parley", set_as_current=False)
        self._celery.conf.update(celery_config(), broker_url=celery_url(broker_url))
        self._celery.conf.broker_transport_options = {**_TRANSPORT, **_IMPATIENT}

    def send(self, task: str, *args: str | int) -> bool:
        """Hand one job to the queue. Returns whether Redis has it; never raises for a fault of it.

        Redis is asked with our own impatient client first: Celery's way to find out that it is
        silent takes over a second, ours 0.4, and for two seconds after that nobody asks at all.

        Raises:
            ValueError: not one of TaskNames (a mistake in our code, not a fault of Redis).
        """
        if task not in ROUTES:
            raise ValueError(f"there is no task named {task!r}")
        try:
            self._breaker.call(self._redis.ping)
            self._breaker.call(lambda: self._publish(task, args))
        except CircuitOpen:
            return self._not_sent(task)
        except (KombuError, *RedisFailure) as failure:
            # Kombu wraps what Redis says, and the breaker knows Redis' own errors only.
            self._breaker.trip()
            _log.warning("job %s not sent: %s", task, type(failure).__name__)
            return self._not_sent(task)
        return True

    def nudge_scoring(self) -> bool:
        """Say that comments wait to be scored; of many nudges one message is sent.

        Call it after the comment is committed. Returns whether a message is on its way, sent now
        or already there. No comment is lost to the coalescing: the key stands from the sending of
        a message until the drain it starts, and that drain clears the key *before* it claims. So
        where the key still stood, the claim comes later than our commit and finds the comment;
        where it did not, a new message goes out. A message that is lost with its key still
        standing costs five seconds at most, then the next nudge or the sweep sends another.
        """
        try:
            won = self._breaker.call(
                lambda: self._redis.set(NUDGE_KEY, b"1", nx=True, px=NUDGE_MILLISECONDS)
            )
        except (CircuitOpen, *RedisFailure):
            return self._not_sent(TaskNames.SCORE_PENDING)
        if not won:
            return True
        sent = self.send(TaskNames.SCORE_PENDING)
        if not sent:
            self.clear_nudge()
        return sent

    def clear_nudge(self) -> bool:
        """Let the next nudge send a message; a worker calls it at the start of every drain.

        Returns whether Redis took it. If not, the key ends by itself after five seconds.
        """
        try:
            self._breaker.call(lambda: self._redis.delete(NUDGE_KEY))
        except (CircuitOpen, *RedisFailure):
            return False
        return True

    def depth(self, queue: str) -> int | None:
        """How many jobs wait in a queue; None when Redis does not say."""
        try:
            waiting = self._breaker.call(lambda: self._redis.llen(queue))
        except (CircuitOpen, *RedisFailure):
            return None
        return int(waiting)

    def _publish(self, task: str, args: tuple[str | int, ...]) -> None:
        self._celery.send_task(task, args=args, queue=ROUTES[task], headers=message_headers())

    def _not_sent(self, task: str) -> bool:
        self._metrics.record_queue_send_failure(task)
        return False


def make_inspector(broker_url: str, seconds: float) -> Inspect:
    """Asks the workers what they do, and waits so long for their answers."""
    app = celery.Celery("parley", set_as_current=False)
    app.conf.update(celery_config(), broker_url=celery_url(broker_url))
    app.conf.broker_transport_options = {**_TRANSPORT, **_IMPATIENT}
    inspector: Inspect = app.control.inspect(timeout=seconds)
    return inspector


def celery_config() -> dict[str, Any]:
    """Celery's settings, the same for who sends and who works; only `broker_url` is missing.

    Measured reasons stand in docs/adr: late acknowledgement with `reject_on_worker_lost` brings
    back the job of a killed worker, a prefetch of one keeps jobs off busy workers, restore options
    find a dead worker's jobs, and no job has a countdown (Redis would run it several times).
    """
    return {
        "task_serializer": "json",
        "accept_content": ["json"],
        "result_serializer": "json",
        "task_ignore_result": True,
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_acks_on_failure_or_timeout": True,
        "task_track_started": False,
        "worker_prefetch_multiplier": 1,
        "worker_soft_shutdown_timeout": SOFT_SHUTDOWN_SECONDS,
        "worker_enable_soft_shutdown_on_idle": False,
        "worker_hijack_root_logger": False,
        "task_soft_time_limit": SOFT_LIMIT_SECONDS,
        "task_time_limit": HARD_LIMIT_SECONDS,
        "task_default_queue": QueueNames.GENERAL,
        "task_create_missing_queues": True,
        "task_routes": {task: {"queue": queue} for task, queue in ROUTES.items()},
        "task_publish_retry": True,
        "task_publish_retry_policy": {"max_retries": 1, "interval_start": 0, "interval_step": 0.1},
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # a worker outlives any outage of Redis
        "broker_transport_options": dict(_TRANSPORT),
        "timezone": "UTC",
        "enable_utc": True,
    }


def celery_url(redis_url: str) -> str:
    """The address as Celery writes it: sockets are `redis+socket:///path?virtual_host=0`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    database = parse_qs(parts.query).get("db", ["0"])[0]
    return f"redis+socket://{parts.path}?virtual_host={database}"
