"""What a check of an installation finds, and when a number is one to worry about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it is, what that means, and what to do about it."""

    check: str
    state: State
    says: str
    advice: str = ""


def ok(check: str, says: str) -> Finding:
    """Nothing to do."""
    return Finding(check, State.OK, says)


def warning(check: str, says: str, advice: str) -> Finding:
    """It works, and may soon not."""
    return Finding(check, State.WARNING, says, advice)


def problem(check: str, says: str, advice: str) -> Finding:
    """Something does not work."""
    return Finding(check, State.PROBLEM, says, advice)


def graded(
    check: str, value: float, *, warn: float, fail: float, says: str, advice: str
) -> Finding:
    """A finding on a number of which more is worse: from `warn` and from `fail` on."""
    if value >= fail:
        return problem(check, says, advice)
    return warning(check, says, advice) if value >= warn else ok(check, says)


def is_healthy(findings: Iterable[Finding]) -> bool:
    """Whether nothing is a problem; warnings may be."""
    return all(finding.state is not State.PROBLEM for finding in findings)
