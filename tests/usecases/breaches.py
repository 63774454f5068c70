"""What the tests about readers share: moderators as use cases see them, breaches, another time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from service.domain.action import ModeratorAction
from service.domain.automation import DecisionSource
from service.domain.identity import Role
from service.models import Comment, Decision, Event, Reader, Sanction, Site
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.lock_comment import lock_comment
from service.usecases.take_decision import take_decision
from tests.makers import Makers


def signed_in(make: Makers, site: Site, role: Role = Role.MODERATOR) -> SignedInModerator:
    """A moderator as the API hands one to a use case."""
    return SignedInModerator(make.moderator(site, role=role).id, "mod", role)


def remove(
    ctx: Context,
    comment: Comment,
    moderator: SignedInModerator,
    *,
    guideline: str = "civil",
    action: ModeratorAction = ModeratorAction.REMOVE,
) -> Decision:
    """Have a person remove a comment for a breach."""
    with ctx.transaction() as tx:
        return take_decision(
            tx,
            ctx,
            comment=lock_comment(tx.session, comment.id, site_id=comment.site_id),
            action=action,
            guideline=guideline,
            note=None,
            actor=moderator,
            source=DecisionSource.MODERATOR,
            item=None,
            undo_window=ctx.limits.undo_window,
        )


def later(ctx: Context, **delta: float) -> Context:
    """The same context, so much later."""
    moment = ctx.clock() + timedelta(**delta)
    clock: Callable[[], datetime] = lambda: moment  # noqa: E731
    return replace(ctx, clock=clock)


def sanctions_of(ctx: Context, reader: Reader) -> list[Sanction]:
    """All of a reader's sanctions, oldest first."""
    with ctx.reading() as session:
        query = select(Sanction).where(Sanction.reader_id == reader.id).order_by(Sanction.id)
        return list(session.scalars(query))


def events_of(ctx: Context, reader_id: UUID) -> list[str]:
    """The kinds of events about a reader, oldest first."""
    with ctx.reading() as session:
        return list(
            session.scalars(
                select(Event.kind).where(Event.reader_id == reader_id).order_by(Event.id)
            )
        )
