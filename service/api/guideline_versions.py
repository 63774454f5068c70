"""The versions of a site's guidelines: look, check, replay, put in force, go back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from service.api import guideline_presenters as presenters
from service.api import guideline_version_schemas as schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.domain.errors import Unavailable
from service.domain.identity import Role
from service.queries.decided_signals import excerpts
from service.queries.guideline_versions import activations_of, find_version, version_page
from service.usecases.activate_guidelines import activate_guidelines, candidate
from service.usecases.backtest_guidelines import backtest_guidelines
from service.usecases.check_guidelines import check_guidelines
from service.usecases.count_shadow_rules import count_shadow_rules
from service.usecases.roll_back_guidelines import roll_back_guidelines

# A replay over the API stops here: the rest is for the command line.
BACKTEST_SECONDS = 20
# It keeps a processor busy, so one at a time in each process.
_replaying = threading.Lock()

blp = Blueprint("guideline versions", __name__, description="Versions of the guidelines")


@blp.route("/guidelines/versions", methods=["GET"])
@allow_moderator()
@blp.arguments(schemas.VersionsQuery, location="query")
@blp.response(200, schemas.VersionsOut)
def list_versions(query: dict[str, Any]) -> Any:
    """Every version this site ever went by, and when"""
    ctx, site = api().ctx, caller().site
    in_force = ctx.policy(site.id).version
    with ctx.reading() as session:
        page = version_page(session, site_id=site.id, after=query["cursor"], limit=query["limit"])
    return {
        "in_force": in_force,
        "problem": ctx.policy.problem(site.id),
        "versions": [asdict(row) | {"active": row.version == in_force} for row in page.versions],
        "next_cursor": page.next,
    }


@blp.route("/guidelines/versions/<string:version>", methods=["GET"])
@allow_moderator()
@blp.response(200, schemas.VersionOut)
def show_version(version: str) -> Any:
    """One version with its text and lists: what the decisions that name it rested on"""
    ctx, site = api().ctx, caller().site
    with ctx.reading() as session:
        row = find_version(session, site_id=site.id, version=version)
        activations = activations_of(session, site_id=site.id, version=version)
    names = ("version", "label", "installed", "created_at", "source", "lists")
    return {
        **{name: getattr(row, name) for name in names},
        "active": row.version == ctx.policy(site.id).version,
        "activations": activations,
    }


@blp.route("/guidelines", methods=["PUT"])
@allow_moderator(Role.LEAD)
@limited("write")
@blp.arguments(schemas.GuidelinesIn)
@blp.response(200, schemas.InForceOut)
def replace_guidelines(fields: dict[str, Any]) -> Any:
    """Put a guideline file in force

    It is checked wholly, its inline tests included, and stored. Comments decided before keep
    their decisions. Every process follows within five seconds.
    """
    site, moderator = caller().site, moderator_calling()
    return activate_guidelines(api().ctx, site_id=site.id, moderator_id=moderator.id, **fields)


@blp.route("/guidelines/check", methods=["POST"])
@allow_moderator(Role.LEAD)
@limited("write")
@blp.arguments(schemas.FileIn)
@blp.response(200, schemas.CheckOut)
def check(fields: dict[str, Any]) -> Any:
    """Say everything that is wrong with a guideline file; it is not kept"""
    return presenters.checked(check_guidelines(api().ctx, site_id=caller().site.id, **fields))


@blp.route("/guidelines/backtest", methods=["POST"])
@allow_moderator(Role.LEAD)
@limited("write")
@blp.arguments(schemas.BacktestIn)
@blp.response(200, schemas.BacktestOut)
def backtest(fields: dict[str, Any]) -> Any:
    """Replay a guideline file over the newest decided comments; nothing is changed

    It stops after 20 seconds and then says `complete: false`; `./parley guidelines backtest` has
    no such limit. One runs at a time; a second is answered 503 with `Retry-After`.
    """
    ctx, site_id = api().ctx, caller().site.id
    limits = {name: fields.pop(name) for name in ("limit", "examples")}
    policy = candidate(ctx, site_id=site_id, **fields)
    with one_at_a_time():
        run = backtest_guidelines(
            ctx, site_id=site_id, candidate=policy, seconds=BACKTEST_SECONDS, **limits
        )
    named = [item.comment_id for item in run.found.shown_examples()]
    with ctx.reading() as session:
        return presenters.backtest(run, excerpts(session, named, site_id=site_id))


@blp.route("/guidelines/rollback", methods=["POST"])
@allow_moderator(Role.LEAD)
@limited("write")
@blp.arguments(schemas.RollbackIn)
@blp.response(200, schemas.InForceOut)
def roll_back(fields: dict[str, Any]) -> Any:
    """Go back to the version before, or to the one named (`installation`: the installed file)"""
    site, moderator = caller().site, moderator_calling()
    return roll_back_guidelines(api().ctx, site_id=site.id, moderator_id=moderator.id, **fields)


@blp.route("/guidelines/shadow", methods=["GET"])
@allow_moderator()
@blp.arguments(schemas.ShadowQuery, location="query")
@blp.response(200, schemas.ShadowOut)
def list_shadow_rules(query: dict[str, Any]) -> Any:
    """What the rules in shadow would have done, and how far people agree with them"""
    found = count_shadow_rules(api().ctx, site_id=caller().site.id, days=query["days"])
    return {"days": query["days"], "rules": [presenters.shadow_rule(rule) for rule in found]}


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Raises Unavailable while another backtest runs in this process."""
    if not _replaying.acquire(blocking=False):
        raise Unavailable(BACKTEST_SECONDS, "Another backtest is running; please wait for it.")
    try:
        yield
    finally:
        _replaying.release()
