"""A random past of a site: half of it by use cases, half by rows laid down on other days."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from service.domain.action import ModeratorAction
from service.domain.article import ArticleMode
from service.domain.errors import Conflict, NotFound
from service.domain.identity import Role
from service.models import Comment, Reader, Site, new_id
from service.usecases.context import Context
from service.usecases.decide_comment import decide_comment
from service.usecases.edit_comment import edit_comment
from service.usecases.erase_reader import erase_reader
from service.usecases.identify_caller import SignedInModerator
from service.usecases.react import react
from service.usecases.register_article import ArticleFields, register_article
from service.usecases.report_comment import Sender, report_comment
from service.usecases.score_comments import score_comments
from service.usecases.take_decision import Verdict
from service.usecases.unreact import unreact
from service.usecases.visible_changes import VisibleChanges
from service.usecases.withdraw_comment import withdraw_comment
from tests.makers import FixedEngine, Makers

SECTIONS = ("local", "sport", None)
DAYS = 40
STATUSES = ("published",) * 6 + ("held", "hidden", "rejected", "removed")
WAS_PUBLIC = {"published", "hidden", "removed"}


class History:
    """What happens at a site; `step` does one thing of many."""

    def __init__(self, ctx: Context, make: Makers, site: Site, seed: int) -> None:
        self.ctx, self.make, self.site = ctx, make, site
        self.random = random.Random(seed)  # noqa: S311 - a history, not a secret
        self.now: datetime = ctx.clock()
        began = self.now - timedelta(days=DAYS + 3)
        self.articles = [
            make.article(site, section=section, published_at=began)
            for section in (*SECTIONS, "local")
        ]
        self.readers = [make.reader(site) for _ in range(9)]
        made = make.moderator(site)
        self.moderator = SignedInModerator(made.id, "mod", Role.MODERATOR)

    def step(self) -> None:
        """One thing that happens; what the rules of the house refuse does not happen."""
        happens = self.random.choices(
            (
                self.lay_down,
                self.post,
                self.react,
                self.unreact,
                self.report,
                self.decide,
                self.withdraw,
                self.edit,
                self.drift,
                self.change_article,
            ),
            weights=(12, 5, 5, 2, 4, 4, 1, 2, 2, 2),
        )[0]
        try:
            happens()
        except (Conflict, NotFound):
            return

    def lay_down(self) -> None:
        """A comment of another day, as an import leaves it: rows and an event, in any order."""
        parent = self._any(lambda c: c.status == "published") if self._chance(0.5) else None
        article = self.random.choice(self.articles)
        at = self.now - timedelta(days=DAYS * self.random.random())
        if parent is not None:
            at = min(self.now, parent.created_at + timedelta(hours=30 * self.random.random()))
        identity, status = new_id(), self.random.choice(STATUSES)
        comment = Comment(
            id=identity,
            site_id=self.site.id,
            article_id=parent.article_id if parent else article.id,
            reader_id=self.random.choice(self.readers).id,
            parent_id=parent.id if parent else None,
            root_id=parent.root_id if parent else identity,
            depth=parent.depth + 1 if parent else 0,
            status=status,
            body=f"laid down {identity}",
            html="",
            fingerprint=identity.int % 2**62,
            created_at=at,
            published_at=at if status in WAS_PUBLIC else None,
            human_decision=self.random.choice(("none", "none", "approved")),
        )
        with self.ctx.transaction() as tx:
            tx.session.add(comment)
            tx.session.flush()
            tx.session.add(comment.event("comment.posted", actor="reader", now=self.now))
            changes = VisibleChanges()
            changes.add(comment, old="pending")
            changes.apply(tx.session)

    def post(self) -> None:
        """A comment of today, scored."""
        article = self.random.choice(self.articles)
        parent = self._any(lambda c: c.status == "published") if self._chance(0.5) else None
        if parent is not None:
            article = next(a for a in self.articles if a.id == parent.article_id)
        self.make.comment(
            article, self.random.choice(self.readers), parent_id=parent.id if parent else None
        )
        if self._chance(0.8):
            score_comments(self.ctx, FixedEngine(toxicity=self.random.choice((0.02, 0.9))))

    def react(self) -> None:
        """A reader likes something."""
        react(self.ctx, site=self.site, kind="respect", **self._somebody_and_something())

    def unreact(self) -> None:
        """A reader takes a reaction back."""
        unreact(self.ctx, site=self.site, kind="respect", **self._somebody_and_something())

    def report(self) -> None:
        """A reader complains."""
        found = self._somebody_and_something()
        sender = Sender(reader=found["reader"], address=None, user_agent="")
        report_comment(
            self.ctx,
            site=self.site,
            comment_id=found["comment_id"],
            sender=sender,
            guideline="civil",
        )

    def decide(self) -> None:
        """A moderator removes, features, or approves."""
        action = self.random.choice(("remove", "feature", "approve"))
        verdict = Verdict(
            action=ModeratorAction(action), guideline="civil" if action == "remove" else None
        )
        decide_comment(
            self.ctx,
            site_id=self.site.id,
            comment_id=self._any().id,
            actor=self.moderator,
            verdict=verdict,
        )

    def withdraw(self) -> None:
        """An author takes a comment back."""
        comment = self._any()
        withdraw_comment(self.ctx, comment_id=comment.id, reader_id=comment.reader_id)

    def edit(self) -> None:
        """An author changes a comment, which is scored again or still waits for it."""
        comment = self._any()
        text = f"I have thought about the ferry again. {self.random.random()}"
        edit_comment(self.ctx, comment_id=comment.id, reader_id=comment.reader_id, body=text)
        if self._chance(0.5):
            score_comments(self.ctx, FixedEngine())

    def drift(self) -> None:
        """A thread leaves its article, or returns."""
        top = self._any(lambda c: c.parent_id is None)
        state = self.random.choice(("left", "returned", "on"))
        with self.ctx.transaction() as tx:
            comment = tx.session.get_one(Comment, top.id)
            comment.drift_state = {"state": state}
            tx.session.add(comment.event("thread.drifted", actor="machine", now=self.now))

    def change_article(self) -> None:
        """The publisher moves an article to another section, or says when it came out."""
        article = self.random.choice(self.articles)
        fields = ArticleFields(
            section=self.random.choice(SECTIONS),
            published_at=self.now - timedelta(days=DAYS * self.random.random()),
            mode=ArticleMode.OPEN,
        )
        register_article(self.ctx, site_id=self.site.id, key=article.key, fields=fields)

    def erase(self) -> None:
        """A reader is erased; another one comes."""
        gone = self.readers.pop(self.random.randrange(len(self.readers)))
        erase_reader(self.ctx, site_id=self.site.id, reader_id=gone.id)
        self.readers.append(self.make.reader(self.site))

    def _somebody_and_something(self) -> dict[str, Any]:
        reader: Reader = self.random.choice(self.readers)
        return {"comment_id": self._any().id, "reader": reader}

    def _any(self, fits: Callable[[Comment], bool] = lambda comment: True) -> Comment:
        with self.ctx.reading() as session:
            mine = Comment.site_id == self.site.id
            comments = session.scalars(select(Comment).where(mine).order_by(Comment.id)).all()
        found = [comment for comment in comments if fits(comment)]
        if not found:
            raise NotFound
        return self.random.choice(found)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share
