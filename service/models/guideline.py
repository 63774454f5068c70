"""Guideline files that were ever in force, and when each came into force at which site."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.models.base import Base, new_id, utc_now


class GuidelineVersion(Base):
    """A guideline file with its lists: the policy of an old decision can be made from it again."""

    __tablename__ = "guideline_version"

    # The first digits of the digest, as decisions name it.
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    label: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text)
    # The list files it names, by their path in the file.
    lists: Mapped[dict[str, Any]] = mapped_column(default=dict)
    # The installation's own file once, which every site may see; else one that a site was sent.
    installed: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class GuidelineActivation(Base):
    """A version came into force at a site; the newest row counts. Rows are never changed."""

    __tablename__ = "guideline_activation"
    __table_args__ = (Index("ix_guideline_activation_site", "site_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    # None: back to the installation's own file.
    version: Mapped[str | None] = mapped_column(ForeignKey("guideline_version.version"))
    activated_by: Mapped[UUID | None] = mapped_column(ForeignKey("moderator.id"))
    note: Mapped[str | None] = mapped_column(Text)
    activated_at: Mapped[datetime] = mapped_column(default=utc_now)
