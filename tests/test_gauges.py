"""The gauges on `/metrics`: every one is there, and what is left while the database is down."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

from config.settings import Settings
from service import __version__
from service.adapters.instruments import GAUGES
from service.bootstrap import make_api, make_parts
from service.domain.guideline import Policy
from service.gauges import read_gauges
from service.models import GuidelineActivation, GuidelineVersion, Site
from service.usecases.context import Context

ROOT = Path(__file__).resolve().parent.parent


def test_every_gauge_is_read_and_none_that_is_not_listed(ctx: Context, site: Site) -> None:
    assert set(read_gauges(ctx)) == set(GAUGES)


def test_a_site_whose_own_guidelines_cannot_be_used_is_counted(ctx: Context, site: Site) -> None:
    with ctx.transaction() as tx:
        tx.session.add(
            GuidelineVersion(version="0" * 12, digest="0" * 64, source="rules: [", lists={})
        )
        tx.session.flush()
        tx.session.add(GuidelineActivation(site_id=site.id, version="0" * 12))
    found = read_gauges(ctx)
    assert found["parley_policy_own_sites"] == [({}, 1)]
    assert found["parley_policy_problem_sites"] == [({}, 1)]


def test_a_site_that_went_back_to_the_installations_guidelines_is_not(
    ctx: Context, site: Site
) -> None:
    with ctx.transaction() as tx:
        tx.session.add(
            GuidelineVersion(version="0" * 12, digest="0" * 64, source="rules: [", lists={})
        )
        tx.session.flush()
        for version in ("0" * 12, None):
            tx.session.add(GuidelineActivation(site_id=site.id, version=version))
            tx.session.flush()
    found = read_gauges(ctx)
    assert found["parley_policy_own_sites"] == [({}, 0)]
    assert found["parley_policy_problem_sites"] == [({}, 0)]


def test_the_page_is_answered_while_the_database_is_down(
    settings: Settings, policy: Policy, tmp_path: Path
) -> None:
    nowhere = replace(settings, database_url=f"postgresql+psycopg://x@/x?host={tmp_path}")
    parts = make_parts(nowhere, policy=policy)
    parts.metrics.record_comment("published")
    page = make_api(nowhere, parts).metrics_page().decode()
    assert "parley_database_up 0.0" in page
    assert 'parley_comments_total{status="published"} 1.0' in page
    assert "parley_queue_depth" not in page


def test_the_page_names_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] == __version__
