"""The production files against the program: no engine runs here, but every name in them is real."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from celery.bin.base import CLIContext
from celery.bin.beat import beat as celery_beat
from celery.bin.worker import worker as celery_worker
from gunicorn.config import Config

from config.settings import PREFIX, Settings
from service.adapters.queue import QueueNames
from service.cli import cli
from service.live.__main__ import serve
from service.local import components
from service.local.folder import DataFolder

ROOT = Path(__file__).resolve().parent.parent
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: spec for name, spec in SERVICES.items() if spec["image"].startswith("parley:")}
ONE_OFF = {"migrate"}
DURATION = re.compile(r"(\d+h)?(\d+m)?(\d+s)?(\d+ms)?")
EXAMPLE = {
    "POSTGRES_PASSWORD": "example1",
    "PARLEY_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "PARLEY_PUBLIC_URL": "https://comments.example.org",
}


def test_the_file_follows_the_compose_specification() -> None:
    command = ["check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    answer = subprocess.run(
        [sys.executable, "-m", *command, str(ROOT / "docker-compose.yml")],
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("name", OURS)
def test_each_command_is_a_real_entry_point(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program, *arguments = OURS[name]["command"]
    for variable, value in environment_of(name).items():
        monkeypatch.setenv(variable, value)

    match program:
        case "gunicorn":
            parsed = Config().parser().parse_args(arguments)
            check_application(parsed.args[0])
            assert (ROOT / parsed.config).exists()
        case "celery":
            app, kind = arguments[1], arguments[2]
            module, attribute = app.split(":")
            application = getattr(import_module(module), attribute)
            parse_celery(kind, arguments[3:], application)
        case "python" if arguments[:2] == ["-m", "service.live"]:
            serve.make_context("live", arguments[2:])
        case "python":
            assert arguments[:2] == ["-m", "service.cli"]
            assert arguments[2] in cli.commands
        case _:
            pytest.fail(f"{program} is not a program of ours")


def test_the_images_own_command_is_that_of_the_api() -> None:
    line = (ROOT / "Dockerfile").read_text().split("CMD ")[-1]

    assert json.loads(line) == SERVICES["api"]["command"]


def test_every_queue_is_consumed_by_exactly_one_kind_of_worker() -> None:
    consumed = [option(spec, "--queues") for spec in OURS.values() if "--queues" in spec["command"]]

    assert sorted(consumed) == sorted(QueueNames.ALL)


def test_the_local_stack_consumes_the_same_queues(tmp_path: Path) -> None:
    parts = components.application(DataFolder(tmp_path), "http://x", "127.0.0.1:1", "info", {})
    commands = [list(part.command) for part in parts]

    consumed = [c[c.index("--queues") + 1].split(",") for c in commands if "--queues" in c]

    assert sorted(chain.from_iterable(consumed)) == sorted(QueueNames.ALL)


@pytest.mark.parametrize("name", OURS)
def test_every_setting_exists_and_its_value_is_accepted(name: str) -> None:
    environ = {k: v for k, v in environment_of(name).items() if k.startswith(PREFIX)}

    Settings.from_env(environ)


def test_all_parts_share_their_settings() -> None:
    shared = ("database_url", "redis_url", "secret_key", "public_url", "default_site")
    known = {field.name for field in fields(Settings)}

    assert set(shared) <= known
    for name in shared:
        variable = PREFIX + name.upper()
        assert len({environment_of(service)[variable] for service in OURS}) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name: str) -> None:
    for other, wait in SERVICES[name].get("depends_on", {}).items():
        assert other in SERVICES
        if wait["condition"] == "service_completed_successfully":
            assert other in ONE_OFF
        else:
            assert wait["condition"] == "service_healthy"
            assert "healthcheck" in SERVICES[other]


@pytest.mark.parametrize("name", sorted(set(SERVICES) - ONE_OFF))
def test_every_lasting_service_is_checked_and_confined(name: str) -> None:
    service = SERVICES[name]

    assert service["healthcheck"]["test"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(set(SERVICES) - set(OURS)))
def test_foreign_images_are_pinned_and_not_root(name: str) -> None:
    _, tag = SERVICES[name]["image"].rsplit(":", 1)

    assert re.search(r"\d+\.\d+\.\d+", tag)
    assert int(SERVICES[name]["user"].split(":")[0]) > 0


def test_our_image_is_not_root_and_its_base_is_pinned() -> None:
    lines = (ROOT / "Dockerfile").read_text().splitlines()

    assert [line for line in lines if line.startswith("USER")] == ["USER 10001:10001"]
    assert any(re.fullmatch(r"ARG PYTHON=\d+\.\d+\.\d+-slim-\w+", line) for line in lines)


def test_there_is_one_beat() -> None:
    beats = [spec for spec in OURS.values() if "beat" in spec["command"]]

    assert [spec["deploy"]["replicas"] for spec in beats] == [1]


def test_durations_can_be_read() -> None:
    durations = list(find_durations(SERVICES))

    assert durations
    assert [text for text in durations if not text or not DURATION.fullmatch(text)] == []


def test_only_the_loopback_address_is_published() -> None:
    published = [port for spec in SERVICES.values() for port in spec.get("ports", [])]

    assert published
    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_mounted_files_exist() -> None:
    mounts = [volume.split(":") for s in SERVICES.values() for volume in s.get("volumes", [])]

    for source, *_ in mounts:
        assert (ROOT / source).exists() if source.startswith("./") else source in COMPOSE["volumes"]


def environment_of(name: str) -> dict[str, str]:
    """A service's environment, with the variables of the compose file filled in."""
    found: dict[str, str] = SERVICES[name].get("environment", {})
    return {variable: fill_in(str(value)) for variable, value in found.items()}


def fill_in(text: str) -> str:
    """Replace ${NAME:-default} and ${NAME:?message} as Compose does."""
    return re.sub(
        r"\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}",
        lambda match: EXAMPLE.get(match[1], match[2] or ""),
        text,
    )


def option(service: dict[str, Any], name: str) -> str:
    """The value of one option in a service's command."""
    command = service["command"]
    return str(command[command.index(name) + 1])


def check_application(name: str) -> None:
    """`module:function()` is something gunicorn can call."""
    module, call = name.split(":")
    assert call.endswith("()")
    assert callable(getattr(import_module(module), call[:-2]))


def parse_celery(kind: str, arguments: list[str], app: Any) -> None:
    """Let Celery's own command line read the arguments; raises where it does not know one."""
    command = {"worker": celery_worker, "beat": celery_beat}[kind]
    parent = click.Context(command)
    parent.obj = CLIContext(app=app, no_color=True, workdir=os.getcwd())
    command.make_context(kind, list(arguments), parent=parent)


def find_durations(node: Any) -> Any:
    """Every value that Compose reads as a duration."""
    names = ("interval", "timeout", "start_period", "stop_grace_period")
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key in names:
            yield value
        else:
            yield from find_durations(value)
