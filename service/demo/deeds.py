"""What people of the demo do: each deed says whether it was done, and does it by its use case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from service.demo.stage import Line, Stage
from service.domain.comment import CommentStatus
from service.domain.notice import NoticeCategory
from service.queries.demo import (
    find_appeal,
    find_automated,
    find_decision,
    has_notice,
    has_reacted,
    has_report,
)
from service.usecases.edit_comment import edit_comment
from service.usecases.file_appeal import file_appeal
from service.usecases.give_notice import NoticeFields, give_notice
from service.usecases.post_comment import post_comment
from service.usecases.react import react
from service.usecases.report_comment import Sender, report_comment
from service.usecases.withdraw_comment import withdraw_comment

BROWSER = "the demo"


class Deed(Protocol):
    """One step of the conversation."""

    def is_done(self, stage: Stage) -> bool:
        """Whether it ever happened, whatever became of it since."""
        ...

    def play(self, stage: Stage) -> None:
        """Do it. Raises DemoWaits, or a ParleyError where somebody was faster."""
        ...


@dataclass(frozen=True, slots=True)
class Says:
    """A reader comments, or answers."""

    line: Line

    def is_done(self, stage: Stage) -> bool:
        return stage.said(self.line.name) is not None

    def play(self, stage: Stage) -> None:
        line = self.line
        parent = stage.comment(line.to) if line.to else None
        post_comment(
            stage.ctx,
            site_id=stage.site.id,
            article_key=line.article,
            reader=stage.reader(line.by),
            body=line.text,
            parent_id=parent.id if parent else None,
        )


@dataclass(frozen=True, slots=True)
class Edits:
    """An author changes what was said."""

    name: str
    text: str

    def is_done(self, stage: Stage) -> bool:
        found = stage.said(self.name)
        return found is not None and found.revision > 1

    def play(self, stage: Stage) -> None:
        comment = stage.comment(self.name)
        edit_comment(stage.ctx, comment_id=comment.id, reader_id=comment.reader_id, body=self.text)


@dataclass(frozen=True, slots=True)
class Withdraws:
    """An author takes a comment back."""

    name: str

    def is_done(self, stage: Stage) -> bool:
        found = stage.said(self.name)
        return found is not None and found.status == CommentStatus.WITHDRAWN

    def play(self, stage: Stage) -> None:
        comment = stage.comment(self.name)
        withdraw_comment(stage.ctx, comment_id=comment.id, reader_id=comment.reader_id)


@dataclass(frozen=True, slots=True)
class Likes:
    """Readers react to a comment."""

    name: str
    by: tuple[str, ...]

    def is_done(self, stage: Stage) -> bool:
        comment = stage.comment(self.name)
        readers = [stage.reader(name).id for name in self.by]
        with stage.ctx.reading() as session:
            return all(
                has_reacted(session, comment_id=comment.id, reader_id=one) for one in readers
            )

    def play(self, stage: Stage) -> None:
        comment = stage.comment(self.name)
        for name in self.by:
            react(
                stage.ctx,
                site=stage.site,
                comment_id=comment.id,
                reader=stage.reader(name),
                kind=stage.site.reactions[0],
            )


@dataclass(frozen=True, slots=True)
class Reports:
    """A reader says that a comment breaks a guideline."""

    name: str
    by: str
    guideline: str
    detail: str | None = None

    def is_done(self, stage: Stage) -> bool:
        comment, reader = stage.comment(self.name), stage.reader(self.by)
        with stage.ctx.reading() as session:
            return has_report(session, comment_id=comment.id, reader_id=reader.id)

    def play(self, stage: Stage) -> None:
        report_comment(
            stage.ctx,
            site=stage.site,
            comment_id=stage.comment(self.name).id,
            sender=Sender(reader=stage.reader(self.by), address=None, user_agent=BROWSER),
            guideline=self.guideline,
            detail=self.detail,
        )


@dataclass(frozen=True, slots=True)
class GivesNotice:
    """Somebody without an account says that a comment is illegal."""

    name: str
    category: NoticeCategory
    sender: str
    email: str
    explanation: str

    def is_done(self, stage: Stage) -> bool:
        comment = stage.comment(self.name)
        with stage.ctx.reading() as session:
            return has_notice(session, comment_id=comment.id)

    def play(self, stage: Stage) -> None:
        give_notice(
            stage.ctx,
            site=stage.site,
            comment_id=stage.comment(self.name).id,
            reader=None,
            fields=NoticeFields(
                category=self.category,
                explanation=self.explanation,
                good_faith=True,
                name=self.sender,
                email=self.email,
            ),
        )


@dataclass(frozen=True, slots=True)
class Appeals:
    """An author asks for another look: at a moderator's `action`, or at the rules' decision."""

    name: str
    words: str
    of: str | None = None
    action: str = ""

    def is_done(self, stage: Stage) -> bool:
        comment = stage.comment(self.name)
        with stage.ctx.reading() as session:
            found = find_appeal(session, comment_id=comment.id, reader_id=comment.reader_id)
        return found is not None

    def play(self, stage: Stage) -> None:
        comment = stage.comment(self.name)
        with stage.ctx.reading() as session:
            decision = (
                find_decision(
                    session,
                    comment_id=comment.id,
                    actor_id=stage.moderators[self.of].id,
                    action=self.action,
                )
                if self.of
                else find_automated(session, comment_id=comment.id)
            )
        if decision is None:
            return  # somebody else decided before: there is nothing of theirs to appeal against
        # Nobody knows of a decision before it is final.
        stage.wait(
            lambda: True if stage.ctx.clock() >= decision.final_at else None,
            f"the decision on `{self.name}` did not become final",
        )
        file_appeal(
            stage.ctx,
            site_id=stage.site.id,
            decision_id=decision.id,
            reader_id=comment.reader_id,
            body=self.words,
        )
