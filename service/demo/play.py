"""Plays the demo's conversation once: what was done is passed over, so it can go on anywhere."""

from __future__ import annotations

from collections.abc import Callable

from service.demo.conversation import CONVERSATION, MODERATORS
from service.demo.lines import LINES
from service.demo.stage import Stage
from service.domain.errors import Conflict, ParleyError
from service.domain.identity import Role
from service.models import Site
from service.queries.moderators import members_of
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator


def make_moderators(ctx: Context, site: Site) -> dict[str, SignedInModerator]:
    """The demo's moderators by name; made where they are missing, and left as they are else."""
    known = _members(ctx, site)
    for name, (email, role) in MODERATORS.items():
        if email not in known:
            try:
                add_moderator(ctx, site_id=site.id, email=email, name=name, role=role)
            except Conflict:
                continue  # disabled by the operator: that stays
    members = _members(ctx, site)
    return {name: members[email] for name, (email, _) in MODERATORS.items() if email in members}


def is_complete(ctx: Context, site: Site) -> bool:
    """Whether the conversation was played to its end."""
    moderators = make_moderators(ctx, site)
    return len(moderators) < len(MODERATORS) or CONVERSATION[-1].is_done(
        _stage(ctx, site, moderators, pace=lambda: None)
    )


def play(ctx: Context, site: Site, *, pace: Callable[[], None], say: Callable[[str], None]) -> None:
    """Play what is missing of the conversation. Nothing happens where it is complete.

    Args:
        pace: called while a worker or a clock is waited for.
        say: is told how far it is, and what could not be done because somebody was faster.

    Raises DemoWaits where no worker scores.
    """
    stage = _stage(ctx, site, make_moderators(ctx, site), pace)
    if len(stage.moderators) < len(MODERATORS) or CONVERSATION[-1].is_done(stage):
        return
    done = 0
    for deed in CONVERSATION:
        if deed.is_done(stage):
            continue
        try:
            deed.play(stage)
            done += 1
        except ParleyError as error:
            # Whoever tries the demo meanwhile may decide or withdraw first: that is no fault.
            say(f"passed over {type(deed).__name__}: {error.detail}")
    say(f"{done} of {len(CONVERSATION)} steps played")


def _stage(
    ctx: Context,
    site: Site,
    moderators: dict[str, SignedInModerator],
    pace: Callable[[], None],
) -> Stage:
    return Stage(ctx, site, {line.name: line for line in LINES}, moderators, pace)


def _members(ctx: Context, site: Site) -> dict[str, SignedInModerator]:
    with ctx.reading() as session:
        found = members_of(session, site.id, ctx.clock())
    return {
        member.account.email: SignedInModerator(
            member.account.id, member.account.name, Role(member.membership.role)
        )
        for member in found
        if not member.is_disabled
    }
