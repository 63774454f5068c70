"""The parts of the one-machine stack, and the environment they share."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from service.local.component import Component
from service.local.folder import DataFolder
from service.local.postgres import Cluster
from service.local.valkey import ValkeyPlan

ROOT = Path(__file__).resolve().parent.parent.parent
# Ended group by group: first what takes work, then what does it, then what it is kept in.
STOP_ORDER = (
    ("demo", "api", "live", "beat", "worker-general", "worker-scoring"),
    ("valkey",),
    ("postgres",),
)
NEEDED_FIRST = 2
_API_WORKERS = 2
_API_THREADS = 8
# A full queue must not slow down those who post. 5 is a third of the usual share of a busy machine.
_SCORING_NICENESS = 5
_HTTP_SECONDS = 5
_REVISION = re.compile(r"^revision(?:: str)? = [\"'](\w+)[\"']", re.MULTILINE)
_FOLLOWS = re.compile(r"^down_revision(?:: [^=]+)? = [\"'](\w+)[\"']", re.MULTILINE)


def postgres(cluster: Cluster) -> Component:
    """The database."""
    return Component(
        "postgres",
        cluster.command,
        address=str(cluster.socket_dir),
        environ=_bare(os.environ),
        ready=cluster.answers,
        user=cluster.account,
        ask=signal.SIGINT,  # its fast shutdown: ends sessions, flushes the data
        on_parent_death=signal.SIGINT,
    )


def valkey(plan: ValkeyPlan) -> Component:
    """The broker and cache."""
    return Component(
        "valkey",
        plan.command,
        address=str(plan.socket),
        environ=_bare(os.environ),
        ready=plan.answers,
        on_parent_death=signal.SIGTERM,
    )


def command(name: str, *arguments: str, environ: Mapping[str, str]) -> Component:
    """A `service.cli` command that runs to its end."""
    return Component(name, (sys.executable, "-m", "service.cli", *arguments), environ=environ)


def demo(environ: Mapping[str, str]) -> Component:
    """The demo's conversation: it ends by itself, and gives way to everything else."""
    said = command("demo", "seed-demo", "--conversation", environ=environ)
    return replace(said, address="its people write", once=True, niceness=_SCORING_NICENESS)


def application(
    folder: DataFolder, api_url: str, bind: str, log_level: str, environ: Mapping[str, str]
) -> list[Component]:
    """API, both workers and beat; the first NEEDED_FIRST of them make the stack ready."""
    celery = (sys.executable, "-m", "celery", "--app", "workers.app:app")
    worker = (
        *(*celery, "worker", "--include", "workers.tasks"),
        *("--without-gossip", "--without-mingle", "--loglevel", log_level),
    )
    api = (
        *(sys.executable, "-m", "gunicorn", "--config", str(ROOT / "config" / "gunicorn.py")),
        *("--bind", bind, "--log-level", log_level, "--graceful-timeout", "3"),
        *("--workers", str(_API_WORKERS), "--threads", str(_API_THREADS)),
        "service.app:create_app()",
    )
    scoring = (*worker, "--queues", "scoring", "--concurrency", "1", "--hostname", "scoring@%h")
    # Two processes: one may wait for somebody's web server while the other keeps the clocks.
    general = (
        *(*worker, "--queues", "general,outbound", "--concurrency", "2"),
        *("--hostname", "general@%h"),
    )
    schedule = str(folder.path / "run" / "beat-schedule")
    beat = (*celery, "beat", "--schedule", schedule, "--loglevel", log_level)
    return [
        Component("api", api, address=api_url, environ=environ),
        Component(
            "worker-scoring",
            scoring,
            address="queue scoring",
            environ=environ,
            niceness=_SCORING_NICENESS,
        ),
        Component("worker-general", general, address="queues general, outbound", environ=environ),
        Component("beat", beat, address="schedule", environ=environ, patience=5.0),
    ]


def live(url: str, bind: str, environ: Mapping[str, str]) -> Component:
    """The process that holds readers' streams; nothing else waits for it."""
    own = {name: value for name, value in environ.items() if name != "PROMETHEUS_MULTIPROC_DIR"}
    command = (sys.executable, "-m", "service.live", "--bind", bind)
    return Component("live", command, address=url, environ=own, patience=5.0)


def newest_revision() -> str:
    """The id of the last migration in the source; '' where it cannot be told from the files.

    Read and not imported: loading alembic takes longer than the rest of a second start.
    """
    folder = ROOT / "service" / "migrations" / "versions"
    texts = [file.read_text() for file in folder.glob("*.py")]
    ids = {found[1] for text in texts if (found := _REVISION.search(text))}
    followed = {found[1] for text in texts if (found := _FOLLOWS.search(text))}
    heads = ids - followed
    return heads.pop() if len(heads) == 1 else ""


def environment(
    folder: DataFolder, *, database_url: str, redis_url: str, api: str, live: str, log_level: str
) -> dict[str, str]:
    """What every part of ours runs with: the caller's environment and this stack's settings."""
    return {
        **_bare(os.environ),
        "PARLEY_PUBLIC_URL": api,
        # Readers who come through somebody's proxy reach its address and no port of ours.
        "PARLEY_LIVE_URL": os.environ.get("PARLEY_PUBLIC_URL", live),
        **{name: value for name, value in os.environ.items() if name.startswith("PARLEY_")},
        "PARLEY_DATABASE_URL": database_url,
        "PARLEY_REDIS_URL": redis_url,
        "PARLEY_SECRET_KEY": folder.secret_key(),
        "PARLEY_LOG_LEVEL": log_level,
        "PARLEY_METRICS_DIR": str(folder.metrics),
        "PROMETHEUS_MULTIPROC_DIR": str(folder.metrics),
        # macOS kills forked children of gunicorn and Celery without it.
        "OBJC_DISABLE_INITIALIZE_FORK_SAFETY": "YES",
        "PYTHONUNBUFFERED": "1",
    }


def readiness(api: str) -> str:
    """'' once the API says it is ready, else what it says is missing."""
    try:
        with urllib.request.urlopen(f"{api}/readyz", timeout=_HTTP_SECONDS):  # noqa: S310 - ours
            return ""
    except urllib.error.HTTPError as refusal:
        try:
            with refusal:
                parts = json.load(refusal)
        except ValueError:
            return f"status {refusal.code}"
        wanted = ("database", "redis", "scorer")
        return ", ".join(f"{part}: {parts[part]}" for part in wanted if parts.get(part) != "ok")
    except OSError:
        return "the API does not answer yet"


def _bare(environ: Mapping[str, str]) -> dict[str, str]:
    # PG* variables of the caller would redirect the server's own tools and every client.
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(("PG", "PARLEY_", "CELERY_", "GUNICORN_"))
    }
