"""The supervisor with real processes: what dies comes back, and nothing is ever left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from service.local.component import Component
from service.local.folder import DataFolder
from service.local.processes import StartFailed
from service.local.supervisor import Supervisor

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 30.0
# A process with a child of its own, as gunicorn and Celery are.
FAMILY = (
    sys.executable,
    "-c",
    "import subprocess, time; subprocess.Popen(['sleep', '300']); time.sleep(300)",
)


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(tmp_path: Path, said: list[str]) -> Iterator[Supervisor]:
    supervisor = Supervisor(DataFolder(tmp_path), said.append)
    yield supervisor
    supervisor.stop([list(supervisor.children)])


def test_a_killed_component_is_started_again(supervisor: Supervisor, said: list[str]) -> None:
    supervisor.start(Component("api", FAMILY))
    first = supervisor.children["api"].process.pid
    os.kill(first, signal.SIGKILL)

    until(lambda: supervisor.children["api"].process.pid != first, supervisor)

    assert supervisor.children["api"].process.poll() is None
    assert "killed by SIGKILL" in said[0]


def test_the_children_of_a_killed_component_do_not_meet_their_successors(
    supervisor: Supervisor,
) -> None:
    supervisor.start(Component("worker", FAMILY))
    first = supervisor.children["worker"].process.pid
    until(lambda: len(psutil.Process(first).children()) == 1, supervisor)
    grandchild = psutil.Process(first).children()[0]
    os.kill(first, signal.SIGKILL)

    until(lambda: supervisor.children["worker"].process.pid != first, supervisor)

    assert not grandchild.is_running() or grandchild.status() == psutil.STATUS_ZOMBIE


def test_what_cannot_be_kept_up_stops_everything_and_shows_its_last_words(
    supervisor: Supervisor,
) -> None:
    supervisor.start(Component("api", ("sh", "-c", "echo no such table; exit 3")))

    with pytest.raises(StartFailed, match=r"(?s)api died .* times in a row.*no such table"):
        until(lambda: False, supervisor)


def test_a_component_that_ends_while_starting_is_reported_with_its_log(
    supervisor: Supervisor,
) -> None:
    never = Component("api", ("sh", "-c", "echo wrong setting; exit 1"), ready=lambda: False)
    supervisor.start(never)

    with pytest.raises(StartFailed, match="wrong setting"):
        supervisor.wait_ready("api")


def test_a_program_that_does_not_exist_is_a_clear_error(supervisor: Supervisor) -> None:
    with pytest.raises(StartFailed, match="no-such-program"):
        supervisor.start(Component("api", ("no-such-program",)))


@pytest.mark.parametrize(
    ("status", "says"), [(0, "demo is done"), (3, "demo ended with status 3; the next start")]
)
def test_a_component_that_ends_by_itself_is_let_go_and_stops_nothing(
    supervisor: Supervisor, said: list[str], status: int, says: str
) -> None:
    supervisor.start(Component("api", ("sleep", "300")))
    supervisor.start(Component("demo", ("sh", "-c", f"exit {status}"), once=True))

    until(lambda: "demo" not in supervisor.children, supervisor)

    assert says in said[0]
    assert list(supervisor.children) == ["api"]


def test_a_command_that_runs_once_gives_what_it_printed(supervisor: Supervisor) -> None:
    talk = Component("seed", ("sh", "-c", "echo for you; echo for the log >&2"))

    assert supervisor.run_once(talk) == "for you\n"


def test_a_command_that_fails_is_reported_with_its_errors(supervisor: Supervisor) -> None:
    fail = Component("migrate", ("sh", "-c", "echo relation missing >&2; exit 1"))

    with pytest.raises(StartFailed, match="relation missing"):
        supervisor.run_once(fail)


def test_a_component_that_will_not_stop_is_killed(supervisor: Supervisor) -> None:
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', " + (
        "flush=True); time.sleep(300)"
    )
    supervisor.start(Component("worker", (sys.executable, "-c", deaf), patience=0.5))
    child = supervisor.children["worker"]
    until(lambda: "deaf" in child.log.read_text(), supervisor)

    supervisor.stop([["worker"]])

    assert child.process.returncode == -signal.SIGKILL


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of a parent's death")
def test_a_killed_supervisor_leaves_nothing_behind(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from service.local.processes import spawn; "
        "print(spawn(['sleep', '300'], log=Path(sys.argv[1])).pid, flush=True); time.sleep(300)"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "log")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert parent.stdout is not None
    with parent.stdout as answer:
        child = psutil.Process(int(answer.readline()))
    parent.kill()
    parent.wait()

    child.wait(PATIENCE)

    assert not child.is_running()


def until(true: Callable[[], bool], supervisor: Supervisor) -> None:
    """Let the supervisor work until something holds; fail after a long while."""
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline
        supervisor.check()
