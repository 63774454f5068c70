"""Whether an article's whole conversation has left it: from what its threads have come to."""

from __future__ import annotations

from dataclasses import dataclass

# How many of an article's latest comments say where its conversation is now.
RECENT_COMMENTS = 50
# Shares of them said in threads that are away: from here on the article drifts, from here down it
# no longer does. Between the two it stays as it was, so that it does not flicker.
STARTS_AT, ENDS_AT = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class RecentTalk:
    """What the article's last RECENT_COMMENTS comments were part of.

    comments: how many there are; away: how many of them were said in a thread after it had left;
    threads: the active threads, those these comments belong to; away_threads: those of them that
    are away now.
    """

    comments: int = 0
    away: int = 0
    threads: int = 0
    away_threads: int = 0

    @property
    def share(self) -> float:
        """The share (0–1) of recent comments said away from the article."""
        return self.away / self.comments if self.comments else 0.0


def is_drifting(talk: RecentTalk, *, already: bool, articles_after: int) -> bool:
    """Whether an article drifts, given whether it did `already`.

    1. It begins to once `articles_after` of its active threads are away and at least STARTS_AT
       of its recent comments were said there: a quiet thread that left last week is no matter.
    2. It ends once at most ENDS_AT of them were.
    3. In between nothing changes; and time alone changes nothing.
    """
    if already:
        return talk.share > ENDS_AT
    return talk.away_threads >= articles_after and talk.share >= STARTS_AT
