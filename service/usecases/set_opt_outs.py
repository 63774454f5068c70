"""Say which queues a moderator does not want to be given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from service.domain.errors import Conflict, Invalid
from service.models import Membership
from service.usecases.context import Context
from service.usecases.memberships import active_ids, lock_members, log_account, member


def set_opt_outs(
    ctx: Context, *, site_id: UUID, moderator_id: UUID, queues: Collection[str]
) -> list[str]:
    """Store the whole list, in the order of the site's guideline file, and give it back.

    1. Each is a queue of the site.
    2. A queue that somebody must see (threats, legal notices) keeps at least one active
       moderator of the site who takes it.
    3. The log says that something was changed, not what: it is nobody else's business.

    Raises Invalid (queues), or Conflict for the last one who takes such a queue.
    """
    known = ctx.policy(site_id).queues
    unknown = sorted(set(queues) - set(known))
    if unknown:
        raise Invalid({"queues": [f"There is no queue called {name}." for name in unknown]})
    chosen = [name for name in known if name in queues]
    with ctx.transaction() as tx:
        members = lock_members(tx.session, [site_id])[site_id]
        own = member(members, moderator_id)
        if own.opted_out == chosen:
            return chosen
        active = active_ids(tx.session, members)
        others = [row for row in members if row.moderator_id in active - {moderator_id}]
        _check_covered([name for name in chosen if known[name].must_see], others)
        own.opted_out = chosen
        log_account(
            tx.session,
            "moderator.preferences_changed",
            site_ids=[site_id],
            moderator_id=moderator_id,
            by=moderator_id,
            now=ctx.clock(),
        )
    return chosen


def _check_covered(queues: Iterable[str], others: Collection[Membership]) -> None:
    for name in queues:
        if all(name in other.opted_out for other in others):
            message = f"Nobody else takes the queue {name}: it needs you."
            raise Conflict(message, code="queue_uncovered")
