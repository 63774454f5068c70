"""When an article counts as drifting: from what its last comments were part of."""

from __future__ import annotations

import pytest

from service.domain.article_drift import RecentTalk, is_drifting


@pytest.mark.parametrize(
    ("talk", "already", "drifts"),
    [
        (RecentTalk(), False, False),
        (RecentTalk(), True, False),
        (RecentTalk(comments=20, away=12, threads=5, away_threads=3), False, True),
        (RecentTalk(comments=20, away=10, threads=5, away_threads=3), False, True),
        (RecentTalk(comments=20, away=9, threads=5, away_threads=3), False, False),
        (RecentTalk(comments=20, away=20, threads=2, away_threads=2), False, False),
        (RecentTalk(comments=20, away=6, threads=9, away_threads=1), True, True),
        (RecentTalk(comments=20, away=5, threads=9, away_threads=3), True, False),
    ],
    ids=[
        "nothing was said",
        "nothing was said, and it did",
        "enough threads, most comments",
        "just half",
        "less than half",
        "too few threads",
        "it goes on between the bounds",
        "it ends at a quarter",
    ],
)
def test_an_article_drifts(talk: RecentTalk, already: bool, drifts: bool) -> None:
    assert is_drifting(talk, already=already, articles_after=3) is drifts


def test_how_many_threads_it_takes_is_the_sites_choice() -> None:
    talk = RecentTalk(comments=10, away=8, threads=2, away_threads=1)
    assert is_drifting(talk, already=False, articles_after=1)
    assert not is_drifting(talk, already=False, articles_after=2)
