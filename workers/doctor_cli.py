"""`./parley doctor`: looks at everything, says what is wrong and what to do, and never trips."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path

import click

from config.settings import Settings, SettingsError
from service.adapters.database import make_engine
from service.doctor.database import look_at_database
from service.doctor.files import look_at_disk, look_at_guidelines
from service.doctor.outside import look_at_live, look_at_mail
from service.doctor.redis import look_at_redis
from service.doctor.work import look_at_work
from service.domain.finding import Finding, State, is_healthy, problem
from service.running_stack import running_settings
from workers.doctor_models import look_at_models
from workers.engine_settings import settings_without_servers

WIDTH = 20
MARKS = {State.OK: "ok", State.WARNING: "warning", State.PROBLEM: "problem"}


@click.command()
@click.option("--data", default="./var", show_default=True, help="The stack's data folder.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of lines.")
def doctor(data: str, as_json: bool) -> None:
    """Check the running stack in --data, or the installation that PARLEY_* variables name.

    Ends with status 1 where something is a problem.
    """
    findings = []
    for finding in examine(data):
        findings.append(finding)
        if not as_json:
            say(finding)
    healthy = is_healthy(findings)
    if as_json:
        shown = {"healthy": healthy, "findings": [asdict(finding) for finding in findings]}
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    else:
        click.echo(summary(findings))
    sys.exit(0 if healthy else 1)


def say(finding: Finding) -> None:
    """One line for what was found, and one for what to do."""
    click.echo(f"{MARKS[finding.state]:8} {finding.check:{WIDTH}} {finding.says}")
    if finding.advice and finding.state is not State.OK:
        click.echo(f"{'':8} {'':{WIDTH}} → {finding.advice}")


def summary(findings: Iterable[Finding]) -> str:
    """How many of each."""
    states = [finding.state for finding in findings]
    counts = ((states.count(State.PROBLEM), "problem"), (states.count(State.WARNING), "warning"))
    found = [f"{n} {name}{'s' * (n > 1)}" for n, name in counts if n]
    return f"{len(states)} checks: {', '.join(found) if found else 'all is well'}."


def examine(data: str) -> Iterator[Finding]:
    """Look at everything that can be looked at; what cannot be is a finding itself."""
    try:
        settings = running_settings(data)
    except (SettingsError, click.ClickException, OSError, ValueError) as error:
        yield _no_settings(error)
        yield from _without_servers(data)
        return
    yield from _settings_apply(settings, data)


def _no_settings(error: Exception) -> Finding:
    if isinstance(error, SettingsError):
        return problem("settings", "; ".join(error.problems), "Mend these variables.")
    if isinstance(error, click.ClickException):
        return problem("stack", error.message, "Or name an installation by PARLEY_* variables.")
    advice = "Its run.json or secrets.json cannot be read; start the stack anew."
    return problem("stack", f"{type(error).__name__} in the data folder", advice)


def _without_servers(data: str) -> Iterator[Finding]:
    """What needs no server can still be looked at."""
    try:
        settings = settings_without_servers()
    except SettingsError:
        return  # said already
    yield from look_at_models(settings)
    yield from look_at_guidelines(settings, database=False)
    yield from look_at_disk(Path(data), Path(settings.models_dir))


def _settings_apply(settings: Settings, data: str) -> Iterator[Finding]:
    engine = make_engine(settings.database_url, pool_size=2)
    try:
        found = list(look_at_database(engine))
        yield from found
        usable = is_healthy(found)
        yield from look_at_redis(settings)
        if usable:
            yield from look_at_work(engine)
        yield from look_at_models(settings)
        yield from look_at_guidelines(settings, database=usable)
        yield from look_at_disk(Path(data), Path(settings.models_dir))
        yield from look_at_live(settings)
        yield from look_at_mail(settings)
    finally:
        engine.dispose()
