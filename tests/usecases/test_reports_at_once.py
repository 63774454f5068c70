"""Reports at the same moment, each over a connection of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from service.usecases.context import Context
from tests.makers import Makers
from tests.reporters import Reporting

AT_ONCE = 4


@pytest.fixture
def desk(shared: Context) -> Reporting:
    make = Makers(shared)
    site = make.site("busy")
    return Reporting(shared, make, site, make.article(site))


def test_two_reports_of_one_reader_at_once_leave_one_row(desk: Reporting) -> None:
    comment, reader = desk.comment(), desk.fresh()
    start = Barrier(AT_ONCE)

    def send(guideline: str) -> bool:
        start.wait()
        return desk.report(comment, reader, guideline).created

    with ThreadPoolExecutor(AT_ONCE) as pool:
        created = list(pool.map(send, ["civil", "hate", "spam", "privacy"]))
    assert sorted(created) == [False, False, False, True]
    assert len(desk.rows(comment)) == 1


def test_reliable_reports_at_once_hide_once_and_the_counters_follow(
    shared: Context, desk: Reporting
) -> None:
    comment = desk.comment()
    readers = [desk.known(upheld=8) for _ in range(AT_ONCE)]
    before = desk.make.reload(desk.article).published_count
    start = Barrier(AT_ONCE)

    def send(place: int) -> bool:
        start.wait()
        return desk.report(comment, readers[place]).created

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert all(pool.map(send, range(AT_ONCE)))
    assert desk.make.reload(comment).status == "hidden"
    assert desk.make.reload(desk.article).published_count == before - 1
    assert desk.events(comment.id).count("comment.hidden") == 1
