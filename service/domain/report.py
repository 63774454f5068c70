"""Reports by readers: their states, who may report what, and when a report reopens a review."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.domain.comment import CommentStatus, validate_body
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.guideline import Guideline, Policy
from service.domain.report_weight import HIDE_FROM

DETAIL_MAX_CHARS = 1_000
# A person's look at a text under a guideline stands for so long.
COOLDOWN = timedelta(hours=24)
# Addresses of one household or office share these many first bits.
NETWORK_BITS = {4: 24, 6: 48}
# Until a site has a record of its own it counts as 200 comments of which 3 % broke the rules.
PRIOR_COMMENTS = 200.0
PRIOR_VIOLATIONS = 0.03
REPORTABLE = frozenset({CommentStatus.PUBLISHED, CommentStatus.HIDDEN})
# Families of guidelines whose breaches the toxicity score is a probability of.
SCORED_FAMILIES = frozenset({"toxic", "urgent"})


class ReportState(StrEnum):
    """What became of a report."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    # Swept away as part of a brigade: neither right nor wrong.
    INVALIDATED = "invalidated"


class NoticeState(StrEnum):
    """What became of a notice of illegal content (service/domain/notice.py)."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


def check_reportable(status: CommentStatus, *, is_own: bool, was_public: bool) -> None:
    """Raise unless a comment can be reported.

    1. One's own comment cannot: Conflict `own_comment`.
    2. What its author took back is gone: Conflict `comment_withdrawn`.
    3. What was removed was dealt with: Conflict `comment_removed`.
    4. What nobody but its author ever saw, or is erased, does not exist for others: NotFound.
    5. What is being checked again after an edit: Conflict `comment_being_checked`.
    Hidden ones can: whoever still has one on the screen is heard, and the review is open anyway.
    """
    if is_own:
        raise Conflict("You cannot report your own comment.", code="own_comment")
    if status is CommentStatus.WITHDRAWN:
        raise Conflict("Its author has taken this comment back.", code="comment_withdrawn")
    if status is CommentStatus.REMOVED:
        raise Conflict("This comment was removed.", code="comment_removed")
    if status in REPORTABLE:
        return
    if status is CommentStatus.ERASED or not was_public:
        raise NotFound("There is no comment with this id.", code="comment_not_found")
    raise Conflict(
        "This comment was changed and is being checked again.", code="comment_being_checked"
    )


def reportable(policy: Policy, guideline: str) -> Guideline:
    """The guideline a report names. Raises Invalid that lists those the site takes reports under.

    `illegal` content and the like are not among them: notices have a path of their own.
    """
    found = policy.guidelines.get(guideline)
    if found is None or not found.reportable:
        known = ", ".join(g.id for g in policy.guidelines.values() if g.reportable)
        raise Invalid({"guideline": [f"Is not one to report under. This site has: {known}."]})
    return found


def clean_detail(raw: str | None) -> str | None:
    """What a reporter adds, tidied as comments are; None where nothing visible is left.

    Raises Invalid naming `detail` where it is longer than DETAIL_MAX_CHARS or no valid text.
    """
    if raw is None or not raw.strip():
        return None
    try:
        return validate_body(raw, max_chars=DETAIL_MAX_CHARS)
    except Invalid as error:
        raise Invalid({"detail": error.errors["body"]}) from error


@dataclass(frozen=True, slots=True)
class LastLook:
    """A person's decision on the present revision, and the guidelines it was about."""

    at: datetime
    guidelines: Collection[str]


def was_looked_at(guideline: str, look: LastLook | None, now: datetime) -> bool:
    """Whether a person has lately decided on the same text under the same guideline.

    `look` is about the revision that is reported; an edited text has none.
    """
    return look is not None and guideline in look.guidelines and now - look.at < COOLDOWN


def reopens(*, looked_at: bool, p_violation: float) -> bool:
    """Whether a report brings a comment before the moderators.

    1. It does unless the same text was looked at lately under the same guideline.
    2. It does even then where all reports together reach the bar for hiding: 0.95.
    """
    return not looked_at or p_violation >= HIDE_FROM


def most_reported(guidelines: Sequence[str]) -> str:
    """The guideline most reports name; among equals the one named first. Needs one or more."""
    return Counter(guidelines).most_common(1)[0][0]


def model_probability(family: str, toxicity: float | None) -> float | None:
    """The calibrated score as the probability of a breach in this family, None where it is none.

    Only toxicity is a probability of a breach. Distance from the article is not, and nothing
    scores spam or privacy.
    """
    return toxicity if family in SCORED_FAMILIES else None


def base_rate(violations: int, comments: int) -> float:
    """The share of a site's comments that break its guidelines, strictly between 0 and 1."""
    return (PRIOR_VIOLATIONS * PRIOR_COMMENTS + violations) / (PRIOR_COMMENTS + comments)


def network_of(address: str | None) -> str | None:
    """The network of an IP address, /24 or /48; None for what is no address."""
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    found = mapped or found
    return str(ipaddress.ip_network((found, NETWORK_BITS[found.version]), strict=False))


def week_of(now: datetime) -> str:
    """The week a visitor's hash is good for: the same visitor is somebody else the next."""
    year, week, _ = now.isocalendar()
    return f"{year}-{week:02d}"
