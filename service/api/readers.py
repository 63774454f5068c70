"""Readers as moderators deal with them: record, sanctions, notes, and what two people decide."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from service.api import reader_schemas
from service.api.app_state import api
from service.api.auth import allow_moderator, caller, limited, moderator_calling
from service.api.blueprint import Blueprint
from service.domain.identity import Role
from service.domain.sanction import SanctionKind
from service.queries.reader_page import ReaderPage, reader_page
from service.queries.sanctions import open_proposals
from service.usecases.add_reader_note import add_reader_note
from service.usecases.disclose_evidence import disclose_evidence
from service.usecases.lift_sanction import lift_sanction
from service.usecases.refer_author import refer_author
from service.usecases.sanction_reader import sanction_reader
from service.usecases.settle_proposal import settle_proposal

blp = Blueprint("readers", __name__, description="Readers, sanctions and proposals")


@blp.route("/moderation/readers/<uuid:reader_id>", methods=["GET"])
@allow_moderator()
@blp.response(200, reader_schemas.ReaderPageOut)
def show_reader(reader_id: UUID) -> Any:
    """A reader with standing, sanctions, strikes, record as author and as reporter, and notes"""
    ctx = api().ctx
    now = ctx.clock()
    with ctx.reading() as session:
        page = reader_page(session, reader_id, site_id=caller().site.id, now=now)
    return _page(page, now)


@blp.route("/moderation/readers/<uuid:reader_id>/sanctions", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(reader_schemas.SanctionIn)
@blp.response(201, reader_schemas.SanctionedOut)
def create_sanction(fields: dict[str, Any], reader_id: UUID) -> Any:
    """Warn, premoderate, suspend or ban a reader, or mute a reader's reports

    A ban, and a suspension of more than 30 days, needs a lead or an admin. Where the guidelines
    ask for two people, the answer is a proposal that another lead or admin confirms.
    """
    return sanction_reader(
        api().ctx,
        site_id=caller().site.id,
        reader_id=reader_id,
        moderator=moderator_calling(),
        **{**fields, "kind": SanctionKind(fields["kind"])},
    )


@blp.route("/moderation/readers/<uuid:reader_id>/sanctions/<uuid:sanction_id>", methods=["DELETE"])
@allow_moderator()
@limited("write")
@blp.arguments(reader_schemas.ReasonIn)
@blp.response(200, reader_schemas.SanctionOut)
def delete_sanction(fields: dict[str, Any], reader_id: UUID, sanction_id: UUID) -> Any:
    """Lift a sanction before its time; the reader is told"""
    return lift_sanction(
        api().ctx,
        site_id=caller().site.id,
        reader_id=reader_id,
        sanction_id=sanction_id,
        moderator=moderator_calling(),
        note=fields["note"],
    )


@blp.route("/moderation/readers/<uuid:reader_id>/notes", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(reader_schemas.ReasonIn)
@blp.response(201, reader_schemas.NoteOut)
def create_note(fields: dict[str, Any], reader_id: UUID) -> Any:
    """Leave a note on a reader for other moderators"""
    return add_reader_note(
        api().ctx,
        site_id=caller().site.id,
        reader_id=reader_id,
        moderator_id=moderator_calling().id,
        body=fields["note"],
    )


@blp.route("/moderation/comments/<uuid:comment_id>/referrals", methods=["POST"])
@allow_moderator()
@limited("write")
@blp.arguments(reader_schemas.ReferralIn)
@blp.response(201, reader_schemas.ProposalOut)
def create_referral(fields: dict[str, Any], comment_id: UUID) -> Any:
    """Propose to tell law enforcement of a threat to life or safety (DSA, Article 18)"""
    return refer_author(
        api().ctx,
        site_id=caller().site.id,
        comment_id=comment_id,
        moderator=moderator_calling(),
        **fields,
    )


@blp.route("/moderation/proposals", methods=["GET"])
@allow_moderator()
@blp.arguments(reader_schemas.ProposalQuery, location="query")
@blp.response(200, reader_schemas.ProposalsOut)
def list_proposals(query: dict[str, Any]) -> Any:
    """What waits for a second person, oldest first"""
    with api().ctx.reading() as session:
        found = open_proposals(
            session, site_id=caller().site.id, after=query["after"], limit=query["limit"]
        )
    return {"proposals": found}


@blp.route("/moderation/proposals/<uuid:proposal_id>/decisions", methods=["POST"])
@allow_moderator(Role.LEAD, Role.LEGAL)
@limited("write")
@blp.arguments(reader_schemas.OutcomeIn)
@blp.response(200, reader_schemas.ProposalOut)
def decide_proposal(fields: dict[str, Any], proposal_id: UUID) -> Any:
    """Confirm or decline what somebody else, or the strikes ladder, proposed"""
    return settle_proposal(
        api().ctx,
        site_id=caller().site.id,
        proposal_id=proposal_id,
        moderator=moderator_calling(),
        **fields,
    )


@blp.route("/moderation/proposals/<uuid:proposal_id>/evidence", methods=["GET"])
@allow_moderator(Role.LEAD, Role.LEGAL)
@blp.response(200, content_type="application/json")
def show_evidence(proposal_id: UUID) -> Any:
    """The evidence of a referral: text, times, place, the author's ids; each look is logged"""
    return disclose_evidence(
        api().ctx,
        site_id=caller().site.id,
        proposal_id=proposal_id,
        moderator=moderator_calling(),
    )


def _page(page: ReaderPage, now: Any) -> dict[str, Any]:
    live = [sanction for sanction in page.sanctions if page.is_live(sanction, now)]
    return {
        "reader": page.reader,
        "live_sanctions": live,
        "past_sanctions": [s for s in page.sanctions if s not in live],
        "strikes": [_strike(strike, page.is_live(strike, now)) for strike in page.strikes],
        "proposals": page.proposals,
        "comments_by_status": page.comments_by_status,
        "rejection_rate_30d": page.rejection_rate,
        "reports_made": page.reports_made,
        "reports_against": page.reports_against,
        "comments": page.comments,
        "decisions": page.decisions,
        "notes": page.notes,
    }


def _strike(strike: Any, is_live: bool) -> dict[str, Any]:
    state = "live" if is_live else "voided" if strike.voided_at else "expired"
    names = ("id", "decision_id", "guideline", "severity", "points", "created_at", "expires_at")
    return {name: getattr(strike, name) for name in names} | {"state": state}
