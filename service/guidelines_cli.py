"""`parley guidelines …`: check a guideline file, run its inline tests, list the signals."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NoReturn

import click

from service.adapters.guideline_file import (
    GuidelineFileError,
    InlineTest,
    inline_tests,
    load_policy,
)
from service.domain.guideline import Policy
from service.domain.signals import SIGNALS
from service.guideline_versions_cli import activate, backtest, rollback, shadow, versions

DEFAULT_FILE = "config/guidelines.yaml"

_file = click.argument(
    "file", type=click.Path(dir_okay=False, path_type=Path), default=DEFAULT_FILE
)


@click.group("guidelines")
def guidelines() -> None:
    """Check the community guidelines and their rules."""


@guidelines.command()
@_file
def check(file: Path) -> None:
    """Say every problem of FILE with its line, or sum up what it holds.

    Exits with 1 where the file cannot be used. Changes nothing.
    """
    try:
        policy = load_policy(file)
    except GuidelineFileError as error:
        _fail(error)
    click.echo(_summary(file, policy))


@guidelines.command()
@_file
def test(file: Path) -> None:
    """Run the inline tests of FILE, one line each. Exits with 1 where one fails."""
    try:
        tests, problems = inline_tests(file)
    except GuidelineFileError as error:
        _fail(error)
    for inline in tests:
        click.echo(_test_line(file, inline))
    failed = sum(not inline.passed for inline in tests)
    for line in problems:
        click.echo(line, err=True)
    click.echo(f"{len(tests) - failed} passed, {failed} failed")
    if failed or problems:
        raise SystemExit(1)


@guidelines.command()
def signals() -> None:
    """List every signal a rule may look at."""
    width = max(map(len, SIGNALS))
    for signal in SIGNALS.values():
        values = f" ({', '.join(signal.choices)})" if signal.choices else ""
        click.echo(f"{signal.name:<{width}}  {signal.type:<14}  {signal.meaning}{values}")


for command in (backtest, versions, activate, rollback, shadow):
    guidelines.add_command(command)


def _fail(error: GuidelineFileError) -> NoReturn:
    for line in error.lines():
        click.echo(line, err=True)
    count = len(error.problems)
    click.echo(f"{count} problem{'s' if count != 1 else ''}; the file cannot be used.", err=True)
    raise SystemExit(1)


def _test_line(file: Path, inline: InlineTest) -> str:
    word = "pass" if inline.passed else "FAIL"
    line = f"{word}  {file}:{inline.line}  {inline.rule}: {inline.expect}"
    return line if inline.passed else f"{line} expected, got {inline.got}"


def _summary(file: Path, policy: Policy) -> str:
    modes = Counter(rule.mode for rule in policy.rules)
    counted = ", ".join(f"{count} {mode}" for mode, count in modes.items())
    tests = sum(len(rule.tests) for rule in policy.rules)
    languages = sorted({tag for clause in policy.guidelines.values() for tag in clause.title})
    return "\n".join(
        [
            f"{file} can be used.",
            f"  policy version  {policy.version} ({policy.label}, site {policy.site})",
            f"  guidelines      {len(policy.guidelines)} in {', '.join(languages)}",
            f"  rules           {len(policy.rules)} ({counted}), {tests} tests passed",
            f"  queues          {', '.join(policy.queues)}",
            f"  lists           {_lists(policy)}",
            f"  missing signal  {policy.on_missing}",
        ]
    )


def _lists(policy: Policy) -> str:
    named = (
        f"{found.name} ({len(found.entries)})" if found.entries else found.name
        for found in policy.lists.values()
    )
    return ", ".join(named) or "none"
