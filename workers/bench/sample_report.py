"""The figures of `./parley bench sample` as a page: counts only, never a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

# Columns of the first table, from the mildest to the most restrictive.
ACTIONS = ("publish", "queue", "demote", "nudge", "hold", "hide", "reject")
LABELS = {True: "toxic", False: "not toxic"}
KEPT_BACK = ("held", "hidden", "rejected")

REMARKS = """\
The comments were written under other articles, or on Wikipedia's talk pages. Posted under the demo
article, most of them have nothing to do with it: that so many are ranked lower (`off-topic`) is
what the rule is for, and says nothing about how often it would act where readers write about the
article. Every comment comes from a reader of its own who never wrote before, so the rules for new
readers apply to all of them.

The label is what the raters of each set said. It speaks of toxicity only: a comment that is not
toxic may be held for a link or a telephone number, and sets mean different things by *toxic*.
Times are those of one machine with whatever else it was doing.
"""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one comment. `rules` are the ids of the rules that matched."""

    set_name: str
    toxic: bool
    status: str
    action: str
    rules: tuple[str, ...]
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """What became of all, with which models, in how many seconds."""

    fates: Sequence[Fate]
    models: Mapping[str, str]
    seconds_to_post: float
    seconds_to_all_decided: float


def as_markdown(sample: Sample, command: str) -> str:
    """The page: how it was made, totals against the label, rules, remarks."""
    models = ", ".join(f"{task}: {model}" for task, model in sorted(sample.models.items()))
    policies = ", ".join(sorted({fate.policy for fate in sample.fates if fate.policy}))
    count = len(sample.fates)
    parts = [
        f"# What became of {count} real comments",
        f"Made by `{command}`.",
        f"Models: {models}. Policy version: {policies}. All {count} were posted through the API, "
        f"one after the other, in {sample.seconds_to_post:.0f} s; "
        f"{sample.seconds_to_all_decided:.0f} s after the first post all were decided.",
        "## Actions, by set and label",
        _actions_table(sample.fates),
        _shares(sample.fates),
        "## Rules that matched",
        "All rules are looked at, so one comment may count for several.",
        _rules_table(sample.fates),
        "## How to read this",
        REMARKS,
    ]
    return "\n\n".join(parts)


def _actions_table(fates: Sequence[Fate]) -> str:
    kinds = sorted({(fate.status, fate.action) for fate in fates}, key=_strictness)
    head = ["set", "label", "comments", *(f"{status}: {action}" for status, action in kinds)]
    groups: list[tuple[str, str, Callable[[Fate], bool]]] = [
        (name, LABELS[toxic], _in_group(name, toxic))
        for name in dict.fromkeys(fate.set_name for fate in fates)
        for toxic in (True, False)
    ]
    groups.append(("**all**", "", lambda _: True))
    rows = []
    for name, label, belongs in groups:
        counts = Counter((fate.status, fate.action) for fate in fates if belongs(fate))
        rows.append([name, label, counts.total(), *(counts[kind] for kind in kinds)])
    return _table(head, rows, left=2)


def _in_group(name: str, toxic: bool) -> Callable[[Fate], bool]:
    return lambda fate: fate.set_name == name and fate.toxic == toxic


def _strictness(kind: tuple[str, str]) -> tuple[int, str]:
    _, action = kind
    return (ACTIONS.index(action) if action in ACTIONS else len(ACTIONS), action)


def _shares(fates: Sequence[Fate]) -> str:
    toxic = [fate for fate in fates if fate.toxic]
    civil = [fate for fate in fates if not fate.toxic]
    caught = sum(fate.status in KEPT_BACK or fate.action == "queue" for fate in toxic)
    waiting = sum(fate.status in KEPT_BACK for fate in civil)
    return (
        f"Of {len(toxic)} comments labelled toxic, {caught} were kept back or put before a person; "
        f"of {len(civil)} labelled not toxic, {waiting} were kept back."
    )


def _rules_table(fates: Sequence[Fate]) -> str:
    counts = {
        toxic: Counter(rule for fate in fates if fate.toxic == toxic for rule in fate.rules)
        for toxic in LABELS
    }
    both = counts[True] + counts[False]
    rows = [
        [f"`{rule}`", counts[True][rule], counts[False][rule]] for rule, _ in both.most_common()
    ]
    none = [sum(not fate.rules and fate.toxic == toxic for fate in fates) for toxic in LABELS]
    return _table(
        ["rule", "labelled toxic", "labelled not toxic"], [*rows, ["none", *none]], left=1
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[object]], left: int) -> str:
    rule = ["---"] * left + ["---:"] * (len(head) - left)
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in (head, rule, *rows))
