"""Keeps the components running: starts them, restarts those that die, ends them in order."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from service.local.component import Component
from service.local.folder import DataFolder
from service.local.processes import StartFailed, kill_session, last_lines, lower_priority, spawn

_TICK = 0.05
_READY_SECONDS = 90.0
_QUICK_DEATH_SECONDS = 20.0
_QUICK_DEATHS = 5
# A kill comes from outside (a person, a test, the kernel short of memory) and says little about
# the component: be patient, and quick.
_QUICK_KILLS = 20
_LONGEST_PAUSE_AFTER_KILL = 1.0
_QUICK_DEATHS_AT_START = 2  # what never worked will not work the fifth time either
_FIRST_PAUSE = 0.25
_LONGEST_PAUSE = 10.0
_LOADING_SECONDS = 5.0
_LOG_BYTES = 20_000_000


class Stopped(Exception):
    """Somebody asked us to stop."""


@dataclass
class Child:
    """A component and its present process."""

    component: Component
    log: Path
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    quick_deaths: int = 0
    restart_at: float | None = None
    lowered: bool = False


class Supervisor:
    """Runs components one after another and watches over them until it is told to stop."""

    def __init__(self, folder: DataFolder, say: Callable[[str], None]) -> None:
        self._folder = folder
        self._say = say
        self._asked = 0
        self._settled = False
        self.children: dict[str, Child] = {}

    def listen(self) -> None:
        """Take Ctrl-C and SIGTERM as the wish to stop; a second one kills instead of asking."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._on_signal)

    def start(self, component: Component) -> None:
        """Start a component without waiting for it."""
        log = self._folder.logs / f"{component.name}.log"
        with contextlib.suppress(FileNotFoundError):
            if log.stat().st_size > _LOG_BYTES:
                log.replace(log.with_suffix(".log.1"))
        self.children[component.name] = Child(component, log, self._spawn(component, log))

    def wait_ready(self, name: str) -> None:
        """Wait until a started component is ready.

        Raises `StartFailed` with the end of its log where it died or took too long.
        """
        child = self.children[name]
        deadline = time.monotonic() + _READY_SECONDS
        while not child.component.ready():
            self._pause()
            if child.process.poll() is not None:
                raise StartFailed(f"{name} ended while starting:\n{last_lines(child.log)}")
            if time.monotonic() > deadline:
                raise StartFailed(f"{name} is not ready in time:\n{last_lines(child.log)}")

    def run_once(self, component: Component) -> str:
        """Run a component to its end; returns what it printed. Raises `StartFailed`."""
        log = self._folder.logs / f"{component.name}.log"
        answer = self._folder.logs / f"{component.name}.out"
        log.unlink(missing_ok=True)
        process = self._spawn(component, log, answer)
        try:
            while process.poll() is None:
                self._pause()
        finally:
            kill_session(process.pid)
            self._folder.forget(component.name)
        if process.returncode != 0:
            raise StartFailed(f"{component.name} failed:\n{last_lines(answer)}\n{last_lines(log)}")
        said = answer.read_text(errors="replace")
        answer.unlink()  # it may hold what only this start's reader is to see
        return said

    def watch(self) -> None:
        """Restart what dies, for ever. Raises `StartFailed` where a component cannot be kept up."""
        self._settled = True
        while True:
            self.check()

    def check(self) -> None:
        """One look at every child. Raises `Stopped` or `StartFailed`."""
        self._pause()
        for child in list(self.children.values()):
            self._look_after(child)

    def stop(self, order: Sequence[Sequence[str]]) -> None:
        """End everything, group by group; the members of one group end at the same time."""
        for group in order:
            leaving = [self.children[name] for name in group if name in self.children]
            for child in leaving:
                with contextlib.suppress(ProcessLookupError):
                    child.process.send_signal(child.component.ask)
            for child in leaving:
                self._wait_gone(child)

    def _wait_gone(self, child: Child) -> None:
        patience = child.component.patience
        deadline = time.monotonic() + patience
        asked = self._asked
        while child.process.poll() is None and time.monotonic() < deadline:
            time.sleep(_TICK)
            if self._asked > max(asked, 1):
                break
        if child.process.poll() is None:
            self._say(f"{child.component.name} did not stop by itself; killed")
        kill_session(child.process.pid)
        child.process.wait()
        self._folder.forget(child.component.name)

    def _look_after(self, child: Child) -> None:
        status = child.process.poll()
        now = time.monotonic()
        if status is None:
            self._lower(child, now)
            return
        if child.component.once:
            self._let_go(child, status)
        elif child.restart_at is None:
            kill_session(child.process.pid)  # its own children must not meet their successors
            quick = now - child.started < _QUICK_DEATH_SECONDS
            child.quick_deaths = child.quick_deaths + 1 if quick else 0
            if child.quick_deaths >= self._deaths_allowed(status):
                raise StartFailed(
                    f"{child.component.name} died {child.quick_deaths} times in a row:\n"
                    f"{last_lines(child.log)}"
                )
            longest = _LONGEST_PAUSE_AFTER_KILL if status == -signal.SIGKILL else _LONGEST_PAUSE
            pause = min(_FIRST_PAUSE * 2**child.quick_deaths, longest)
            child.restart_at = now + pause
            self._say(
                f"{child.component.name} {_how(status)}; starting it again in {pause:g} s "
                f"(log: {child.log})"
            )
        elif now >= child.restart_at:
            child.process = self._spawn(child.component, child.log)
            child.started, child.restart_at, child.lowered = now, None, False
            self._say(f"{child.component.name} is process {child.process.pid} now")

    def _let_go(self, child: Child, status: int) -> None:
        name = child.component.name
        kill_session(child.process.pid)
        self._folder.forget(name)
        del self.children[name]
        outcome = "is done" if status == 0 else f"{_how(status)}; the next start goes on with it"
        self._say(f"{name} {outcome} (log: {child.log})")

    def _deaths_allowed(self, status: int) -> int:
        if status == -signal.SIGKILL:
            return _QUICK_KILLS
        return _QUICK_DEATHS if self._settled else _QUICK_DEATHS_AT_START

    def _lower(self, child: Child, now: float) -> None:
        # Not before: at a low priority, loading models on a busy machine takes minutes.
        if child.component.niceness and not child.lowered and self._settled:
            if now - child.started > _LOADING_SECONDS:
                lower_priority(child.process.pid, child.component.niceness)
                child.lowered = True

    def _spawn(
        self, component: Component, log: Path, answer: Path | None = None
    ) -> subprocess.Popen[bytes]:
        process = spawn(
            component.command,
            log=log,
            answer=answer,
            environ=component.environ,
            user=component.user,
            on_parent_death=component.on_parent_death,
        )
        self._folder.remember(component.name, process.pid)
        return process

    def _pause(self) -> None:
        if self._asked:
            raise Stopped
        time.sleep(_TICK)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1


def _how(status: int) -> str:
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"ended with status {status}"
