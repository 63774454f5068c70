"""What the supervisor has to know about one part of the stack."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field


def _at_once() -> bool:
    return True


@dataclass(frozen=True)
class Component:
    """One process (with its children), how to run it and how to end it."""

    name: str
    command: Sequence[str]
    address: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = _at_once
    user: str | None = None
    # Ends by itself: it is not started again, and its failure stops nothing else.
    once: bool = False
    niceness: int = 0  # once it runs: 0-19, a smaller share of a busy machine
    ask: signal.Signals = signal.SIGTERM
    patience: float = 15.0  # seconds between asking and killing
    on_parent_death: signal.Signals = signal.SIGKILL
