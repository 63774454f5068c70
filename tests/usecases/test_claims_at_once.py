"""Many moderators at the same moment, each with a connection of its own: nothing is shared."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest

from service.domain.action import ModeratorAction
from service.domain.errors import Conflict
from service.domain.identity import Role
from service.models import Site
from service.queries.review import QueueFilter
from service.usecases.claim_items import claim_items
from service.usecases.context import Context
from service.usecases.decide_item import decide_item
from service.usecases.identify_caller import SignedInModerator
from service.usecases.score_comments import score_comments
from service.usecases.take_decision import Verdict
from tests.makers import FixedEngine, Makers

MODERATORS, ITEMS = 16, 40


@pytest.fixture
def crowd(shared: Context) -> tuple[Site, list[SignedInModerator]]:
    """A site with a full queue and sixteen moderators."""
    make = Makers(shared)
    site = make.site("busy")
    article = make.article(site)
    for _ in range(ITEMS):
        make.comment(article, make.reader(site))
    score_comments(shared, FixedEngine(toxicity=0.97))
    people = [make.moderator(site, f"mod-{n}") for n in range(MODERATORS)]
    return site, [SignedInModerator(p.id, "mod", Role.MODERATOR) for p in people]


def test_sixteen_moderators_claiming_at_once_never_share_an_item(
    shared: Context, crowd: tuple[Site, list[SignedInModerator]]
) -> None:
    site, people = crowd
    start = Barrier(MODERATORS)

    def work(person: SignedInModerator) -> list[UUID]:
        start.wait()
        mine: list[UUID] = []
        while found := claim_items(
            shared, actor=person, wanted=QueueFilter(site_id=site.id), count=2
        ):
            mine += [item.id for item in found]
        return mine

    with ThreadPoolExecutor(MODERATORS) as pool:
        claimed = [item for mine in pool.map(work, people) for item in mine]
    assert max(Counter(claimed).values()) == 1
    # A row somebody was just claiming is passed over: whoever comes next gets it.
    left = claim_items(shared, actor=people[0], wanted=QueueFilter(site_id=site.id), count=ITEMS)
    assert len(claimed) + len(left) == ITEMS


def test_two_moderators_deciding_at_once_leave_one_decision(
    shared: Context, crowd: tuple[Site, list[SignedInModerator]]
) -> None:
    site, people = crowd
    wanted = QueueFilter(site_id=site.id)
    [item] = claim_items(shared, actor=people[0], wanted=wanted, count=1)
    start = Barrier(2)

    def decide(action: ModeratorAction) -> str:
        start.wait()
        try:
            decide_item(
                shared,
                site_id=site.id,
                item_id=item.id,
                actor=people[0],
                verdict=Verdict(action=action, guideline="civil"),
                version=item.version,
            )
        except Conflict as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(decide, [ModeratorAction.APPROVE, ModeratorAction.REJECT]))
    assert sorted(outcomes) == ["already_decided", "done"]
