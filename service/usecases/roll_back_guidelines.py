"""Go back to an earlier version of a site's guidelines."""

from __future__ import annotations

from uuid import UUID

from service.domain.errors import Conflict
from service.domain.guideline import Policy
from service.models import GuidelineVersion
from service.queries.guideline_versions import find_version, version_before
from service.usecases.activate_guidelines import active_version, put_in_force
from service.usecases.context import Context

ROLLED_BACK = "policy.rolled_back"
# Names the installation's own file, whatever it says at the time.
INSTALLATION = "installation"


def roll_back_guidelines(
    ctx: Context,
    *,
    site_id: UUID,
    note: str,
    moderator_id: UUID | None,
    to_version: str | None = None,
) -> Policy:
    """Put an earlier version in force again: the one before the present one, or the one named.

    Going back twice without a name undoes the first. `to_version` may be `installation`: the
    site then follows the installation's own file again.

    Raises:
        NotFound: no such version here, or nothing to go back to.
        Conflict: it is in force already, or this program can no longer use it.
    """
    with ctx.transaction() as tx:
        active = active_version(tx, ctx, site_id=site_id)
        if to_version is None:
            version = version_before(tx.session, site_id=site_id, version=active)
        else:
            version = None if to_version == INSTALLATION else to_version
        if version == active:
            raise Conflict("This version is in force already.", code="version_in_force")
        policy = ctx.policy()
        if version is not None:
            policy = _usable(ctx, find_version(tx.session, site_id=site_id, version=version))
        put_in_force(
            tx,
            ctx,
            kind=ROLLED_BACK,
            site_id=site_id,
            version=version,
            before=active or ctx.policy().version,
            note=note,
            moderator_id=moderator_id,
        )
    return policy


def _usable(ctx: Context, row: GuidelineVersion) -> Policy:
    policy = ctx.policy.stored(row.version)
    if policy is None:
        raise Conflict(
            f"Version {row.version} cannot be used by this version of Parley.",
            code="version_unusable",
        )
    return policy
