"""The data folder: one stack at a time, secrets kept, leftovers ended."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from service.local.folder import DataFolder
from service.local.processes import StartFailed, spawn


def test_a_second_stack_on_the_same_folder_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    with folder.hold(), pytest.raises(StartFailed, match=r"process [0-9]+"):
        DataFolder(tmp_path).hold()


def test_the_folder_is_free_again_when_its_stack_ended(tmp_path: Path) -> None:
    DataFolder(tmp_path).hold().close()

    DataFolder(tmp_path).hold().close()


def test_the_secret_is_made_once_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = DataFolder(tmp_path).secret_key()

    assert DataFolder(tmp_path).secret_key() == first
    assert (tmp_path / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_two_installations_have_different_secrets(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()

    assert DataFolder(one).secret_key() != DataFolder(other).secret_key()


def test_counters_of_an_earlier_run_are_gone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.metrics.mkdir()
    (folder.metrics / "counter_1.db").write_text("")

    folder.empty_metrics()

    assert list(folder.metrics.iterdir()) == []


def test_a_child_that_outlived_its_supervisor_is_ended(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    sleeper = spawn(["sleep", "60"], log=tmp_path / "log")
    folder.remember("api", sleeper.pid)

    ended = folder.end_orphans()
    sleeper.wait(5)

    assert ended == ["api"]
    assert not psutil.pid_exists(sleeper.pid)


def test_another_process_that_got_the_same_number_is_left_alone(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    note = tmp_path / "run" / "api.pid"
    note.parent.mkdir()
    born = psutil.Process(stranger.pid).create_time() - 100
    note.write_text(json.dumps({"pid": stranger.pid, "born": born}))

    ended = folder.end_orphans()
    time.sleep(0.1)
    alive = stranger.poll() is None
    stranger.kill()
    stranger.wait()

    assert ended == []
    assert alive
    assert not note.exists()
