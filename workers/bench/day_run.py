"""Play a day on a running stack: readers, moderators and the clock, each in a thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import create_engine, text

from workers.bench.chaos import PENDING
from workers.bench.day_ledger import Ledger
from workers.bench.day_moderators import Moderator
from workers.bench.day_readers import Clock, appeal_for_authors, post_comments, send_reports
from workers.bench.day_site import LEAD, Site, open_site
from workers.bench.day_verdict import Judge
from workers.bench.day_world import Planned, World
from workers.bench.running_stack import RunningStack

POSTERS = 3
SAMPLES = 60
SCORED_WITHIN_SECONDS = 1_800.0
# After the day the desk gets half as long again to finish, and never less than this.
WRAP_UP_SHARE, WRAP_UP_LEAST_SECONDS = 0.5, 60.0
# Quiet: the queue was empty this often in a row, half as many seconds apart as the sweep.
QUIET_LOOKS = 4
QUIET_EVERY_SECONDS = 5.0
# The sweep opens second looks; the last decisions become final meanwhile.
SETTLE_SECONDS = 12.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How long the day is, how long a moderator looks at a comment on average, and how often errs.

    `error_rate` is a share (0–1) of the comments, each person's own.
    """

    seconds: float
    think_seconds: float
    error_rate: float


class _Crew:
    """Threads whose failures end the run instead of going unnoticed."""

    def __init__(self) -> None:
        self._threads: list[threading.Thread] = []
        self._failures: list[BaseException] = []

    def start(self, work: Callable[[], None]) -> threading.Thread:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:
                self._failures.append(error)

        thread = threading.Thread(target=guarded, daemon=True)
        self._threads.append(thread)
        thread.start()
        return thread

    def join(self, threads: Sequence[threading.Thread]) -> None:
        for thread in threads:
            thread.join()
        if self._failures:
            raise self._failures[0]


def play_day(
    stack: RunningStack, world: World, pace: Pace, say: Callable[[str], None]
) -> tuple[Ledger, float]:
    """Play it through; gives what was seen, and the seconds until no comment was pending.

    Ends when the queue has been empty for a while, or the time for wrapping up is over.
    """
    ledger = Ledger()
    site = open_site(stack, ledger, world.articles)
    ledger.began = time.monotonic()
    clock = Clock(ledger, pace.seconds)
    stop, day_over, crew = threading.Event(), threading.Event(), _Crew()
    comments = _Shared(world.comments)
    outside = [crew.start(lambda: post_comments(site, clock, comments)) for _ in range(POSTERS)]
    outside.append(crew.start(lambda: send_reports(site, clock, world)))
    authors = crew.start(lambda: appeal_for_authors(site, world.seed, stop.is_set))
    desk = [
        crew.start(_moderator(site, name, token, world, pace, stop).work)
        for name, token in site.moderators.items()
    ]
    lead = _moderator(site, LEAD, site.lead, world, pace, stop)
    desk.append(crew.start(lambda: lead.lead(day_over)))
    watch = crew.start(lambda: _watch(site, pace.seconds / SAMPLES, stop))
    crew.join(outside)
    say(f"{len(ledger.posted)} comments and all reports after {ledger.seconds:.0f} s")
    _wait_until_scored(stack)
    seconds_to_scored = ledger.seconds
    say(f"all are scored after {seconds_to_scored:.0f} s")
    day_over.set()
    _wait_for_quiet(site, max(WRAP_UP_LEAST_SECONDS, WRAP_UP_SHARE * pace.seconds), say)
    stop.set()
    crew.join([*desk, authors, watch])
    time.sleep(SETTLE_SECONDS)
    return ledger, seconds_to_scored


class _Shared(Iterator[Planned]):
    """The comments in order, for several threads."""

    def __init__(self, comments: Sequence[Planned]) -> None:
        self._comments = iter(comments)
        self._lock = threading.Lock()

    def __next__(self) -> Planned:
        with self._lock:
            return next(self._comments)


def _moderator(
    site: Site, name: str, token: str, world: World, pace: Pace, stop: threading.Event
) -> Moderator:
    judge = Judge(name=name, seed=world.seed, error_rate=pace.error_rate)
    return Moderator(site, name, token, judge, pace.think_seconds, stop)


def _queues(site: Site) -> list[dict[str, object]]:
    answer = site.ask("GET", "/moderation/queues", token=site.lead)
    queues: list[dict[str, object]] = answer.json["queues"]
    return queues


def _watch(site: Site, every: float, stop: threading.Event) -> None:
    while not stop.is_set():
        site.ledger.sample(_queues(site))
        stop.wait(every)
    site.ledger.sample(_queues(site))


def _wait_until_scored(stack: RunningStack) -> None:
    """Wait until no comment is pending. Raises TimeoutError after SCORED_WITHIN_SECONDS."""
    engine = create_engine(stack.facts()["database_url"])
    end = time.monotonic() + SCORED_WITHIN_SECONDS
    try:
        while time.monotonic() < end:
            with engine.connect() as connection:
                if not connection.execute(text(PENDING)).scalar_one():
                    return
            time.sleep(QUIET_EVERY_SECONDS)
    finally:
        engine.dispose()
    raise TimeoutError(f"comments are pending {SCORED_WITHIN_SECONDS:.0f} s after the day")


def _wait_for_quiet(site: Site, seconds: float, say: Callable[[str], None]) -> None:
    end, quiet = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        queues = _queues(site)
        quiet = 0 if queues else quiet + 1
        if quiet >= QUIET_LOOKS:
            return
        time.sleep(QUIET_EVERY_SECONDS)
    say(f"left after the day: {', '.join(str(queue['queue']) for queue in queues)}")
