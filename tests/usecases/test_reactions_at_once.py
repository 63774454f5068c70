"""Reactions at the same moment, each over a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from service.models import Comment, Reader, Site
from service.usecases.context import Context
from service.usecases.erase_reader import erase_reader
from service.usecases.post_comment import post_comment
from service.usecases.react import react
from service.usecases.score_comments import score_comments
from service.usecases.unreact import unreact
from tests.counted import check_counts
from tests.makers import FixedEngine, Makers

AT_ONCE = 4
ROUNDS = 5


def thread(make: Makers, site: Site) -> Comment:
    return make.published(make.article(site), make.reader(site))


def test_reactions_of_many_at_once_are_all_counted(shared: Context) -> None:
    make = Makers(shared)
    site = make.site("busy")
    comment = thread(make, site)
    readers = [make.reader(site) for _ in range(AT_ONCE)]
    start = Barrier(AT_ONCE)

    def change_of_mind(reader: Reader) -> None:
        start.wait()
        said: dict[str, Any] = {
            "site": site,
            "comment_id": comment.id,
            "reader": reader,
            "kind": "respect",
        }
        for _ in range(ROUNDS):
            react(shared, **said)
            unreact(shared, **said)
        react(shared, **said)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(change_of_mind, readers))
    assert make.reload(comment).reactions == {"respect": AT_ONCE}
    check_counts(shared)


def test_the_same_reaction_at_once_is_one(shared: Context) -> None:
    make = Makers(shared)
    site = make.site("busy")
    comment, reader = thread(make, site), make.reader(site)
    start = Barrier(AT_ONCE)

    def same(_: int) -> dict[str, int]:
        start.wait()
        said = react(shared, site=site, comment_id=comment.id, reader=reader, kind="respect")
        return said.reactions

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert list(pool.map(same, range(AT_ONCE))) == [{"respect": 1}] * AT_ONCE
    check_counts(shared)


def test_reactions_replies_and_an_erasure_at_once_leave_counts_and_rank_right(
    shared: Context,
) -> None:
    make = Makers(shared)
    site = make.site("busy")
    article = make.article(site)
    comment = make.published(article, make.reader(site))
    leaving, staying, talker = (make.reader(site) for _ in range(3))
    react(shared, site=site, comment_id=comment.id, reader=leaving, kind="respect")
    start = Barrier(3)

    def leave() -> None:
        start.wait()
        erase_reader(shared, site_id=site.id, reader_id=leaving.id)

    def like() -> None:
        start.wait()
        react(shared, site=site, comment_id=comment.id, reader=staying, kind="respect")

    def answer() -> None:
        start.wait()
        post_comment(
            shared,
            site_id=site.id,
            article_key=article.key,
            reader=talker,
            body="The pier is the better place for it.",
            parent_id=comment.id,
        )
        score_comments(shared, FixedEngine())

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(work) for work in (leave, like, answer)]:
            done.result()
    after = make.reload(comment)
    assert (after.reactions, after.visible_replies) == ({"respect": 1}, 1)
    check_counts(shared)
