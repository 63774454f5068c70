"""Put a guideline file in force at a site. What was decided before stays as it was."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from service.domain.errors import Conflict, Invalid
from service.domain.guideline import Policy
from service.models import Event, GuidelineActivation, Site, new_id
from service.queries.guideline_versions import newest_activations
from service.usecases.context import Context, Transaction
from service.usecases.record_policy import store_version

ACTIVATED = "policy.activated"


def activate_guidelines(
    ctx: Context,
    *,
    site_id: UUID,
    source: str,
    lists: Mapping[str, str] | None,
    note: str,
    moderator_id: UUID | None,
    expect_version: str | None = None,
) -> Policy:
    """Check a guideline file wholly, store it and put it in force at a site.

    Args:
        source: the file.
        lists: the texts of its list files by path; None keeps those of the file in force.
        note: why, for the colleagues.
        moderator_id: who; None for the command line.
        expect_version: the version the change was made from; None does not ask.

    Returns the policy now in force. A file that is in force already is left alone.

    Raises:
        Invalid: problems of the file under `source`, each with its line; of `lists` under that.
        Conflict: another version than expected is in force, or the short form is taken.
    """
    policy = candidate(ctx, site_id=site_id, source=source, lists=lists)
    with ctx.transaction() as tx:
        active = active_version(tx, ctx, site_id=site_id)
        in_force = active or ctx.policy().version
        if expect_version is not None and expect_version != in_force:
            raise Conflict(
                f"Version {in_force} is in force by now, not {expect_version}.",
                code="version_stale",
            )
        store_version(tx.session, policy, installed=False, now=ctx.clock())
        if policy.version != active:
            put_in_force(
                tx,
                ctx,
                kind=ACTIVATED,
                site_id=site_id,
                version=policy.version,
                before=in_force,
                note=note,
                moderator_id=moderator_id,
            )
    return policy


def candidate(
    ctx: Context, *, site_id: UUID, source: str, lists: Mapping[str, str] | None
) -> Policy:
    """The policy of a file meant for a site, checked wholly but not stored.

    Raises Invalid, as `activate_guidelines` does.
    """
    policy = ctx.policy.parse(
        source, lists if lists is not None else ctx.policy(site_id).list_files
    )
    unnamed = sorted(set(lists or ()) - set(policy.list_files))
    if unnamed:
        raise Invalid({"lists": [f"'{path}' is not named in the file" for path in unnamed]})
    with ctx.reading() as session:
        key = session.get_one(Site, site_id).key
    if policy.site != key:
        raise Invalid({"source": [f"metadata.site: must be '{key}', not '{policy.site}'"]})
    return policy


def active_version(tx: Transaction, ctx: Context, *, site_id: UUID) -> str | None:
    """Lock a site's guidelines; the version put in force last, None for the installation's."""
    tx.session.get_one(Site, site_id, with_for_update={"key_share": True})
    newest = newest_activations(tx.session, site_id=site_id)
    return newest[0].version if newest else None


def put_in_force(
    tx: Transaction,
    ctx: Context,
    *,
    kind: str,
    site_id: UUID,
    version: str | None,
    before: str,
    note: str,
    moderator_id: UUID | None,
) -> None:
    """Write down that a version (None: the installation's own file) is in force from now on."""
    now = ctx.clock()
    activation = GuidelineActivation(
        id=new_id(),
        site_id=site_id,
        version=version,
        activated_by=moderator_id,
        note=note,
        activated_at=now,
    )
    event = Event(
        site_id=site_id,
        kind=kind,
        actor="moderator" if moderator_id else "publisher",
        actor_id=moderator_id,
        data={"version": version or ctx.policy().version, "before": before},
        created_at=now,
    )
    tx.session.add_all([activation, event])
    tx.after_commit.append(lambda: ctx.policy.look_again(site_id))
