"""Where a thread stands under `sort=top`: how sure its welcome is, and how late it came."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

# The normal quantile of a two-sided 95 % interval.
Z = 1.96
# A reply says that a comment was worth an answer, not whether the answer agreed.
REPLY_APPROVAL = 0.5
# Less than the least rank of a thread with one reaction (0.1979, beside one reply): being late
# never beats being welcome.
ADVANCE_MAX = 0.19
ADVANCE_HALF = timedelta(hours=12)


def wilson_lower_bound(approving: float, total: float) -> float:
    """The least share of approval that `approving` voices out of `total` make believable, 0 to 1.

    Lower end of the score interval at 95 %: few voices prove little, so three out of three
    stand below ninety out of a hundred. `approving` is between 0 and `total`; halves are fine.
    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927), 209-212. For sorting: E. Miller,
    "How not to sort by average rating" (2009).

    Raises ValueError where the numbers cannot be.
    """
    if not 0 <= approving <= total:
        raise ValueError("approving must lie between 0 and total")
    if total == 0:
        return 0.0
    share, square = approving / total, Z * Z
    spread = Z * math.sqrt((share * (1 - share) + square / (4 * total)) / total)
    bound = (share + square / (2 * total) - spread) / (1 + square / total)
    return max(0.0, bound)


def advance(*, article_at: datetime, comment_at: datetime) -> float:
    """What a comment is given for coming late, fixed when it is posted: 0 to ADVANCE_MAX.

    Early comments were seen by more people and had longer to be liked. The advance grows with
    the time since Parley knew the article and has half its size after ADVANCE_HALF. It never
    changes, so no comment has to be ranked again because time passes.
    """
    late = max(timedelta(0), comment_at - article_at)
    return ADVANCE_MAX * -math.expm1(-math.log(2) * (late / ADVANCE_HALF))


def rank(*, reactions: int, replies: int, advance: float) -> float:
    """The rank of a thread among those of its article; larger comes first.

    1. Each reaction is one approving voice, each public reply half of one.
    2. The Wilson bound of approving voices among all of them.
    3. Plus the advance of its age.
    """
    approving = reactions + REPLY_APPROVAL * replies
    return wilson_lower_bound(approving, reactions + replies) + advance
