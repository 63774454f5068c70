"""What README.md tells a stranger to do works, and what it lists exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import MISSING, fields
from functools import cache
from pathlib import Path

import click
import pytest

from config.settings import PREFIX, Settings
from service.cli import cli as service_cli
from service.local.__main__ import cli as local_cli
from tests.exposed_metrics import exposed
from workers.bench.running_stack import RunningStack
from workers.cli import cli as workers_cli

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "docs" / "examples"
TEN_REQUESTS = EXAMPLES / "ten-requests.sh"
APPEAL = EXAMPLES / "a-report-and-an-appeal.sh"
METRICS_PAGE = ROOT / "docs" / "metrics.md"
PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(ROOT / "docs").glob("*.md"),
]
# Carried out by the launcher itself.
LAUNCHER_COMMANDS = {"test", "check", "help"}
COMMAND = re.compile(r"\./parley((?: [a-z][a-z-]*)+)(?P<rest>[^`\n#]*)")
LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
METRIC = re.compile(r"^\| `(parley_\w+)` \| (\w+) \|([^|]*)\|", re.MULTILINE)
SETTING = re.compile(rf"^\| `({PREFIX}[A-Z_]+)` \| (.+?) \|", re.MULTILINE)


def test_the_ten_requests_meet_the_outcomes_they_announce_and_can_be_sent_again(
    stack: RunningStack,
) -> None:
    for _ in range(2):
        done = run_script(TEN_REQUESTS, stack.address, stack.data)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "Ten requests, four outcomes, each explained." in done.stdout


def test_a_report_and_an_appeal_go_the_way_they_announce(stack: RunningStack) -> None:
    done = played_once(APPEAL, stack.address, stack.data)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "one refusal appealed and overturned" in done.stdout


@pytest.mark.parametrize("script", [TEN_REQUESTS, APPEAL], ids=lambda script: script.name)
def test_an_example_says_so_where_no_stack_has_its_data(script: Path, tmp_path: Path) -> None:
    done = run_script(script, "http://127.0.0.1:9", tmp_path)
    assert done.returncode == 1
    assert "no credential" in done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_a_page_names_exists(page: Path) -> None:
    missing = [found[0] for found in COMMAND.finditer(page.read_text("utf-8")) if not known(found)]
    assert missing == []


@pytest.mark.parametrize("page", [*PAGES, ROOT / "CHANGELOG.md"], ids=lambda page: page.name)
def test_every_file_a_page_links_to_exists(page: Path) -> None:
    links = LINK.findall(page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_the_readme_lists_every_setting_with_its_default() -> None:
    listed = dict(SETTING.findall((ROOT / "README.md").read_text("utf-8")))
    assert listed == {
        f"{PREFIX}{spec.name.upper()}": shown(spec.default) for spec in fields(Settings)
    }


def test_the_metrics_page_lists_every_metric_with_its_kind_and_labels() -> None:
    rows = METRIC.findall(METRICS_PAGE.read_text("utf-8"))
    listed = {name: (kind, tuple(re.findall(r"\w+", labels))) for name, kind, labels in rows}
    assert listed == exposed()
    assert [name for name, _, _ in rows] == list(listed)


def test_every_decision_record_is_in_the_index() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text("utf-8")
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name for name in records if f"({name})" not in index] == []
    numbers = [name.partition("-")[0] for name in records]
    assert len(set(numbers)) == len(numbers)


def test_the_sample_of_a_start_shows_what_a_start_says(stack: RunningStack) -> None:
    shown = said_at_start((ROOT / "README.md").read_text("utf-8"))
    said = said_at_start((stack.data / "up.log").read_text("utf-8"))
    # The tests' stack has no conversation played in its demo.
    assert shown - {"component demo"} == said


def said_at_start(text: str) -> set[str]:
    """Components and addresses of a start's last words, without what varies."""
    components = re.findall(r"^ +([a-z-]+) +\d+  .*/log/\1\.log$", text, re.MULTILINE)
    addresses = re.findall(
        r"^ +(\w[\w ]*?) +http://127\.0\.0\.1:\d+(/\S*?)(?:ml_\S+|…)?(?: .*)?$", text, re.MULTILINE
    )
    return {f"component {name}" for name in components} | {f"{k} {where}" for k, where in addresses}


@cache
def played_once(script: Path, address: str, data: Path) -> subprocess.CompletedProcess[str]:
    """The script's first run against a stack; others look at what it left there."""
    return run_script(script, address, data)


def run_script(script: Path, address: str, data: Path) -> subprocess.CompletedProcess[str]:
    # This environment's own command line: ./parley would make an environment of its own.
    environ = {**os.environ, "PARLEY": f"{sys.executable} -m service.cli", "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["bash", str(script), address, str(data)],
        env=environ,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def known(found: re.Match[str]) -> bool:
    """Whether a command line names a command that exists; words after it are its arguments."""
    words = found[1].split()
    if words[0] in LAUNCHER_COMMANDS:
        return True
    for group in (service_cli, local_cli, workers_cli):
        if words[0] in group.commands:
            return exists(group.commands[words[0]], words[1:], found["rest"])
    return False


def exists(command: click.Command, words: list[str], rest: str) -> bool:
    if isinstance(command, click.Group):
        return not words or (
            words[0] in command.commands and exists(command.commands[words[0]], words[1:], rest)
        )
    options = {
        name
        for parameter in command.params
        for name in (*parameter.opts, *parameter.secondary_opts)
    }
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)) <= options | {"--help"}


def shown(default: object) -> str:
    """How the table writes a default: repository paths from its root, no value as such."""
    if default is MISSING:
        return "required"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, int):
        return f"`{default:,}`".replace(",", "")
    return f"`{str(default).removeprefix(f'{ROOT}/')}`" if default else "none"
