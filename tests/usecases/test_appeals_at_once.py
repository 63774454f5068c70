"""Appeals filed and answered at the same moment, each over a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import select

from service.domain.errors import Conflict
from service.models import Appeal, Decision, Reader
from service.usecases.context import Context
from tests.makers import Makers
from tests.usecases.appealing import answer, appeal_as
from tests.usecases.breaches import remove, signed_in

AT_ONCE = 4


def at_once(call: Callable[[int], object]) -> list[str]:
    """What came of calling it AT_ONCE times in the same moment: "done" or the conflict's code."""
    start = Barrier(AT_ONCE)

    def one(place: int) -> str:
        start.wait()
        try:
            call(place)
        except Conflict as refused:
            return refused.code
        return "done"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return sorted(pool.map(one, range(AT_ONCE)))


def test_an_appeal_is_filed_once_and_answered_once(shared: Context) -> None:
    make = Makers(shared)
    site = make.site("busy")
    author: Reader = make.reader(site)
    comment = make.published(make.article(site), author)
    removal: Decision = remove(shared, comment, signed_in(make, site))
    judges = [signed_in(make, site) for _ in range(AT_ONCE)]

    filed = at_once(lambda place: appeal_as(shared, author, removal))
    assert filed == ["appeal_exists"] * (AT_ONCE - 1) + ["done"]
    with shared.reading() as session:
        appeal = session.scalars(select(Appeal)).one()
    answered = at_once(lambda place: answer(shared, appeal, judges[place]))
    assert answered == ["appeal_decided"] * (AT_ONCE - 1) + ["done"]
    assert make.reload(comment).status == "published"
    assert make.reload(author).strikes == 0
