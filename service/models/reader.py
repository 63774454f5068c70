"""A reader is someone who comments: signed in through the publisher, or a guest."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.errors import Forbidden
from service.domain.sanction import Standing
from service.models.base import Base, new_id, utc_now

STAFF_BADGE = "staff"


class ReaderKind(StrEnum):
    """How a reader came in."""

    SSO = "sso"
    GUEST = "guest"


SILENCED = frozenset({Standing.SUSPENDED, Standing.BANNED})


class Reader(Base):
    """A reader of one site. `external_id` is the publisher's own id, or the guest's."""

    __tablename__ = "reader"
    __table_args__ = (UniqueConstraint("site_id", "kind", "external_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"))
    kind: Mapped[str] = mapped_column(String(8), default=ReaderKind.SSO.value)
    external_id: Mapped[str] = mapped_column(String(200))
    username: Mapped[str] = mapped_column(String(80))
    avatar: Mapped[str | None] = mapped_column(Text)
    badges: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    locale: Mapped[str | None] = mapped_column(String(16))
    # The `iat` of the newest token seen: an older token never overwrites a newer profile.
    profile_at: Mapped[datetime | None]
    standing: Mapped[str] = mapped_column(String(16), default=Standing.ACTIVE.value)
    standing_until: Mapped[datetime | None]
    approved_count: Mapped[int] = mapped_column(default=0)
    rejected_count: Mapped[int] = mapped_column(default=0)
    # Live points of the strikes ladder, kept in step with the rows of `strike`.
    strikes: Mapped[int] = mapped_column(default=0)
    # A warning that was not acknowledged yet.
    warning_id: Mapped[UUID | None]
    # Reports of this reader are stored and weigh nothing until then.
    reports_muted_until: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)

    @property
    def is_staff(self) -> bool:
        """Whether the publisher calls this reader one of its own."""
        return STAFF_BADGE in self.badges

    def check_may_speak(self, now: datetime) -> None:
        """Raise Forbidden while the reader may not comment.

        1. A suspension or ban that has not run out (the sweep ends it a little later).
        2. A warning that was not acknowledged yet; the message names it.
        """
        if self.standing in SILENCED and not self._is_over(now):
            until = f" until {self.standing_until.isoformat()}" if self.standing_until else ""
            message = f"This account is {self.standing}{until}."
            raise Forbidden(message, code=f"reader_{self.standing}")
        if self.warning_id is not None:
            message = f"Please read and acknowledge your warning {self.warning_id} first."
            raise Forbidden(message, code="warning_unacknowledged")

    def _is_over(self, now: datetime) -> bool:
        return self.standing_until is not None and self.standing_until <= now
