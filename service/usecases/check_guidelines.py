"""Say everything that is wrong with a guideline file, without keeping it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from service.domain.errors import Invalid
from service.domain.guideline import Policy
from service.usecases.activate_guidelines import candidate
from service.usecases.context import Context


@dataclass(frozen=True, slots=True)
class CheckedGuidelines:
    """What a check found: a policy, or the problems by field (`source`, `lists`)."""

    policy: Policy | None
    problems: Mapping[str, Sequence[str]] = field(default_factory=dict)


def check_guidelines(
    ctx: Context, *, site_id: UUID, source: str, lists: Mapping[str, str] | None
) -> CheckedGuidelines:
    """Check a file as `activate_guidelines` would, its inline tests included."""
    try:
        return CheckedGuidelines(candidate(ctx, site_id=site_id, source=source, lists=lists))
    except Invalid as refused:
        return CheckedGuidelines(None, refused.errors)
