"""The newsroom's people: their accounts, their roles at each site, and what they sign in with."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.identity import Role
from service.models.base import Base, new_id, utc_now


class Moderator(Base):
    """An account. Its address and name are personal data and stay out of the log."""

    __tablename__ = "moderator"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    # Lower case.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    # Argon2id; None where only tokens are used.
    password_hash: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    disabled_at: Mapped[datetime | None]


class Membership(Base):
    """What a moderator may do at one site. Without a row: nothing, and nothing is seen."""

    __tablename__ = "membership"

    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("moderator.id"), primary_key=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(16), default=Role.MODERATOR.value)
    # Queues this person does not want to be given.
    opted_out: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    # Ends one site's membership; the account's own column ends them all.
    disabled_at: Mapped[datetime | None]


class CredentialKind(StrEnum):
    """What a moderator showed."""

    SESSION = "session"
    # A code that begins one session, once, within minutes.
    LINK = "link"
    TOKEN = "token"  # noqa: S105 - a kind of credential, not one


class ModeratorCredential(Base):
    """A session, an API token or a one-time link; only its hash is stored."""

    __tablename__ = "moderator_credential"
    __table_args__ = (Index("ix_moderator_credential_moderator", "moderator_id", "kind"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("moderator.id"))
    kind: Mapped[str] = mapped_column(String(8))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    # A token is for one site; a session for all of its moderator's.
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str] = mapped_column(String(80), default="")
    prefix: Mapped[str] = mapped_column(String(16), default="")
    # The moderator who made a token for somebody else: it does not open what is that person's
    # alone. None: the account's own, or made on the command line.
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Exposure(Base):
    """How much a moderator looked at in an hour; shown to nobody but that person."""

    __tablename__ = "exposure"
    __table_args__ = (UniqueConstraint("moderator_id", "day", "hour"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    moderator_id: Mapped[UUID] = mapped_column(ForeignKey("moderator.id"))
    day: Mapped[date]
    hour: Mapped[int]
    seen: Mapped[int] = mapped_column(default=0)
    severe: Mapped[int] = mapped_column(default=0)
