"""The doctor finds what is broken, says what to do, and never trips over it."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from config.settings import Settings
from service.adapters.database import make_engine
from service.adapters.queue import BEAT_KEY
from service.adapters.redis_client import connect
from service.doctor.database import look_at_database
from service.doctor.files import look_at_disk, look_at_guidelines
from service.doctor.outside import look_at_live, look_at_mail
from service.doctor.redis import look_at_redis
from service.doctor.work import look_at_work
from service.domain.finding import Finding, State, graded, is_healthy
from service.local.valkey import running_valkey
from service.models import Webhook, new_id, utc_now
from service.usecases.context import Context
from tests.makers import Makers
from workers.doctor_cli import doctor
from workers.doctor_models import look_at_models
from workers.scorers import registry as registry_module

NOWHERE = "postgresql+psycopg://nobody@127.0.0.1:9/parley"
Change = Callable[..., Settings]


@pytest.fixture
def changed(settings: Settings) -> Change:
    """The tests' settings with some others."""
    known = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    return lambda **others: Settings(**(known | others))


@pytest.fixture
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The tests' installation, named by the environment."""
    monkeypatch.setenv("PARLEY_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("PARLEY_REDIS_URL", settings.redis_url)
    monkeypatch.setenv("PARLEY_SECRET_KEY", settings.secret_key)
    return monkeypatch


def by_check(findings: Iterator[Finding]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


def examined(data: Path) -> tuple[int, dict[str, Finding], str]:
    """What `./parley doctor --json` says."""
    answer = CliRunner().invoke(doctor, ["--json", "--data", str(data)])
    assert isinstance(answer.exception, SystemExit), answer.output
    shown = json.loads(answer.stdout)
    findings = {
        one["check"]: Finding(one["check"], State(one["state"]), one["says"], one["advice"])
        for one in shown["findings"]
    }
    assert shown["healthy"] is (answer.exit_code == 0)
    return answer.exit_code, findings, answer.output


def test_a_sound_database_is_found_sound(engine: Engine) -> None:
    found = by_check(look_at_database(engine))
    assert {one.state for one in found.values()} == {State.OK}
    assert found["database"].says.startswith("PostgreSQL 18")


def test_a_stopped_database_is_one_finding_with_what_to_do() -> None:
    engine = make_engine(NOWHERE, pool_size=1)
    (only,) = look_at_database(engine)
    assert (only.check, only.state) == ("database", State.PROBLEM)
    assert "PARLEY_DATABASE_URL" in only.advice
    assert list(look_at_work(engine)) == []


def test_a_database_without_tables_and_extension_says_so(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CREATE DATABASE bare"))
    bare = make_engine(
        engine.url.set(database="bare").render_as_string(hide_password=False), pool_size=2
    )
    found = by_check(look_at_database(bare))
    assert list(look_at_work(bare)) == []
    bare.dispose()
    assert found["migrations"].state is State.PROBLEM
    assert "./parley migrate" in found["migrations"].advice
    assert found["extension"].state is State.PROBLEM


def test_a_transaction_left_open_is_found(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.doctor.database.LONG_SECONDS", 0.05)
    with engine.connect() as forgotten:
        forgotten.execute(text("SELECT 1"))
        time.sleep(0.06)
        found = by_check(look_at_database(engine))["transactions"]
    assert found.state is State.WARNING
    assert "pg_terminate_backend" in found.advice


def test_a_stopped_redis_is_one_finding_with_what_to_do(changed: Change) -> None:
    (only,) = look_at_redis(changed(redis_url="redis://127.0.0.1:9/0"))
    assert (only.check, only.state) == ("redis", State.PROBLEM)
    assert "PARLEY_REDIS_URL" in only.advice


def test_a_redis_that_may_forget_is_a_problem_and_no_worker_is_one(
    scratch: Path, changed: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.doctor.redis.LISTEN_SECONDS", 0.1)
    with running_valkey(scratch / "forgetful") as url:
        client = connect(url)
        client.config_set("maxmemory-policy", "allkeys-lru")
        found = by_check(look_at_redis(changed(redis_url=url)))
        assert found["redis"].state is State.OK
        assert found["redis memory"].state is State.WARNING
        assert found["beat"].state is State.PROBLEM
        assert found["workers"].says == "nobody works on: scoring, general, outbound"
        client.config_set("maxmemory", "100mb")
        client.set(BEAT_KEY, str(time.time()))
        found = by_check(look_at_redis(changed(redis_url=url)))
        assert found["redis memory"].state is State.PROBLEM
        assert "noeviction" in found["redis memory"].advice
        assert found["beat"].state is State.OK
        client.set(BEAT_KEY, str(time.time() - 90))
        assert by_check(look_at_redis(changed(redis_url=url)))["beat"].state is State.PROBLEM
        client.close()


def test_what_waits_too_long_and_webhooks_in_trouble_are_found(
    shared: Context, engine: Engine
) -> None:
    make = Makers(shared)
    site = make.site()
    make.comment(make.article(site), make.reader(site))
    with shared.transaction() as tx:
        tx.session.execute(
            text("UPDATE comment SET created_at = created_at - interval '10 minutes'")
        )
        for trouble in ({"disabled_at": utc_now(), "disabled_reason": "failing"}, {}):
            tx.session.add(
                Webhook(
                    id=new_id(),
                    site_id=site.id,
                    url="https://paper.example/hook",
                    types=["comment.published"],
                    secrets=[],
                    after_event=0,
                    failing_since=utc_now(),
                    last_error="timeout",
                    **trouble,
                )
            )
    found = list(look_at_work(engine))
    assert by_check(iter(found))["queue scoring"].state is State.PROBLEM
    assert by_check(iter(found))["scoring"].state is State.PROBLEM
    webhooks = [one for one in found if one.check == "webhooks"]
    assert [one.state for one in webhooks] == [State.WARNING, State.WARNING]
    assert "is disabled since" in webhooks[0].says
    assert "fails since" in webhooks[1].says
    assert not any("paper.example" in one.says for one in webhooks)


def test_the_models_that_ship_are_what_they_should_be(changed: Change, tmp_path: Path) -> None:
    found = by_check(look_at_models(changed(models_dir=str(tmp_path))))
    assert {one.state for one in found.values()} == {State.OK}
    assert found["scorer"].says == "auto takes compact"


def test_a_missing_and_a_changed_model_file_are_named(
    changed: Change, tmp_path: Path, shipped_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(shipped_models, tmp_path / "shipped")
    (tmp_path / "shipped" / "compact" / "model.json").write_text("{}")
    (tmp_path / "shipped" / "relevance" / "calibration.json").unlink()
    real = registry_module.load_registry

    def elsewhere(models_dir: str) -> registry_module.Registry:
        found = real(models_dir)
        return registry_module.Registry(
            found.entries, found.models_dir, tmp_path / "shipped", found.cascade
        )

    monkeypatch.setattr("workers.doctor_models.load_registry", elsewhere)
    said = [one for one in look_at_models(changed()) if one.state is State.PROBLEM]
    assert ["compact" in said[0].says, "model.json is corrupt" in said[0].says] == [True, True]
    assert "calibration.json is missing" in said[1].says


def test_a_scorer_that_is_not_here_is_a_problem(changed: Change, tmp_path: Path) -> None:
    for choice in ("detoxify-unbiased", "cascade"):
        settings = changed(models_dir=str(tmp_path), toxicity_scorer=choice)
        found = by_check(look_at_models(settings))["scorer"]
        assert found.state is State.PROBLEM
        assert "./parley models fetch detoxify-unbiased" in found.advice


def test_a_bad_guideline_file_is_named_with_its_line(changed: Change, tmp_path: Path) -> None:
    bad = tmp_path / "guidelines.yaml"
    bad.write_text("apiVersion: parley/v1\nkind: Nonsense\n")
    (only,) = look_at_guidelines(changed(guidelines_file=str(bad)), database=True)
    assert only.state is State.PROBLEM
    assert f"{bad}:1: guidelines: Missing" in only.says
    gone = look_at_guidelines(changed(guidelines_file=str(tmp_path / "none")), database=True)
    assert next(gone).state is State.PROBLEM


def test_a_default_site_that_is_not_there_is_pointed_out(changed: Change) -> None:
    found = by_check(look_at_guidelines(changed(default_site="nowhere"), database=True))
    assert found["guidelines"].state is State.OK
    assert found["sites"].state is State.WARNING


def test_a_full_disk_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (sound,) = look_at_disk(tmp_path / "not" / "there", tmp_path)
    assert sound.state in (State.OK, State.WARNING)
    monkeypatch.setattr("service.doctor.files.FREE_FAIL", 10**18)
    (full,) = look_at_disk(tmp_path)
    assert full.state is State.PROBLEM


def test_mail_and_live_are_tried_where_they_are_set_up(changed: Change) -> None:
    assert [one.state for one in look_at_mail(changed())] == [State.OK]
    assert [one.state for one in look_at_live(changed())] == [State.OK]
    away = changed(
        smtp_url="smtp://user:very-secret@127.0.0.1:9?tls=none",
        mail_from="desk@courier.example",
        live_url="http://127.0.0.1:9",
    )
    (mail,) = look_at_mail(away)
    assert mail.state is State.PROBLEM
    assert "very-secret" not in mail.says + mail.advice
    (live,) = look_at_live(away)
    assert live.state is State.WARNING


@pytest.mark.fast
@pytest.mark.parametrize(("value", "state"), [(0, "ok"), (1, "warning"), (2, "problem")])
def test_a_number_is_graded_by_where_it_lies(value: float, state: str) -> None:
    found = graded("x", value, warn=1, fail=2, says="", advice="")
    assert found.state == state
    assert is_healthy([found]) is (state != "problem")


def test_without_a_stack_it_says_so_and_looks_at_what_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARLEY_DATABASE_URL", raising=False)
    status, found, said = examined(tmp_path)
    assert status == 1
    assert "./parley up" in found["stack"].says
    assert found["models"].state is found["guidelines"].state is State.OK
    assert "Traceback" not in said


def test_with_everything_down_each_thing_is_said_once_and_nothing_trips(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("PARLEY_DATABASE_URL", NOWHERE)
    environment.setenv("PARLEY_REDIS_URL", "redis://127.0.0.1:9/0")
    environment.setenv("PARLEY_GUIDELINES_FILE", str(tmp_path / "gone.yaml"))
    environment.setenv("PARLEY_LIVE_URL", "http://127.0.0.1:9")
    answer = CliRunner().invoke(doctor, ["--data", str(tmp_path)])
    assert answer.exit_code == 1
    assert "Traceback" not in answer.output
    for check in ("database", "redis", "guidelines"):
        assert (
            len([line for line in answer.output.splitlines() if f"problem  {check}" in line]) == 1
        )
    assert "3 problems, 1 warning." in answer.output


def test_wrong_settings_are_named(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    environment.setenv("PARLEY_SECRET_KEY", "short")
    status, found, _ = examined(tmp_path)
    assert status == 1
    assert "PARLEY_SECRET_KEY must have" in found["settings"].says
