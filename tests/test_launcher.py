"""`./parley` itself: environments made once, repaired when broken, and clear words when not."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "parley"
MARKER = Path(".venv") / "parley-installed"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the launcher whose requirements are one wheel of our own: no network needed."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copy(LAUNCHER, folder)
    make_wheel(folder, "1.0")
    (folder / "requirements").mkdir()
    require(folder, "1.0")
    return folder


@pytest.mark.parametrize("command", [[], ["--help"], ["-h"]])
def test_help_needs_no_environment(command: list[str], tmp_path: Path) -> None:
    shutil.copy(LAUNCHER, tmp_path)

    answer = launch(tmp_path, *command)

    assert answer.returncode == 0
    assert "./parley COMMAND" in answer.stdout
    assert not (tmp_path / ".venv").exists()


def test_the_first_start_installs_and_says_so_and_the_second_does_not(project: Path) -> None:
    first = launch(project, "greet", "you")
    second = launch(project, "greet", "you")

    assert "Setting up .venv" in first.stdout
    assert "parley_greeting" in first.stdout
    assert first.stdout.endswith("1.0 greet you\n")
    assert second.stdout == "1.0 greet you\n"


def test_changed_requirements_are_installed_at_the_next_start(project: Path) -> None:
    launch(project, "greet")
    make_wheel(project, "2.0")
    require(project, "2.0")

    answer = launch(project, "greet")

    assert "Bringing .venv up to date" in answer.stdout
    assert answer.stdout.endswith("2.0 greet\n")


def test_a_failed_install_shows_pips_words_and_is_not_taken_for_done(project: Path) -> None:
    (project / "requirements" / "service.txt").write_text("./no-such-file-1.0-py3-none-any.whl\n")

    answer = launch(project, "greet")
    require(project, "1.0")

    assert answer.returncode == 1
    assert "no-such-file" in answer.stderr
    assert "The install failed" in answer.stderr
    assert not (project / MARKER).exists()


def test_a_broken_environment_is_made_anew_and_by_one_of_two_starts_only(project: Path) -> None:
    (project / MARKER).unlink(missing_ok=True)
    (project / ".venv" / "bin" / "python").unlink(missing_ok=True)
    both = [start(project, "greet"), start(project, "greet")]
    answers = [one.communicate()[0] for one in both]

    assert [one.returncode for one in both] == [0, 0]
    assert sum("Setting up .venv" in answer for answer in answers) == 1
    assert all(answer.endswith("1.0 greet\n") for answer in answers)


def test_commands_work_from_any_folder(project: Path, tmp_path: Path) -> None:
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "cli.py").write_text("raise SystemExit('the wrong one')")

    answer = subprocess.run(
        [sys.executable, project / "parley", "greet"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stdout.endswith("greet\n")


def test_an_old_python_can_read_the_file() -> None:
    ast.parse(LAUNCHER.read_text(), feature_version=(3, 7))


@pytest.mark.parametrize("version", [(3, 8, 1), (3, 10, 9), (3, 15, 0)])
def test_a_python_that_does_not_fit_is_named_with_what_to_do(version: tuple[int, ...]) -> None:
    code = (
        f"import runpy, sys; sys.version_info = {(*version, 'final', 0)}; "
        f"sys.argv = ['parley', 'up']; runpy.run_path({str(LAUNCHER)!r}, run_name='__main__')"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 1
    assert "Parley needs Python 3.11" in answer.stderr


def test_a_python_without_venv_is_told_which_package_to_install(project: Path) -> None:
    code = (
        "import importlib.util, runpy, sys; find = importlib.util.find_spec; "
        "importlib.util.find_spec = lambda name, *a: None if name == 'ensurepip' else "
        "find(name, *a); sys.argv = ['parley', 'up']; "
        "runpy.run_path('parley', run_name='__main__')"
    )
    shutil.rmtree(project / ".venv", ignore_errors=True)

    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False
    )

    assert answer.returncode == 1
    assert "python3-venv" in answer.stderr


@pytest.mark.parametrize(
    ("programs", "passed", "says"),
    [
        ({}, "True", "not checked: there is no node here"),
        ({"node": 0}, "True", "no tsc is installed"),
        ({"node": 0, "npm": 1}, "True", "npm could not get typescript"),
        ({"node": 0, "npm": 1, "tsc": 0}, "True", "asked of tsc: --project config/tsconfig.json"),
        ({"node": 0, "tsc": 1}, "False", "asked of tsc"),
    ],
)
def test_types_of_scripts_are_checked_where_there_is_node_and_it_says_so_where_not(
    tmp_path: Path, programs: dict[str, int], passed: str, says: str
) -> None:
    shutil.copy(LAUNCHER, tmp_path)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "bin").mkdir()
    for name, status in programs.items():
        program = tmp_path / "bin" / name
        program.write_text(f'#!/bin/sh\necho "asked of {name}: $*"\nexit {status}\n')
        program.chmod(0o755)
    code = (
        "import runpy; launcher = runpy.run_path('parley', run_name='launcher'); "
        "print(launcher['types_of_scripts']())"
    )

    answer = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={"PATH": str(tmp_path / "bin")},
        capture_output=True,
        text=True,
        check=True,
    )

    assert says in answer.stdout
    assert answer.stdout.splitlines()[-1] == passed


def test_every_requirement_is_pinned() -> None:
    files = [ROOT / "requirements.txt", *sorted((ROOT / "requirements").glob("*.txt"))]
    lines = [line.strip() for file in files for line in file.read_text().splitlines()]
    named = [line for line in lines if line and not line.startswith(("#", "-"))]

    assert [line for line in named if "==" not in line] == []


def start(project: Path, *arguments: str) -> subprocess.Popen[str]:
    """The launcher of `project`, under the python of this test."""
    return subprocess.Popen(
        [sys.executable, "parley", *arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PIP_NO_INDEX": "1"},
    )


def launch(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher to its end."""
    running = start(project, *arguments)
    output, errors = running.communicate()
    return subprocess.CompletedProcess(running.args, running.returncode, output, errors)


def require(project: Path, version: str) -> None:
    """Let the project need this version of our wheel."""
    wheel = project / f"parley_greeting-{version}-py3-none-any.whl"
    (project / "requirements" / "service.txt").write_text(f"{wheel}\n")


def make_wheel(project: Path, version: str) -> None:
    """A wheel that is a `service.cli` which says its version and its arguments."""
    name = f"parley_greeting-{version}"
    info = f"{name}.dist-info"
    files = {
        "service/cli.py": f"import sys\nprint('{version}', *sys.argv[1:])\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: parley-greeting\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(project / f"{name}-py3-none-any.whl", "w") as wheel:
        for file, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(file, text)
