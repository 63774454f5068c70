"""`./parley up`: the whole of Parley on one machine, until somebody stops it."""

from __future__ import annotations

import errno
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service.local import components
from service.local.folder import DataFolder
from service.local.postgres import prepare_cluster
from service.local.processes import StartFailed, last_lines
from service.local.sockets import remove_sockets
from service.local.supervisor import Stopped, Supervisor
from service.local.valkey import prepare_valkey

_READY_SECONDS = 120.0


@dataclass(frozen=True)
class Wishes:
    """The options of `up`."""

    host: str
    port: int
    data: Path
    demo: bool
    log_level: str


def up(wishes: Wishes, say: Callable[[str], None]) -> int:
    """Start everything, watch over it, stop everything; returns the exit status."""
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    folder = DataFolder(wishes.data.resolve())
    try:
        lock = folder.hold()
        check_port(wishes.host, wishes.port)
    except StartFailed as error:
        say(f"Parley cannot start: {error}")
        return 1
    supervisor = Supervisor(folder, say)
    supervisor.listen()
    status = 0
    try:
        _start(supervisor, folder, wishes, say)
        supervisor.watch()
    except Stopped:
        say("Stopping ...")
    except StartFailed as error:
        say(f"Parley stops: {error}")
        status = 1
    finally:
        supervisor.stop(components.STOP_ORDER)
        folder.withdraw()
        remove_sockets(folder.path / "postgres")
        remove_sockets(folder.path / "valkey")
        lock.close()
    say("Stopped.")
    return status


def check_port(host: str, port: int) -> None:
    """Raise `StartFailed` where the API could not listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartFailed(
                    f"port {port} on {host} is taken; stop what uses it, or choose another "
                    "with --port"
                ) from None
            raise StartFailed(f"cannot listen on {host}:{port}: {error.strerror}") from error


def _start(
    supervisor: Supervisor, folder: DataFolder, wishes: Wishes, say: Callable[[str], None]
) -> None:
    began = time.monotonic()
    for name in folder.end_orphans():
        say(f"ended {name}, left over from an earlier start")
    folder.empty_metrics()
    folder.logs.mkdir(exist_ok=True)
    cluster = prepare_cluster(folder.path / "postgres")
    plan = prepare_valkey(folder.path / "valkey")
    supervisor.start(components.postgres(cluster))
    supervisor.start(components.valkey(plan))
    supervisor.wait_ready("postgres")
    supervisor.wait_ready("valkey")
    cluster.ensure_database()

    api = f"http://{wishes.host}:{wishes.port}"
    environ = components.environment(
        folder,
        database_url=cluster.url,
        redis_url=plan.url,
        api=api,
        log_level=wishes.log_level,
    )
    supervisor.run_once(components.command("migrate", "migrate", environ=environ))
    for component in components.application(
        folder, wishes.host, wishes.port, wishes.log_level, environ
    ):
        supervisor.start(component)
    demo = ""
    if wishes.demo:
        demo = supervisor.run_once(components.command("seed-demo", "seed-demo", environ=environ))
    folder.announce({"database_url": cluster.url, "redis_url": plan.url, "api": api})
    _wait_answering(supervisor, f"{api}/readyz")
    _report(supervisor, api, demo, time.monotonic() - began, say)


def _wait_answering(supervisor: Supervisor, url: str) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while not components.answers(url):
        supervisor.check()
        if time.monotonic() > deadline:
            log = supervisor.children["api"].log
            raise StartFailed(f"{url} does not say it is ready:\n{last_lines(log)}")


def _report(
    supervisor: Supervisor, api: str, demo: str, seconds: float, say: Callable[[str], None]
) -> None:
    say(f"Parley runs ({seconds:.1f} s).\n")
    for child in supervisor.children.values():
        component = child.component
        say(f"  {component.name:15} {child.process.pid:>7}  {component.address:44}  {child.log}")
    say(f"\n  API       {api}/api/v1")
    say(f"  API docs  {api}/api/v1/docs")
    say(f"  metrics   {api}/metrics")
    for line in demo.splitlines():
        say(f"  {line}")
    say("\nCtrl-C stops all of it.")
