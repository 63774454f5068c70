"""`./parley up`: the whole of Parley on one machine, until somebody stops it."""

from __future__ import annotations

import contextlib
import errno
import ipaddress
import json
import logging
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service.local import components
from service.local.component import Component
from service.local.folder import DataFolder
from service.local.postgres import Cluster, prepare_cluster
from service.local.processes import StartFailed
from service.local.sockets import remove_sockets
from service.local.supervisor import Stopped, Supervisor
from service.local.valkey import ValkeyPlan, prepare_valkey

_READY_SECONDS = 120.0
_TELL_SECONDS = 3.0
_TELL_AGAIN_SECONDS = 15.0


@dataclass(frozen=True)
class Wishes:
    """The options of `up`."""

    host: str
    port: int
    data: Path
    demo: bool
    conversation: bool
    log_level: str

    @property
    def is_private(self) -> bool:
        """Whether nobody but this machine can reach it: only then is a sign-in link printed."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False


@dataclass(frozen=True)
class Demo:
    """What `seed-demo` said: whether there is a demo, a code to sign in with, what is left."""

    shown: bool = False
    code: str | None = None
    complete: bool = True


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


def free_port_next_to(host: str, port: int) -> int:
    """The port after `port`, or any free one where that is taken."""
    for candidate in (port + 1, 0):
        with contextlib.suppress(OSError, OverflowError), _probe(host) as probe:
            probe.bind((host, candidate))
            free: int = probe.getsockname()[1]
            return free
    raise StartFailed(f"no port is free on {host}")


def _probe(host: str) -> socket.socket:
    probe = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return probe


def check_port(host: str, port: int) -> None:
    """Raise `StartFailed` where the API could not listen there."""
    with _probe(host) as probe:
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
    cluster, plan = _start_servers(supervisor, folder, say)
    api = f"http://{_reachable(wishes.host)}:{wishes.port}"
    live_port = free_port_next_to(wishes.host, wishes.port)
    live = f"http://{_reachable(wishes.host)}:{live_port}"
    environ = components.environment(
        folder,
        database_url=cluster.url,
        redis_url=plan.url,
        api=api,
        live=live,
        log_level=wishes.log_level,
    )
    is_current = cluster.revision() == components.newest_revision()
    if not is_current:
        say("Bringing the database up to date ...")
        supervisor.run_once(components.command("migrate", "migrate", environ=environ))
    folder.announce({"database_url": cluster.url, "redis_url": plan.url, "api": api, "live": live})
    say("Starting the API, the workers and beat ...")
    parts = components.application(
        folder, api, f"{wishes.host}:{wishes.port}", wishes.log_level, environ
    )
    parts.append(components.live(live, f"{wishes.host}:{live_port}", environ))
    link = ("--link",) if wishes.is_private else ()
    seed = components.command("seed-demo", "seed-demo", "--json", *link, environ=environ)
    # What readiness depends on goes first; all at once, they would hold each other up.
    for component in parts[: components.NEEDED_FIRST]:
        supervisor.start(component)
    demo = _seed(supervisor, seed) if wishes.demo and not is_current else Demo()
    missing = _wait_answering(supervisor, api, say)
    seconds = time.monotonic() - began
    for component in parts[components.NEEDED_FIRST :]:
        supervisor.start(component)
    if wishes.demo and is_current:
        demo = _seed(supervisor, seed)
    if wishes.conversation and not demo.complete:
        supervisor.start(components.demo(environ))
    say(f"Parley runs ({seconds:.1f} s).")
    _report(supervisor, api, demo, missing, say)


def _seed(supervisor: Supervisor, seed: Component) -> Demo:
    said = json.loads(supervisor.run_once(seed))
    return Demo(True, said["code"], said["complete"]) if said["site"] else Demo()


def _start_servers(
    supervisor: Supervisor, folder: DataFolder, say: Callable[[str], None]
) -> tuple[Cluster, ValkeyPlan]:
    say(f"Starting PostgreSQL and Valkey in {folder.path} ...")
    cluster = prepare_cluster(folder.path / "postgres")
    plan = prepare_valkey(folder.path / "valkey")
    supervisor.start(components.postgres(cluster))
    supervisor.start(components.valkey(plan))
    supervisor.wait_ready("postgres")
    supervisor.wait_ready("valkey")
    cluster.ensure_database()
    return cluster, plan


def _reachable(host: str) -> str:
    # "All addresses" is where to listen, not where to go.
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"[{host}]" if ":" in host else host


def _wait_answering(supervisor: Supervisor, api: str, say: Callable[[str], None]) -> str:
    """Wait until the API is ready; returns what is still missing after the longest wait."""
    began = told_at = time.monotonic()
    told = ""
    while missing := components.readiness(api):
        supervisor.check()
        now = time.monotonic()
        if now - told_at > (_TELL_SECONDS if missing != told else _TELL_AGAIN_SECONDS):
            say(f"waiting ({missing})")
            told, told_at = missing, now
        if now - began > _READY_SECONDS:
            return missing
    return ""


def _report(
    supervisor: Supervisor, api: str, demo: Demo, missing: str, say: Callable[[str], None]
) -> None:
    say("")
    for child in supervisor.children.values():
        component = child.component
        say(f"  {component.name:15} {child.process.pid:>7}  {component.address:38}  {child.log}")
    say("")
    if demo.shown:
        say(f"  demo       {api}/demo")
    if demo.code:
        say(f"  console    {api}/console#sign-in={demo.code}   (once, within 15 minutes)")
    else:
        say(f"  console    {api}/console   (its people: ./parley moderators add)")
    say(f"  API        {api}/api/v1")
    say(f"  API docs   {api}/api/v1/docs")
    say(f"  metrics    {api}/metrics")
    if missing:
        say(f"\nNot ready: {missing}. Comments are taken and held until that is mended.")
    say("\nCtrl-C stops all of it.")
