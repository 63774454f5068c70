"""What use cases count; the adapter and docs/metrics.md say under which names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol


class Metrics(Protocol):
    """Counts what happens. Called after the commit; never raises."""

    def record_comment(self, status: str) -> None:
        """A comment came into this status."""
        ...

    def record_decision(self, action: str, rules: Iterable[str]) -> None:
        """An action was taken; one count for each rule that fired, or for rule `none`."""
        ...

    def record_rule_match(self, rule: str, mode: str) -> None:
        """A rule's condition held; `mode` is `enforce` or `shadow`."""
        ...

    def record_rule_unknown(self, rule: str) -> None:
        """A rule could not be evaluated, because a signal it asks for was missing."""
        ...

    def record_time_to_decision(self, seconds: float) -> None:
        """From the moment a comment was stored to its automated decision."""
        ...

    def record_time_to_review(self, seconds: float) -> None:
        """From the moment an item was queued to a person's decision on it."""
        ...

    def record_scoring(self, seconds: float, batch_size: int) -> None:
        """One batch went through the scorers."""
        ...

    def record_unscored(self, count: int = 1) -> None:
        """Comments were held because no score could be had."""
        ...

    def record_report(self, guideline: str) -> None:
        """A reader reported a comment for the first time, naming this guideline."""
        ...

    def record_report_outcome(self, guideline: str, outcome: str) -> None:
        """A report was closed: upheld, dismissed or invalidated."""
        ...

    def record_claim(self, outcome: str) -> None:
        """A review item was claimed, released, expired, skipped or lost."""
        ...

    def record_overturn(self, source: str) -> None:
        """A decision was overturned: by appeal, reversal or qa."""
        ...

    def record_sla_breach(self, queue: str) -> None:
        """An item of this queue was not decided in time."""
        ...

    def record_nudge(self, outcome: str) -> None:
        """An author was asked to think again, or answered: kept, edited, withdrawn, expired."""
        ...

    def record_drift(self, change: str) -> None:
        """A thread left its article or returned to it."""
        ...

    def record_webhook(self, outcome: str) -> None:
        """A delivery was attempted: delivered, failed, refused, disabled, skipped."""
        ...

    def record_digest(self, outcome: str) -> None:
        """An e-mail digest was sent, failed or refused."""
        ...

    def record_live(self, outcome: str) -> None:
        """A live update was sent or failed."""
        ...
