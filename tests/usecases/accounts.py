"""What the tests of moderators' accounts share."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from service.domain.identity import Role
from service.models import (
    Event,
    Membership,
    Moderator,
    Site,
)
from service.usecases.add_moderator import add_moderator
from service.usecases.context import Context
from service.usecases.create_moderator_token import create_moderator_token
from service.usecases.sign_in import sign_in

PASSWORD = "seven grey herons at low tide"
EMAIL = "maeve@courier.example"


def add(ctx: Context, site: Site, role: Role = Role.MODERATOR, email: str = EMAIL) -> Moderator:
    return add_moderator(
        ctx, site_id=site.id, email=email, name="Maeve", role=role, password=PASSWORD
    )


def session_of(ctx: Context, email: str = EMAIL) -> str:
    return sign_in(ctx, email=email, password=PASSWORD).session


def token_of(ctx: Context, site: Site, account: Moderator) -> str:
    return create_moderator_token(ctx, site_id=site.id, moderator_id=account.id).plain


def events(ctx: Context, site: Site) -> list[Event]:
    with ctx.reading() as session:
        found = select(Event).where(Event.site_id == site.id, Event.kind.like("moderator.%"))
        return list(session.execute(found.order_by(Event.id)).scalars())


def membership(ctx: Context, site: Site, moderator_id: UUID) -> Membership:
    with ctx.reading() as session:
        return session.get_one(Membership, (moderator_id, site.id))
