"""The Celery application: the same settings as the sender, the tasks, and the schedule of beat."""

from __future__ import annotations

import os

from celery import Celery

import workers.pulse  # noqa: F401 - beat says that it lives
from config.settings import Settings
from service.adapters.queue import ROUTES, TaskNames, celery_config, celery_url
from workers.task_metrics import count_tasks
from workers.task_origin import follow_requests

# A letter that is due waits at most so long.
DIGEST_SECONDS = 60


def make_celery() -> Celery:
    """The application, configured from the environment."""
    settings = Settings.from_env(os.environ)
    # Workers are started with `--include workers.tasks`; beat needs no task, only its name.
    celery = Celery("parley")
    celery.conf.update(
        celery_config(),
        broker_url=celery_url(settings.redis_url),
        beat_schedule={
            task: {
                "task": task,
                "schedule": seconds,
                # One that could not run in time is of no use: the next one does the same.
                "options": {"queue": ROUTES[task], "expires": seconds},
            }
            for task, seconds in _schedule(settings).items()
        },
    )
    return celery


def _schedule(settings: Settings) -> dict[str, int]:
    """What beat sends, and how often in seconds."""
    return {
        TaskNames.SWEEP: settings.sweep_seconds,
        TaskNames.KEEP_CLOCKS: settings.sweep_seconds,
        TaskNames.FOLLOW_EVENTS: settings.follow_seconds,
        TaskNames.SEND_DIGESTS: DIGEST_SECONDS,
        TaskNames.DELIVER_WEBHOOKS: settings.follow_seconds,
    }


count_tasks()
follow_requests()
app = make_celery()
