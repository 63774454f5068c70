"""A site is one publication; its API keys let the publisher's systems in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.identity import SiteKeys
from service.domain.reaction import DEFAULT_KINDS
from service.models.base import Base, new_id, utc_now


class Site(Base):
    """A publication. `key` is its name in addresses and settings."""

    __tablename__ = "site"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(String(16), default="en")
    domains: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    guests_allowed: Mapped[bool] = mapped_column(default=False)
    # Kinds of reaction readers may give; none turns them off (service/domain/reaction.py).
    reactions: Mapped[list[str]] = mapped_column(
        ARRAY(Text),
        default=lambda: list(DEFAULT_KINDS),
        server_default=text("'{respect}'::text[]"),
    )
    # Newest first; a token signed by any of them holds, so that a secret can be rotated.
    sso_secrets: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    sso_jwks: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    def keys(self) -> SiteKeys:
        """What tokens of this site are checked with."""
        return SiteKeys(
            id=str(self.id), key=self.key, sso_secrets=self.sso_secrets, sso_jwks=self.sso_jwks
        )


class ApiKey(Base):
    """A publisher's key. Only its hash is stored; `prefix` is for telling keys apart."""

    __tablename__ = "api_key"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(16))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]
