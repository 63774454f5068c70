"""What the parts promise each other: every route names its callers, every job has a worker."""

from __future__ import annotations

import subprocess
import sys

from flask import Flask
from sqlalchemy import Engine

from service.adapters.database import is_current
from service.adapters.queue import QueueNames, TaskNames
from service.api.auth import ALLOWED


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    silent = [name for name, view in app.view_functions.items() if not hasattr(view, ALLOWED)]
    assert silent == []


def test_every_job_that_is_sent_has_a_task_and_every_task_a_name(
    monkeypatch: object, database_url: str, redis_url: str
) -> None:
    program = (
        "from workers.tasks import app;"
        "print(' '.join(sorted(n for n in app.tasks if not n.startswith('celery.'))))"
    )
    environ = {
        "PARLEY_DATABASE_URL": database_url,
        "PARLEY_REDIS_URL": redis_url,
        "PARLEY_SECRET_KEY": "x" * 40,
    }
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == sorted(TaskNames.ALL)


def test_every_queue_has_a_name() -> None:
    assert set(QueueNames.ALL) == {QueueNames.SCORING, QueueNames.GENERAL, QueueNames.OUTBOUND}


def test_the_web_process_loads_no_model_library(app: Flask) -> None:
    heavy = {"torch", "transformers", "onnxruntime", "tokenizers", "trafilatura", "numpy"}
    program = f"import sys, service.app;print(' '.join(sorted({heavy!r} & set(sys.modules))))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert not set(done.stdout.split()) - {"numpy"}  # pgvector brings numpy


def test_migrations_and_models_agree(engine: Engine) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from service.models import Base

    assert is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
