"""What one worker process holds: its context, its models, and the thread that says it lives."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Sequence
from typing import Any

from celery import current_app
from celery.signals import worker_process_init, worker_process_shutdown

from config.settings import Settings
from service.adapters.article_fetch import FetchError, fetch_article
from service.adapters.logging import configure_logging
from service.adapters.queue import QueueNames
from service.adapters.tracing import start_tracing, stop_tracing, tracing
from service.bootstrap import make_context, settings_from_environment
from service.domain.scoring import Engine
from service.models import utc_now
from service.usecases.beat_scorer import beat_scorer, forget_scorer
from service.usecases.context import Context, FetchedText, FetchFailed
from service.usecases.record_policy import record_policy
from service.usecases.unindex_articles import unindex_articles
from workers.scorers.engine import load_engine
from workers.scorers.shadow import ShadowedEngine, load_shadow
from workers.traced_engine import TracedEngine

HEARTBEAT_SECONDS = 10
# A missing model may be fetched while we run: look again, but not for every comment.
RELOAD_SECONDS = 30
PROBLEM_CHARS = 200

log = logging.getLogger(__name__)


class WorkerProcess:
    """One per process, made after the fork so that no connection or model is shared."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.ctx: Context = make_context(settings)
        self.started_at = utc_now()
        self.name = f"{socket.gethostname()}-{os.getpid()}"
        self.problem: str | None = "loading"
        self._engine: Engine | None = None
        self._tried_at: float | None = None
        self._loading = threading.Lock()
        record_policy(self.ctx)

    def engine(self) -> Engine | None:
        """The models, loaded on first use; None while they cannot be loaded."""
        with self._loading:
            if self._engine is None and self._may_try():
                self._load()
            return self._engine

    def fetch(self, url: str, domains: Sequence[str]) -> FetchedText:
        """Fetch an article's text. Raises FetchFailed."""
        allow_private = self.settings.fetch_allow_private
        try:
            page = fetch_article(url, allowed_hosts=domains, allow_private=allow_private)
        except FetchError as error:
            raise FetchFailed(error.code, permanent=error.permanent) from error
        return FetchedText(page.title, page.body, page.published_at)

    def beat(self) -> None:
        """Say that this worker lives; a database that is down is only logged."""
        models = self._engine.models if self._engine else ()
        try:
            beat_scorer(
                self.ctx,
                worker=self.name,
                started_at=self.started_at,
                models=models,
                problem=self.problem,
            )
        except Exception as error:
            log.warning("heartbeat failed: %s", type(error).__name__)

    def leave(self) -> None:
        """Say that this worker stops."""
        try:
            forget_scorer(self.ctx, worker=self.name)
        except Exception as error:  # stopping must not fail for a database that is down
            log.warning("leaving failed: %s", type(error).__name__)

    def _may_try(self) -> bool:
        now = utc_now().timestamp()
        if self._tried_at is not None and now - self._tried_at < RELOAD_SECONDS:
            return False
        self._tried_at = now
        return True

    def _load(self) -> None:
        try:
            engine = self._loaded()
            unindexed = unindex_articles(self.ctx, models=engine.models)
            if unindexed:
                log.info("%d articles have vectors of another encoder", unindexed)
            self._engine, self.problem = engine, None
        except Exception as error:
            self.problem = f"{type(error).__name__}: {error}"[:PROBLEM_CHARS]
            log.error("models could not be loaded: %s", self.problem)

    def _loaded(self) -> Engine:
        engine: Engine = load_engine(self.settings)
        if self.settings.shadow_scorer:
            engine = ShadowedEngine(engine, load_shadow(self.settings, self.settings.shadow_scorer))
        trace = tracing()
        return TracedEngine(engine, trace) if trace is not None else engine


_process: WorkerProcess | None = None


def worker() -> WorkerProcess:
    """The worker of this process."""
    global _process  # noqa: PLW0603 - one per process, made by whoever asks first
    if _process is None:
        _process = WorkerProcess(settings_from_environment())
    return _process


def start_scoring(process: WorkerProcess) -> threading.Thread:
    """Load the models and keep saying that this worker lives, in a thread of its own."""

    def run() -> None:
        pause = threading.Event()
        while True:
            process.engine()
            process.beat()
            pause.wait(HEARTBEAT_SECONDS)

    thread = threading.Thread(target=run, name="heartbeat", daemon=True)
    thread.start()
    return thread


@worker_process_shutdown.connect
def _on_stop(**_: Any) -> None:
    stop_tracing()
    if _process is not None and _consumes_scoring():
        _process.leave()


@worker_process_init.connect
def _on_start(**_: Any) -> None:
    process = worker()
    configure_logging(process.settings.log_level)
    start_tracing(process.settings, "parley-worker")
    if _consumes_scoring():
        start_scoring(process)


def _consumes_scoring() -> bool:
    return QueueNames.SCORING in current_app.amqp.queues.consume_from
