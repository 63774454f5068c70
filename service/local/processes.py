"""Start and stop one child process so that nothing outlives its parent."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PR_SET_PDEATHSIG = 1
# Loaded here and not in the child: after a fork only calls that take no locks are safe.
_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class StartFailed(RuntimeError):
    """A server or component did not come up; the message is meant for the person who started it."""


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    answer: Path | None = None,
    environ: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    user: str | None = None,
    on_parent_death: signal.Signals = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """Start `command` in its own session with both outputs appended to `log`.

    `answer` takes its standard output apart from the log, from the start of that file;
    `user` is an account to run as (only root may give one); `on_parent_death` is what the child
    gets on Linux when this process dies without saying so.
    Raises `StartFailed` where the program cannot be executed.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as errors, answer.open("wb") if answer else log.open("ab") as output:
        try:
            return subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=errors,
                env=dict(environ) if environ is not None else None,
                cwd=cwd,
                user=user,
                group=_group_of(user),
                extra_groups=[] if user else None,
                start_new_session=True,
                preexec_fn=_tie_to_us(on_parent_death),  # noqa: PLW1509 - one thread here
            )
        except OSError as error:
            raise StartFailed(f"cannot start {command[0]}: {error}") from error


def stop(
    process: subprocess.Popen[bytes],
    *,
    ask: signal.Signals = signal.SIGTERM,
    patience: float = 10.0,
) -> None:
    """End a child: `ask` first, wait `patience` seconds, then kill its whole session."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(ask)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    kill_session(process.pid)
    process.wait()


def kill_session(pid: int) -> None:
    """Kill what is left of the session that the child `pid` led, the child itself included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def lower_priority(pid: int, niceness: int) -> None:
    """Give the session that `pid` leads a smaller share of a busy machine (`niceness` 1-19)."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PGRP, pid, niceness)
        # On most Linux machines each session is a scheduling group of its own: there the nice
        # value counts inside the session only, and the group needs it too.
        Path(f"/proc/{pid}/autogroup").write_text(str(niceness))


def last_lines(log: Path, count: int = 20) -> str:
    """The end of a log file, for an error message; '' where there is none."""
    if not log.exists():
        return ""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:])


def _group_of(user: str | None) -> int | None:
    return None if user is None else pwd.getpwnam(user).pw_gid


def _tie_to_us(on_parent_death: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def in_child() -> None:
        if _LIBC is not None:
            _LIBC.prctl(_PR_SET_PDEATHSIG, int(on_parent_death), 0, 0, 0)
            if os.getppid() != parent:  # the parent died before the line above
                os._exit(1)

    return in_child
