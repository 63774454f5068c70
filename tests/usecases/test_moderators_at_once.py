"""Changes to a site's moderators at the same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

from sqlalchemy import select

from service.domain.errors import Conflict
from service.domain.identity import Role
from service.models import Exposure, Membership
from service.usecases.change_role import change_role
from service.usecases.context import Context
from service.usecases.disable_moderator import disable_moderator
from service.usecases.record_exposure import record_exposure
from service.usecases.set_opt_outs import set_opt_outs
from tests.makers import Makers

ROUNDS = 5


def at_once(*jobs: Callable[[], object]) -> int:
    """Do all of these at the same moment; how many were refused as conflicts."""
    start = Barrier(len(jobs))

    def attempt(job: Callable[[], object]) -> bool:
        start.wait()
        try:
            job()
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(attempt, jobs)).count(False)


def test_two_admins_who_put_each_other_out_leave_one(shared: Context) -> None:
    make = Makers(shared)
    for number in range(ROUNDS):
        site = make.site(f"site-{number}")
        both: list[dict[str, Any]] = [
            {"site_id": site.id, "moderator_id": make.moderator(site, role=Role.ADMIN).id}
            for _ in range(2)
        ]
        demote = partial(change_role, shared, **both[0], role=Role.MODERATOR)
        assert at_once(demote, partial(disable_moderator, shared, **both[1])) == 1
        with shared.reading() as session:
            left = select(Membership).where(
                Membership.site_id == site.id,
                Membership.role == Role.ADMIN.value,
                Membership.disabled_at.is_(None),
            )
            assert len(session.scalars(left).all()) == 1


def test_two_moderators_who_opt_out_of_urgent_leave_one(shared: Context) -> None:
    make = Makers(shared)
    for number in range(ROUNDS):
        site = make.site(f"site-{number}")
        opt_outs = [
            partial(set_opt_outs, shared, site_id=site.id, moderator_id=who, queues=["urgent"])
            for who in [make.moderator(site).id for _ in range(2)]
        ]
        assert at_once(*opt_outs) == 1


def test_no_text_opened_at_the_same_moment_is_missed_in_the_count(shared: Context) -> None:
    make = Makers(shared)
    moderator = make.moderator(make.site("site")).id
    see = [
        partial(record_exposure, shared, moderator_id=moderator, severe=severe)
        for severe in (True, False) * 4
    ]
    assert at_once(*see) == 0
    with shared.reading() as session:
        rows = session.scalars(select(Exposure)).all()
    assert (sum(row.seen for row in rows), sum(row.severe for row in rows)) == (8, 4)
