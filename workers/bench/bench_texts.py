"""Invented comments for benchmarks: many different ones, repeatable from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator

OPENINGS = (
    "I think",
    "In my view",
    "Surely",
    "To be fair",
    "As somebody from Quay Street",
    "Having lived here for years",
    "With respect",
    "I wonder whether",
    "My neighbours say",
    "If you ask me",
    "As a parent",
    "Speaking as a cyclist",
)
SUBJECTS = (
    "the ferry",
    "the new deck",
    "the closure",
    "the council",
    "the school bus",
    "the cycle lane",
    "the timetable",
    "the detour by Mill Road",
    "the rates waiver",
    "the traders' fund",
    "the ambulance at the east pier",
    "the vote",
    "the weight limit",
    "the fish market stop",
)
VERBS = (
    "should have been announced",
    "will not be ready",
    "could be better explained",
    "ought to be free",
    "will cost more than planned",
    "makes good sense",
    "needs lighting",
    "was discussed for too long",
    "deserves a second look",
    "will help people",
    "is overdue",
    "may surprise us",
)
TAILS = (
    "before the winter",
    "by the end of March",
    "for the people on the east side",
    "whatever the engineers say",
    "since the report last summer",
    "in the evenings",
    "at rush hour",
    "when the wind picks up",
    "for the shops",
    "on market days",
    "if the weather holds",
    "for at least a year",
)
JOINS = (" and ", ", but ", ", because ", "; then again, ", ", although ")
MOST_CLAUSES = 4


def comment_texts(count: int, *, seed: int) -> Iterator[str]:
    """`count` different comments of one to MOST_CLAUSES clauses about the demo article."""
    choose = random.Random(seed)  # noqa: S311 - texts, not secrets
    for number in range(count):
        clauses = [_clause(choose) for _ in range(choose.randint(1, MOST_CLAUSES))]
        body = clauses[0]
        for clause in clauses[1:]:
            body += choose.choice(JOINS) + clause
        yield f"{choose.choice(OPENINGS)} {body}. ({number})"


def _clause(choose: random.Random) -> str:
    return f"{choose.choice(SUBJECTS)} {choose.choice(VERBS)} {choose.choice(TAILS)}"
