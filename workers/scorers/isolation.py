"""One bad item never fails its neighbours: a failing batch is tried again one by one."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")


def each_alone_if_needed(
    work: Callable[[Sequence[Item]], Sequence[Result]], items: Sequence[Item]
) -> list[Result | None]:
    """`work(items)`, or, where that raises, `work` of each item alone; None for those that fail.

    The log names the error's type only: its message could quote the reader's text.
    """
    if not items:
        return []
    try:
        return _checked(work, items)
    except Exception as error:
        log.warning("a batch of %d failed (%s)", len(items), type(error).__name__)
        if len(items) == 1:
            return [None]
    return [each_alone_if_needed(work, [item])[0] for item in items]


def _checked(
    work: Callable[[Sequence[Item]], Sequence[Result]], items: Sequence[Item]
) -> list[Result | None]:
    results = list(work(items))
    if len(results) != len(items):
        raise ValueError("a scorer returned another number of results than texts")
    return list(results)
