"""After a break a page misses nothing, whatever happened and in whatever order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert, update

from service.domain.comment import CommentStatus
from service.domain.live_update import Change
from service.live import reads
from service.live.reads import OVERLAP, Arrival
from service.models import Article, Comment, Event, Reader, new_id
from service.queries.live import ArticleNow, Happened
from service.usecases.context import Context
from service.usecases.withdraw_comment import withdraw_comment
from tests.live.listening import Listening, Told
from tests.makers import Makers

Listen = Callable[..., Listening]
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)


def test_a_page_that_comes_back_is_told_what_it_missed(
    listen: Listen, make: Makers, article: Article, reader: Reader, told: Context
) -> None:
    before = make.published(article, reader)
    page = listen().opened()
    page.close()

    missed = make.published(article, reader)
    withdraw_comment(told, comment_id=before.id, reader_id=reader.id)
    back = listen(last_id=page.last_id).opened()

    heard = {one.data["id"]: one for one in (back.next(), back.next())}
    assert heard[str(missed.id)].data["change"] == "published"
    assert heard[str(before.id)].data["change"] == "gone"
    assert all(one.id is not None for one in heard.values())


def test_what_committed_late_with_an_older_id_is_not_missed(
    listen: Listen, make: Makers, article: Article, reader: Reader, engine: Engine
) -> None:
    late = make.comment(article, reader)
    with engine.connect() as slow:
        transaction = slow.begin()
        moved = {"status": CommentStatus.PUBLISHED.value, "published_at": datetime.now(UTC)}
        slow.execute(update(Comment).where(Comment.id == late.id).values(**moved))
        slow.execute(insert(Event).values(**published_event(late)))
        page = listen().opened()
        younger = make.published(article, reader)
        assert page.next().data["id"] == str(younger.id)
        page.close()
        transaction.commit()

    back = listen(last_id=page.last_id).opened()

    told = back.next()
    assert told.data["id"] == str(late.id)
    assert int(told.id or 0) < int(page.last_id or 0)


@pytest.mark.parametrize("last_id", ["1", "99999999999", "9" * 40, "no number", "-3"])
def test_a_page_that_was_nowhere_known_loads_again(
    listen: Listen, make: Makers, article: Article, reader: Reader, last_id: str
) -> None:
    make.published(article, reader)

    back = listen(last_id=last_id).opened()
    told = back.next()

    assert (told.event, told.data) == ("reset", {})
    assert told.id is not None


def test_after_a_reset_the_page_can_come_back(
    listen: Listen, make: Makers, article: Article, reader: Reader
) -> None:
    make.published(article, reader)
    page = listen(last_id="1").opened()
    page.next()
    page.close()
    later = make.published(article, reader)

    back = listen(last_id=page.last_id).opened()

    assert heard_until(back, later.id).event == "comment"


def test_a_page_that_knows_of_nothing_yet_is_told_everything(
    listen: Listen, make: Makers, article: Article, reader: Reader
) -> None:
    page = listen().opened()
    page.close()
    comment = make.published(article, reader)

    back = listen(last_id=page.last_id).opened()

    assert page.last_id == "0"
    assert back.next().data["id"] == str(comment.id)


@pytest.mark.fast
class TestWhatCountsAsMissed:
    """The rule alone, over made-up histories."""

    def test_everything_within_the_overlap_is_told_again(self) -> None:
        history = [happened(3, at=NOON), happened(9, at=NOON - OVERLAP / 2), happened(10)]

        assert ids(arrival(history).since(10)) == [3, 9]

    def test_what_is_older_than_the_overlap_is_not(self) -> None:
        history = [happened(3, at=NOON - 2 * OVERLAP), happened(10), happened(11)]

        assert ids(arrival(history).since(10)) == [11]

    def test_of_one_comment_only_the_last_word_is_told(self) -> None:
        comment = new_id()
        history = [happened(10), happened(11, comment), happened(12, comment)]

        assert ids(arrival(history).since(10)) == [12]

    def test_what_readers_saw_nothing_of_is_a_place_but_no_news(self) -> None:
        history = [happened(10, change=None), happened(11, change=None)]

        assert ids(arrival(history).since(10)) == []
        assert arrival(history).position == 11

    def test_too_much_is_not_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reads, "MISSED_MOST", 3)
        history = [happened(n) for n in (10, 11, 12)]

        assert arrival(history).since(10) is None
        assert arrival(history).since(9) is None


def arrival(oldest_first: list[Happened]) -> Arrival:
    now = ArticleNow(site_id=new_id(), comment_count=0, mode="open", drifting=False)
    return Arrival(now, oldest_first[::-1], {})


def happened(
    event_id: int,
    comment: UUID | None = None,
    at: datetime = NOON,
    change: Change | None = Change.PUBLISHED,
) -> Happened:
    return Happened(event_id, at, comment or new_id(), change)


def ids(found: list[Happened] | None) -> list[int]:
    assert found is not None
    return [one.event_id for one in found]


def published_event(comment: Comment) -> dict[str, object]:
    event = comment.event("comment.published", actor="machine", now=datetime.now(UTC))
    names = ("site_id", "kind", "comment_id", "article_id", "revision", "actor", "created_at")
    return {name: getattr(event, name) for name in names} | {
        "from_status": "pending",
        "to_status": "published",
        "data": {},
        "created_at": datetime.now(UTC) - timedelta(seconds=5),
    }


def heard_until(page: Listening, comment_id: UUID) -> Told:
    while True:
        told = page.next()
        if told.data.get("id") == str(comment_id):
            return told
