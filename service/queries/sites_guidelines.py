"""Which guideline versions are in force across all sites."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from service.models import GuidelineActivation


def versions_in_force(session: Session) -> dict[str, int]:
    """Versions that sites have put in force, and at how many; the latest put in force first.

    Sites that go by the installation's own file are not among them.
    """
    newest = (
        select(GuidelineActivation)
        .ext(distinct_on(GuidelineActivation.site_id))
        .order_by(GuidelineActivation.site_id, GuidelineActivation.id.desc())
        .subquery()
    )
    found = session.execute(
        select(newest.c.version, func.count())
        .where(newest.c.version.is_not(None))
        .group_by(newest.c.version)
        .order_by(func.max(newest.c.activated_at).desc())
    )
    return {row[0]: row[1] for row in found}
