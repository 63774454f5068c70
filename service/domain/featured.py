"""Which comments to suggest to the newsroom for its selection, and why. It never selects itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from service.domain.constructiveness import EVEN
from service.domain.ranking import REPLY_APPROVAL, wilson_lower_bound

# A comment that is likelier than this to be found toxic is not suggested; nor one without a score.
TOXICITY_MAX = 0.2
# How much each part counts. Readers' own voices count most: what the text says of itself is a
# weak sign (docs/ranking.md).
SUPPORT, WRITING, CLOSENESS = 0.6, 0.2, 0.2


@dataclass(frozen=True, slots=True)
class Merit:
    """Why a comment is suggested: `total` (0–1) and its parts, each in points of the total."""

    total: float
    support: float
    writing: float
    closeness: float

    def parts(self) -> dict[str, float]:
        """Total and parts by name."""
        return asdict(self)


def merit(
    *, reactions: int, replies: int, constructiveness: float | None, relevance: float | None
) -> Merit:
    """The merit of one comment.

    `constructiveness` and `relevance` are 0–1, or None where unknown: then they neither lift nor
    lower it.

    1. support: the Wilson bound of reactions and half of the replies among all voices
       (service/domain/ranking.py), without the advance for coming late.
    2. writing: constructiveness for its length. 3. closeness: relevance to the article.
    4. total = 0.6 · support + 0.2 · writing + 0.2 · closeness.
    """
    bound = wilson_lower_bound(reactions + REPLY_APPROVAL * replies, reactions + replies)
    support = SUPPORT * bound
    writing = WRITING * (EVEN if constructiveness is None else constructiveness)
    closeness = CLOSENESS * (EVEN if relevance is None else relevance)
    return Merit(support + writing + closeness, support, writing, closeness)


def may_be_suggested(toxicity: float | None) -> bool:
    """Whether a comment is inoffensive enough to be suggested; one without a score is not."""
    return toxicity is not None and toxicity <= TOXICITY_MAX
