"""`./parley up` as somebody at a terminal meets it."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from service.local.processes import StartFailed
from service.local.up import Wishes, check_port, free_port_next_to
from workers.bench.running_stack import RunningStack

PATIENCE = 60.0
COMPONENTS = ("postgres", "valkey", "api", "worker-scoring", "worker-general", "beat", "live")


def test_a_taken_port_is_a_clear_error_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        answer = up(f"--port={port}", f"--data={tmp_path}")

    assert answer.returncode == 1
    assert f"port {port} on 127.0.0.1 is taken" in answer.stdout
    assert not (tmp_path / "postgres").exists()


def test_an_address_of_another_machine_is_a_clear_error() -> None:
    with pytest.raises(StartFailed, match=r"cannot listen on 192\.0\.2\.1:8000"):
        check_port("192.0.2.1", 8000)


def test_live_updates_take_the_next_port_or_another_that_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert free_port_next_to("127.0.0.1", port - 1) not in (port, 0)
    assert free_port_next_to("127.0.0.1", port - 1) == port


def test_a_data_folder_that_cannot_be_made_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    answer = up(f"--data={tmp_path / 'file' / 'var'}")

    assert answer.returncode == 1
    assert "cannot be used" in answer.stdout
    assert "Traceback" not in answer.stdout + answer.stderr


def test_a_second_stack_on_the_same_data_is_refused(stack: RunningStack) -> None:
    answer = up(f"--data={stack.data}")

    assert answer.returncode == 1
    assert "already runs" in answer.stdout


def test_it_says_what_runs_where(stack: RunningStack) -> None:
    said = (stack.data / "up.log").read_text()

    for name in COMPONENTS:
        assert f"{stack.data}/log/{name}.log" in said
    assert f"{stack.address}/api/v1/docs" in said
    assert f"{stack.address}/metrics" in said
    assert f"{stack.address}/demo" in said
    assert f"{stack.address}/console" in said


def test_with_the_demo_it_prints_an_address_that_signs_its_moderator_in(
    stack: RunningStack,
) -> None:
    said = (stack.data / "up.log").read_text()
    code = re.search(r"/console#sign-in=(ml_[\w-]{43})\b", said)
    assert code is not None

    # Whether it was used up already in this run or not: the API knows how to answer.
    answer = stack.call("POST", "/api/v1/moderation/session/link", body={"code": code[1]})

    assert answer.status in (201, 401)
    assert code[1] not in "".join(log.read_text() for log in (stack.data / "log").iterdir())


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1", True),
        ("127.0.0.2", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),  # noqa: S104 - nothing is bound
        ("::", False),
        ("192.0.2.1", False),
        ("comments.example", False),
    ],
)
def test_a_sign_in_link_is_for_this_machine_only(host: str, private: bool, tmp_path: Path) -> None:
    wishes = Wishes(
        host=host, port=8000, data=tmp_path, demo=True, conversation=True, log_level="info"
    )
    assert wishes.is_private is private


@pytest.mark.parametrize("name", ["worker-general", "beat", "live"])
def test_a_killed_component_is_back_soon(stack: RunningStack, name: str) -> None:
    before = stack.pid(name)

    stack.kill(name)

    deadline = time.monotonic() + PATIENCE
    while stack.pid(name) in (None, before):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert psutil.pid_exists(stack.pid(name) or 0)


def up(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service.local", "up", *options],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
