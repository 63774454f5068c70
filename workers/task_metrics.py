"""What workers and beat count of Celery's own doing: tasks by state and time, and beat's ticks."""

from __future__ import annotations

import os
import time
from functools import cache
from typing import Any

from billiard.exceptions import TimeLimitExceeded
from celery import Task
from celery.signals import (
    after_task_publish,
    beat_init,
    task_failure,
    task_postrun,
    task_prerun,
    worker_ready,
)

from config.settings import Settings
from service.adapters.metrics import Metrics
from service.adapters.metrics_folder import serve_metrics

# Task id → when it began. A pool's process works on one at a time.
_began: dict[str, float] = {}


def count_tasks() -> None:
    """Connect to Celery's signals; in whichever process, only what happens there is counted."""
    task_prerun.connect(_begin)
    task_postrun.connect(_end)
    task_failure.connect(_fail)
    worker_ready.connect(_serve)
    beat_init.connect(_start_beat)


@cache
def _settings() -> Settings:
    return Settings.from_env(os.environ)


@cache
def _metrics() -> Metrics:
    return Metrics(_settings().metrics_dir)


def _begin(task_id: str, **_: Any) -> None:
    _began[task_id] = time.perf_counter()


def _end(task_id: str, task: Task, state: str | None = None, **_: Any) -> None:
    began = _began.pop(task_id, None)
    if began is not None:
        seconds = time.perf_counter() - began
        _metrics().record_task(task.name, (state or "unknown").lower(), seconds)


def _fail(sender: Task, exception: BaseException, **_: Any) -> None:
    """In the worker's first process: it has killed the one that would have counted.

    A task whose process died in another way is handed out again, and counted when it is done.
    """
    if isinstance(exception, TimeLimitExceeded):
        _metrics().record_task_timeout(sender.name)


def _start_beat(**_: Any) -> None:
    # Here and not at import: workers send tasks as well, and are not beat.
    after_task_publish.connect(_tick)
    _serve()


def _tick(sender: str, **_: Any) -> None:
    _metrics().record_beat(sender, time.time())


def _serve(**_: Any) -> None:
    """In the first process of a worker, and in beat: it answers for all that share the folder."""
    if _settings().metrics_port and _settings().metrics_dir:
        serve_metrics(_settings().metrics_port, _settings().metrics_dir)
