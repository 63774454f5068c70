"""`parley guidelines`: what an editor sees on the terminal."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.domain.signals import SIGNALS
from service.guidelines_cli import guidelines
from tests.adapters.guideline_files import VALID

pytestmark = pytest.mark.fast

ROOT = Path(__file__).parents[1]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(guidelines, arguments)


def written(folder: Path, text: str) -> str:
    file = folder / "g.yaml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_good_file_is_summed_up(tmp_path: Path) -> None:
    result = run("check", written(tmp_path, VALID))
    assert result.exit_code == 0
    assert "can be used" in result.stdout
    assert "1 (1 enforce), 2 tests passed" in result.stdout


def test_a_bad_file_lists_its_problems_and_fails(tmp_path: Path) -> None:
    file = written(tmp_path, VALID.replace("queue: toxic", "queue: tonic"))
    result = run("check", file)
    assert result.exit_code == 1
    assert f"{file}:39: rules.abuse.then.queue: no queue is called 'tonic'" in result.stderr
    assert "1 problem; the file cannot be used." in result.stderr


def test_a_file_that_is_not_there_fails_plainly(tmp_path: Path) -> None:
    result = run("check", str(tmp_path / "none.yaml"))
    assert result.exit_code == 1
    assert "cannot be read" in result.stderr


def test_inline_tests_are_shown_one_by_one(tmp_path: Path) -> None:
    result = run("test", written(tmp_path, VALID.replace("expect: match", "expect: no_match")))
    assert result.exit_code == 1
    assert "abuse: no_match expected, got match" in result.stdout
    assert "1 passed, 1 failed" in result.stdout


def test_the_shipped_file_passes() -> None:
    result = run("test", str(ROOT / "config" / "guidelines.yaml"))
    assert result.exit_code == 0, result.output
    assert ", 0 failed" in result.stdout


def test_signals_are_listed_with_their_meaning() -> None:
    lines = run("signals").stdout.splitlines()
    assert len(lines) == len(SIGNALS)
    assert lines[0].startswith("scores.toxicity")


def test_the_handbook_names_every_signal_with_its_type_and_meaning() -> None:
    handbook = (ROOT / "docs" / "guidelines.md").read_text(encoding="utf-8")
    missing = [
        signal.name
        for signal in SIGNALS.values()
        if f"| `{signal.name}` | {signal.type} | {signal.meaning}" not in handbook
    ]
    assert missing == []
