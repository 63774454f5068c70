"""What the demo's moderators do, by the same use cases as the console's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from service.demo.stage import Stage
from service.domain.action import ModeratorAction
from service.domain.appeal import AppealOutcome
from service.domain.sanction import SanctionKind
from service.models import ReviewItem, ReviewState
from service.queries.demo import (
    find_appeal,
    find_decision,
    find_item,
    has_happened,
    has_sample,
    has_sanction,
)
from service.usecases.add_reader_note import add_reader_note
from service.usecases.claim_items import claim_item
from service.usecases.decide_appeal import decide_appeal
from service.usecases.decide_comment import decide_comment
from service.usecases.decide_item import decide_item
from service.usecases.draw_sample import draw_sample
from service.usecases.escalate_item import escalate_item
from service.usecases.sanction_reader import sanction_reader
from service.usecases.take_decision import Verdict

# What becomes of a sanction that needs two people.
PROPOSED = "proposal.made"


def always() -> float:
    """A draw that takes every decision for a second look."""
    return 0.0


@dataclass(frozen=True, slots=True)
class Decides:
    """A moderator decides on a comment, in the queue where it waits there."""

    name: str
    by: str
    action: ModeratorAction
    guideline: str | None = None
    note: str | None = None
    label: str | None = None

    def is_done(self, stage: Stage) -> bool:
        return decided(stage, self.name, self.by, self.action) is not None

    def play(self, stage: Stage) -> None:
        comment, actor = stage.comment(self.name), stage.moderators[self.by]
        verdict = Verdict(
            action=self.action, guideline=self.guideline, note=self.note, label=self.label
        )
        item = waiting(stage, comment.id)
        site_id = stage.site.id
        if item is not None:
            decide_item(stage.ctx, site_id=site_id, item_id=item.id, actor=actor, verdict=verdict)
            return
        decide_comment(
            stage.ctx, site_id=site_id, comment_id=comment.id, actor=actor, verdict=verdict
        )


@dataclass(frozen=True, slots=True)
class Answers:
    """A moderator who had no part in it answers an author's appeal."""

    name: str
    by: str
    outcome: AppealOutcome
    reasons: str

    def is_done(self, stage: Stage) -> bool:
        return _happened(stage, "appeal.decided", self.name, self.by)

    def play(self, stage: Stage) -> None:
        comment = stage.comment(self.name)
        with stage.ctx.reading() as session:
            appeal = find_appeal(session, comment_id=comment.id, reader_id=comment.reader_id)
        if appeal is None:
            return
        decide_appeal(
            stage.ctx,
            site_id=stage.site.id,
            appeal_id=appeal.id,
            actor=stage.moderators[self.by],
            outcome=self.outcome,
            reasons=self.reasons,
        )


@dataclass(frozen=True, slots=True)
class Sanctions:
    """A moderator sanctions a reader; a ban is proposed and waits for a second person."""

    reader: str
    by: str
    kind: SanctionKind
    guideline: str
    note: str
    days: int | None = None

    def is_done(self, stage: Stage) -> bool:
        reader, actor = stage.reader(self.reader), stage.moderators[self.by]
        with stage.ctx.reading() as session:
            given = has_sanction(session, reader_id=reader.id, kind=self.kind.value)
            return given or has_happened(
                session, kind=PROPOSED, reader_id=reader.id, actor_id=actor.id
            )

    def play(self, stage: Stage) -> None:
        sanction_reader(
            stage.ctx,
            site_id=stage.site.id,
            reader_id=stage.reader(self.reader).id,
            moderator=stage.moderators[self.by],
            kind=self.kind,
            guideline=self.guideline,
            note=self.note,
            days=self.days,
        )


@dataclass(frozen=True, slots=True)
class Samples:
    """A decision is drawn for a second look, as a few are by chance."""

    name: str
    of: str
    action: ModeratorAction

    def is_done(self, stage: Stage) -> bool:
        decision = decided(stage, self.name, self.of, self.action)
        if decision is None:
            return False
        with stage.ctx.reading() as session:
            return has_sample(session, decision_id=decision)

    def play(self, stage: Stage) -> None:
        comment_id = stage.comment(self.name).id
        policy = stage.ctx.policy(stage.site.id)
        actor_id = stage.moderators[self.of].id
        with stage.ctx.transaction() as tx:
            found = find_decision(
                tx.session, comment_id=comment_id, actor_id=actor_id, action=self.action.value
            )
            if found is not None:
                now = stage.ctx.clock()
                draw_sample(tx.session, decision=found, policy=policy, now=now, chance=always)


@dataclass(frozen=True, slots=True)
class Escalates:
    """A moderator hands an item on."""

    name: str
    by: str
    to: str

    def is_done(self, stage: Stage) -> bool:
        return _happened(stage, "review.escalated", self.name, self.by)

    def play(self, stage: Stage) -> None:
        actor, site_id = stage.moderators[self.by], stage.site.id

        def hand_on(item_id: UUID) -> object:
            return escalate_item(
                stage.ctx, site_id=site_id, item_id=item_id, actor=actor, to=self.to
            )

        _on_item(stage, self.name, hand_on)


@dataclass(frozen=True, slots=True)
class Claims:
    """A moderator takes an item up."""

    name: str
    by: str

    def is_done(self, stage: Stage) -> bool:
        return _happened(stage, "review.claimed", self.name, self.by)

    def play(self, stage: Stage) -> None:
        actor, site_id = stage.moderators[self.by], stage.site.id

        def claim(item_id: UUID) -> object:
            return claim_item(stage.ctx, actor=actor, site_id=site_id, item_id=item_id)

        _on_item(stage, self.name, claim)


@dataclass(frozen=True, slots=True)
class Notes:
    """A moderator notes something about a reader."""

    reader: str
    by: str
    text: str

    def is_done(self, stage: Stage) -> bool:
        reader, actor = stage.reader(self.reader), stage.moderators[self.by]
        with stage.ctx.reading() as session:
            return has_happened(session, kind="note.added", reader_id=reader.id, actor_id=actor.id)

    def play(self, stage: Stage) -> None:
        add_reader_note(
            stage.ctx,
            site_id=stage.site.id,
            reader_id=stage.reader(self.reader).id,
            moderator_id=stage.moderators[self.by].id,
            body=self.text,
        )


def decided(stage: Stage, name: str, by: str, action: ModeratorAction) -> UUID | None:
    """The id of what a moderator decided on a line; None where that was not done."""
    comment_id, actor_id = stage.comment(name).id, stage.moderators[by].id
    with stage.ctx.reading() as session:
        found = find_decision(
            session, comment_id=comment_id, actor_id=actor_id, action=action.value
        )
    return found.id if found else None


def waiting(stage: Stage, comment_id: UUID) -> ReviewItem | None:
    """The comment's item while it waits for a decision."""
    with stage.ctx.reading() as session:
        item = find_item(session, comment_id=comment_id)
    return item if item is not None and item.state != ReviewState.DECIDED else None


def _on_item(stage: Stage, name: str, act: Callable[[UUID], object]) -> None:
    item = waiting(stage, stage.comment(name).id)
    if item is not None:
        act(item.id)


def _happened(stage: Stage, kind: str, name: str, by: str) -> bool:
    comment_id, actor_id = stage.comment(name).id, stage.moderators[by].id
    with stage.ctx.reading() as session:
        return has_happened(session, kind=kind, comment_id=comment_id, actor_id=actor_id)
