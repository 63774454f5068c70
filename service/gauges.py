"""The gauges on `/metrics`: what the database and the guidelines say now, under their names."""

from __future__ import annotations

import platform
from collections.abc import Mapping

from service import __version__
from service.adapters.metrics_page import GaugeValues
from service.queries.health import Gauges, Waiting, gauges
from service.queries.sites_guidelines import versions_in_force
from service.usecases.context import Context

# A version that was not loaded yet takes a tenth of a second: no more than these are looked at.
VERSIONS_CHECKED = 32


def read_gauges(ctx: Context) -> dict[str, GaugeValues]:
    """Everything that is read when the page is asked for."""
    with ctx.reading() as session:
        found = gauges(session, ctx.clock())
        in_force = versions_in_force(session)
    return {
        **_program(database_up=True),
        **_waiting(found),
        **_scorers(found),
        **_guidelines(ctx, in_force),
    }


def gauges_without_database() -> dict[str, GaugeValues]:
    """What is left of them while the database is down."""
    return _program(database_up=False)


def _program(*, database_up: bool) -> dict[str, GaugeValues]:
    about = {"version": __version__, "python": platform.python_version()}
    return {
        "parley_build_info": [(about, 1)],
        "parley_database_up": [({}, int(database_up))],
    }


def _waiting(found: Gauges) -> dict[str, GaugeValues]:
    return {
        "parley_oldest_pending_seconds": [({}, found.queues["scoring"].oldest)],
        **_by("queue", "parley_queue", found.queues),
        **_by("queue", "parley_review_queue", found.review_queues, overdue=True),
        **_by("kind", "parley_cases", found.cases, overdue=True),
        "parley_webhooks": [({"state": state}, n) for state, n in found.webhooks.items()],
        "parley_threads_adrift": [({}, found.threads_adrift)],
    }


def _by(
    label: str, name: str, found: Mapping[str, Waiting], *, overdue: bool = False
) -> dict[str, GaugeValues]:
    numbers: dict[str, GaugeValues] = {
        f"{name}_depth": [({label: key}, one.depth) for key, one in found.items()],
        f"{name}_oldest_seconds": [({label: key}, one.oldest) for key, one in found.items()],
    }
    if overdue:
        numbers[f"{name}_overdue"] = [({label: key}, one.overdue) for key, one in found.items()]
    return numbers


def _scorers(found: Gauges) -> dict[str, GaugeValues]:
    ready = sum(scorer.ready for scorer in found.scorers)
    models = {
        (model["task"], model["name"], model["version"])
        for scorer in found.scorers
        for model in scorer.models.values()
    }
    return {
        "parley_scorers": [
            ({"state": "ready"}, ready),
            ({"state": "not_ready"}, len(found.scorers) - ready),
        ],
        "parley_model_info": [
            ({"task": task, "name": name, "version": version}, 1)
            for task, name, version in sorted(models)
        ],
    }


def _guidelines(ctx: Context, in_force: Mapping[str, int]) -> dict[str, GaugeValues]:
    """Sites that have activated a version of their own, and those whose version is unusable."""
    unusable = sum(
        sites
        for version, sites in list(in_force.items())[:VERSIONS_CHECKED]
        if ctx.policy.stored(version) is None
    )
    return {
        "parley_policy_info": [({"version": ctx.policy().version}, 1)],
        "parley_policy_own_sites": [({}, sum(in_force.values()))],
        "parley_policy_problem_sites": [({}, unusable)],
    }
