"""Alert rules: each fires and keeps still where it should, and says what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from tests.exposed_metrics import exposed
from tests.prometheus import promtool

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((CONFIG / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
CASES: list[dict[str, Any]] = yaml.safe_load((CONFIG / "alerts.test.yml").read_text())["tests"]
ROW = re.compile(r"^\| (Parley\w+) \| (\w+) \| [^|]+ \| [^|]+ \|$", re.MULTILINE)


def test_prometheus_accepts_its_configuration_and_the_rules_in_it() -> None:
    checked = promtool("check", "config", "config/prometheus.yml")
    assert checked.returncode == 0, checked.stdout.decode()
    assert f"{len(RULES)} rules found" in checked.stdout.decode()


def test_every_alert_fires_and_keeps_still_as_its_tests_say() -> None:
    tested = promtool("test", "rules", "config/alerts.test.yml")
    assert tested.returncode == 0, tested.stdout.decode()


def test_no_alert_is_without_a_test_of_both() -> None:
    names = {rule["alert"] for rule in RULES}
    assert fires(expected=True) == names
    assert fires(expected=False) == names


def test_every_alert_has_its_line_in_the_runbook_with_its_severity() -> None:
    rows = ROW.findall((ROOT / "docs" / "alerts.md").read_text("utf-8"))
    assert rows == [(rule["alert"], rule["labels"]["severity"]) for rule in RULES]


def test_alerts_ask_for_metrics_that_exist() -> None:
    known = set(exposed())
    asked = {name for rule in RULES for name in re.findall(r"parley_\w+", rule["expr"])}
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked} <= known


def test_containers_find_the_rules_where_the_configuration_looks() -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    mounts = [mount.split(":") for mount in compose["services"]["prometheus"]["volumes"]]
    inside = {path: Path(place).name for path, place, *_ in mounts if path.startswith("./config")}
    named = yaml.safe_load((CONFIG / "prometheus.yml").read_text())["rule_files"]
    assert inside["./config/alerts.yml"] in named


def fires(*, expected: bool) -> set[str]:
    return {
        step["alertname"]
        for case in CASES
        for step in case["alert_rule_test"]
        if bool(step["exp_alerts"]) == expected
    }
