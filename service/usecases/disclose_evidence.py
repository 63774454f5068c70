"""The evidence of a referral to law enforcement; every look at it is logged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.domain.errors import NotFound
from service.queries.evidence import evidence
from service.queries.sanctions import get_proposal
from service.usecases.context import Context
from service.usecases.identify_caller import SignedInModerator
from service.usecases.refer_author import REFER


def disclose_evidence(
    ctx: Context, *, site_id: UUID, proposal_id: UUID, moderator: SignedInModerator
) -> dict[str, Any]:
    """What authorities need: text and revisions, times with zone, place, the author's ids.

    Writes the event `identity.disclosed`. Raises NotFound where it is no referral of this site.
    """
    now = ctx.clock()
    with ctx.transaction() as tx:
        session = tx.session
        proposal = get_proposal(session, proposal_id, site_id=site_id)
        if proposal.action != REFER or proposal.comment_id is None:
            raise NotFound("This proposal is no referral.", code="proposal_not_found")
        comment, pack = evidence(session, proposal, now)
        session.add(
            comment.event(
                "identity.disclosed",
                actor="moderator",
                actor_id=moderator.id,
                now=now,
                data={"proposal": str(proposal.id)},
            )
        )
    return pack
