"""Grafana's dashboards: real Prometheus reads a running Parley, and answers each panel's query."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.adapters.instruments import GAUGES, PROCESS_GAUGES
from tests.exposed_metrics import exposed
from tests.prometheus import RunningPrometheus, promtool, running_prometheus
from tests.test_alerts import RULES
from tests.test_readme import APPEAL, played_once
from workers.bench.running_stack import RunningStack

ROOT = Path(__file__).resolve().parent.parent
GRAFANA = ROOT / "config" / "grafana"
BOARDS: list[dict[str, Any]] = [
    json.loads(path.read_text("utf-8")) for path in sorted((GRAFANA / "dashboards").glob("*.json"))
]
PANELS = [(board["title"], panel) for board in BOARDS for panel in board["panels"]]
# What may have no series after a report and an appeal, and why. Everything else has to have one.
WITHOUT_DATA = {
    "parley_live_dropped_total": "nothing was dropped",
    'parley_live_publishes_total{outcome="failed"}': "Redis answers",
    "parley_claims_total": "what is decided here is not claimed first",
    "parley_webhooks_total": "no publisher has a webhook",
    "parley_digests_total": "no e-mail server is set",
    "parley_rate_limited_total": "nobody was refused",
    "parley_queue_send_failures_total": "Redis answers",
    "parley_sla_breaches_total": "nothing has waited for that long",
    "parley_nudges_total": "nobody was asked to think again",
    "parley_drift_changes_total": "no thread has left its article",
    "parley_rule_unknowns_total": "no signal was missing",
    'parley_rule_matches_total{mode="shadow"}': "no rule in shadow matched",
}


@pytest.fixture(scope="module")
def page(stack: RunningStack) -> bytes:
    """`/metrics` after some traffic: comments, reports, decisions, an appeal."""
    assert played_once(APPEAL, stack.address, stack.data).returncode == 0
    with urllib.request.urlopen(f"{stack.address}/metrics") as answer:  # noqa: S310 - our own
        found: bytes = answer.read()
    return found


@pytest.fixture(scope="module")
def prometheus(page: bytes, stack: RunningStack, scratch: Path) -> Iterator[RunningPrometheus]:
    """Prometheus after it has read the page twice: a rate needs two."""
    jobs = {job: stack.facts()[job].removeprefix("http://") for job in ("api", "live")}
    with running_prometheus(scratch / "prometheus", jobs) as running:
        for job in jobs:
            running.wait_for(f'count_over_time(up{{job="{job}"}}[1m]) >= 2 and up == 1')
        yield running


def test_the_page_is_what_promtool_calls_clean(page: bytes) -> None:
    checked = promtool("check", "metrics", given=page)
    assert checked.stdout.decode() == ""
    assert checked.returncode == 0


def test_the_page_has_nothing_that_is_not_documented_and_every_gauge(page: bytes) -> None:
    described = set(re.findall(r"^# TYPE (\w+)", page.decode(), re.MULTILINE))
    assert described <= set(exposed())
    assert described >= {*GAUGES, *PROCESS_GAUGES}


@pytest.mark.parametrize(
    ("board", "panel"), PANELS, ids=lambda x: str(x.get("title", x)) if isinstance(x, dict) else ""
)
def test_every_query_of_a_panel_is_answered(
    board: str, panel: dict[str, Any], prometheus: RunningPrometheus
) -> None:
    for target in panel["targets"]:
        found = prometheus.query(target["expr"])
        assert found or may_be_empty(target["expr"]), target["expr"]


def test_every_alert_is_loaded_and_evaluates(prometheus: RunningPrometheus) -> None:
    rules = prometheus.rules()
    assert len(rules) == len(RULES)
    assert [rule["name"] for rule in rules if rule["health"] == "err"] == []


def test_workers_and_beat_are_on_the_page(prometheus: RunningPrometheus) -> None:
    assert prometheus.query('parley_tasks_total{task="follow_events", state="success"} > 0')
    assert prometheus.query("time() - parley_beat_last_tick_timestamp_seconds < 30")
    assert prometheus.query("parley_database_connections_limit > 10")


def test_panels_ask_the_data_source_that_is_provisioned_for_metrics_that_exist() -> None:
    file = GRAFANA / "provisioning" / "datasources" / "prometheus.yml"
    known = {source["uid"] for source in yaml.safe_load(file.read_text())["datasources"]}
    assert {panel["datasource"]["uid"] for _, panel in PANELS} == known
    asked = {
        n for _, p in PANELS for t in p["targets"] for n in re.findall(r"parley_\w+", t["expr"])
    }
    assert {re.sub(r"_(bucket|sum|count)$", "", name) for name in asked} <= set(exposed())


def test_no_two_panels_share_an_id_or_a_place() -> None:
    assert len({board["uid"] for board in BOARDS}) == len(BOARDS)
    for board in BOARDS:
        panels = board["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)
        cells = [cell for panel in panels for cell in cells_of(panel["gridPos"])]
        assert len(set(cells)) == len(cells)


def may_be_empty(expression: str) -> bool:
    return any(name in expression for name in WITHOUT_DATA)


def cells_of(place: dict[str, int]) -> list[tuple[int, int]]:
    across = range(place["x"], place["x"] + place["w"])
    return [(x, y) for x in across for y in range(place["y"], place["y"] + place["h"])]
