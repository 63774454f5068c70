"""Each task says in its lines which request it comes from, and is a span of that one's trace."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

from celery import Task
from celery.signals import setup_logging, task_postrun, task_prerun

from config.settings import Settings
from service.adapters.correlation import take_up
from service.adapters.logging import clear_context, configure_logging
from service.adapters.tracing import tracing
from workers.engine_settings import settings_without_servers

FAILED = "FAILURE"

# Task id → the span it is in. A pool's process works on one at a time.
_open: dict[str, ExitStack] = {}


def follow_requests() -> None:
    """Connect to Celery's signals: in whichever process tasks run, and for every line of it."""
    task_prerun.connect(_begin)
    task_postrun.connect(_end)
    # With a listener, Celery sets up no logging of its own: all lines are JSON.
    setup_logging.connect(_log)


def _begin(task_id: str, task: Task, **_: Any) -> None:
    headers = task.request.headers or {}
    take_up(headers, task=task.name, task_id=task_id)
    trace = tracing()
    if trace is None:
        return
    stack = ExitStack()
    stack.enter_context(
        trace.span(
            f"task {task.name}",
            kind="consumer",
            parent={name: str(value) for name, value in headers.items()},
            attributes={"messaging.system": "celery", "messaging.message.id": task_id},
        )
    )
    _open[task_id] = stack


def _end(task_id: str, state: str | None = None, **_: Any) -> None:
    stack = _open.pop(task_id, None)
    if stack is not None:
        stack.close()
    clear_context()


def _log(**_: Any) -> None:
    settings: Settings = settings_without_servers()
    configure_logging(settings.log_level)
