"""What workers and beat count of Celery's doing, told by Celery's own signals."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from billiard.exceptions import TimeLimitExceeded
from celery import Celery
from celery.signals import after_task_publish, beat_init, task_failure

from tests.adapters.test_metrics import value
from workers import task_metrics

EXAMPLE = {
    "PARLEY_DATABASE_URL": "postgresql+psycopg://localhost/example",
    "PARLEY_REDIS_URL": "redis://localhost/0",
    "PARLEY_SECRET_KEY": "0123456789abcdef0123456789abcdef",
}

app = Celery("example")


@app.task(name="works")
def works() -> None:
    pass


@app.task(name="breaks")
def breaks() -> None:
    raise RuntimeError("as it should")


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Counters of this test alone."""
    for name, given in EXAMPLE.items():
        monkeypatch.setenv(name, given)
    forget()
    task_metrics.count_tasks()
    yield
    after_task_publish.disconnect(task_metrics._tick)
    forget()


def test_a_task_is_counted_by_how_it_ended_and_timed() -> None:
    works.apply()
    works.apply()
    breaks.apply()
    assert value(page(), "parley_tasks_total", task="works", state="success") == 2
    assert value(page(), "parley_tasks_total", task="breaks", state="failure") == 1
    assert value(page(), "parley_task_seconds_count", task="works") == 2


def test_a_task_that_was_killed_over_its_time_is_counted_though_it_never_ended() -> None:
    task_failure.send(sender=works, task_id="1", exception=TimeLimitExceeded(150))
    assert value(page(), "parley_tasks_total", task="works", state="timeout") == 1


def test_beat_leaves_the_time_of_what_it_sent_last() -> None:
    beat_init.send(sender=None)
    after_task_publish.send(sender="works", headers={}, body=())
    assert value(page(), "parley_beat_sent_total", task="works") == 1
    assert value(page(), "parley_beat_last_tick_timestamp_seconds") > 0


def test_what_others_send_is_not_taken_for_a_tick_of_beat() -> None:
    after_task_publish.send(sender="works", headers={}, body=())
    assert value(page(), "parley_beat_last_tick_timestamp_seconds") == 0


def page() -> bytes:
    return task_metrics._metrics().render()


def forget() -> None:
    task_metrics._settings.cache_clear()
    task_metrics._metrics.cache_clear()
