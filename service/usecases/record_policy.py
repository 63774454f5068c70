"""Keep every guideline file that was ever in force: decisions name it by its hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.domain.errors import Conflict
from service.domain.guideline import Policy
from service.models import GuidelineVersion
from service.usecases.context import Context


def record_policy(ctx: Context) -> None:
    """Store the text of the installation's own file, once per version.

    Raises Conflict where another file has the same short form.
    """
    with ctx.transaction() as tx:
        store_version(tx.session, ctx.policy(), installed=True, now=ctx.clock())


def store_version(session: Session, policy: Policy, *, installed: bool, now: datetime) -> None:
    """Store a policy's file and lists if they are not there; what is there is never changed.

    Raises Conflict where another file has the same short form: decisions name only that, and
    must mean one file.
    """
    row = {
        "digest": policy.digest,
        "label": policy.label,
        "source": policy.source,
        "lists": dict(policy.list_files),
    }
    # Before lists were kept a row had the short form for its digest; it is completed.
    is_incomplete = GuidelineVersion.digest == GuidelineVersion.version
    statement = insert(GuidelineVersion).values(
        version=policy.version, installed=installed, created_at=now, **row
    )
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[GuidelineVersion.version], set_=row, where=is_incomplete
        )
    )
    stored = session.get_one(GuidelineVersion, policy.version, populate_existing=True)
    if stored.digest != policy.digest:
        raise Conflict(
            f"Another guideline file is known as {policy.version} already; change a word of this.",
            code="version_ambiguous",
        )
    if installed and not stored.installed:
        stored.installed = True
