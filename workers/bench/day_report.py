"""A day's figures as a page for people: counts only, never a text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workers.bench.day_checks import Check
from workers.bench.day_markdown import grouped, pairs, sparkline, table
from workers.bench.day_remarks import remarks

REFUSED = ("rejected", "removed")
AT_THE_DESK = (
    "claimed",
    "decided",
    "compared",
    "misjudged",
    "skipped",
    "handed on",
    "given back",
    "taken back",
    "brigades swept",
    "appeal",
    "notice",
)
AMONG_READERS = (
    "not taken",
    "warning",
    "wave",
    "report refused",
    "found nothing",
    "nothing to appeal",
)
GROUPS = (
    "decisions",
    "actions of people",
    "second looks",
    "appeals",
    "notices",
    "sanctions",
    "statements",
    "notifications",
    "items at the end",
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day that was played: how, with what, and what came of it."""

    command: str
    machine: str
    models: Mapping[str, str]
    policy: str
    asked: Mapping[str, Any]
    figures: Mapping[str, Any]
    checks: Sequence[Check]

    @property
    def holds(self) -> bool:
        """Whether every check holds."""
        return all(check.holds for check in self.checks)

    def as_data(self) -> dict[str, Any]:
        """Everything, for the JSON beside the page."""
        return {
            "command": self.command,
            "machine": self.machine,
            "models": dict(self.models),
            "policy": self.policy,
            "asked": dict(self.asked),
            "figures": dict(self.figures),
            "checks": [
                {"name": c.name, "holds": c.holds, "wrong": c.wrong, "remark": c.remark}
                for c in self.checks
            ],
        }


def as_markdown(day: Day) -> str:
    """The page: in short, comments, reports, desk, queue, what must hold, how to read it."""
    models = ", ".join(f"{task}: {model}" for task, model in sorted(day.models.items()))
    return "\n\n".join(
        [
            "# A day on the site",
            f"Made by `{day.command}` on {day.machine}. Do not edit by hand. "
            f"Models: {models}. Policy version: {day.policy}.",
            "## In short",
            _in_short(day),
            "## What became of the comments",
            _comments(day.figures["comments"]),
            "## Reports",
            _reports(day.figures),
            "## The desk",
            _desk(day.figures),
            "## The queue over time",
            _queue(day.figures["queue"]),
            "## What must hold",
            _checks(day.checks),
            "## How to read this",
            remarks(day.asked),
        ]
    )


def _in_short(day: Day) -> str:
    f = day.figures
    refused = [row for row in f["comments"] if row["status"] in REFUSED]
    happened: Mapping[str, int] = f["what happened"]
    upheld, dismissed = f["appeals"].get("upheld", 0), f["appeals"].get("overturned", 0)
    brigades, hidden = f["brigades"], f["hidden by reports"]
    view, waited = f["item view, ms"], f["report to decision, s"]
    errors = _starting(happened, "server error") | _starting(happened, "refused: ")
    lines = [
        f"{_sum(f['comments'])} comments taken ({_sum_of(_starting(happened, 'not taken'))} not), "
        f"all scored after {day.asked['seconds_to_scored']:.0f} s; "
        f"{sum(row['sent'] for row in f['reports'])} reports, "
        f"{sum(f['notices'].values())} notices of illegal content.",
        f"Hidden by reports: {hidden['rightly']} rightly, {hidden['wrongly']} wrongly. "
        f"Of {brigades['innocents attacked']} innocent comments attacked by brigades "
        f"{brigades['of them hidden at any time']} were hidden at any time; "
        f"{brigades['of them suspected as brigaded']} attacks were suspected.",
        f"Never public or removed at the end: {_sum(refused, label='toxic')} labelled toxic, "
        f"{_sum(refused, label='not toxic')} not.",
        f"Appeals: {upheld} upheld (the decision stands), {dismissed} overturned.",
        f"Report to decision: median {waited.get('median', 0)} s, p95 {waited.get('p95', 0)} s. "
        f"Item view: median {view.get('median', 0)} ms, p95 {view.get('p95', 0)} ms "
        f"over {view['count']} views.",
        f"Requests that ended in an error of ours or an unexpected refusal: {_sum_of(errors)}"
        f"{_in_brackets(errors)}.",
        f"{sum(c.holds for c in day.checks)} of {len(day.checks)} things that must hold do.",
    ]
    return "\n".join(f"- {line}" for line in lines)


def _comments(rows: Sequence[Mapping[str, Any]]) -> str:
    columns = [
        (label, by) for label in ("toxic", "not toxic") for by in ("machine", "person", "nobody")
    ]
    columns = [c for c in columns if _sum(rows, label=c[0], by=c[1])]
    head = ["final status", *(f"{label}, by {by}" for label, by in columns), "all"]
    body = [
        [
            status,
            *(_sum(rows, status=status, label=label, by=by) for label, by in columns),
            _sum(rows, status=status),
        ]
        for status in sorted({row["status"] for row in rows})
    ]
    total = ["**all**", *(_sum(rows, label=label, by=by) for label, by in columns), _sum(rows)]
    return table(head, [*body, total])


def _reports(figures: Mapping[str, Any]) -> str:
    rows = figures["reports"]
    head = list(rows[0])
    brigades = figures["brigades"]
    return "\n\n".join(
        [
            table(head, [[row[name] for name in head] for row in rows]),
            "*By known reporters*: sent by somebody who had three or more decided reports of the "
            "same family by then. Two of them on one comment are what hiding asks for.",
            pairs("Brigades", brigades),
        ]
    )


def _desk(figures: Mapping[str, Any]) -> str:
    happened: Mapping[str, int] = figures["what happened"]
    seen = _starting(happened, *AT_THE_DESK, "conflict", *AMONG_READERS)
    lines = [pairs(name, counts) for name, counts in grouped(seen).items()]
    stored = [pairs(name.capitalize(), figures[name]) for name in GROUPS]
    return "\n\n".join(
        [
            "What everybody saw and did:",
            "\n".join(f"- {line}" for line in lines),
            "What the database holds:",
            "\n".join(f"- {line}" for line in stored),
        ]
    )


def _queue(rows: Sequence[Mapping[str, Any]]) -> str:
    if not rows:
        return "It was never looked at."
    queues = sorted({name for row in rows for name in row["depth"]})
    head = ["after, s", *queues, "late", "oldest, s"]
    body = [
        [
            row["seconds"],
            *(row["depth"].get(name, 0) for name in queues),
            row["late"],
            row["oldest_seconds"],
        ]
        for row in rows
    ]
    depth = sparkline([sum(row["depth"].values()) for row in rows])
    oldest = sparkline([row["oldest_seconds"] for row in rows])
    note = "An item counts in each queue it is in. *Late*: past the queue's own clock."
    return f"Depth {depth}, oldest age {oldest}.\n\n{table(head, body)}\n\n{note}"


def _checks(checks: Sequence[Check]) -> str:
    rows = [[c.name, "yes" if c.holds else f"**NO: {c.wrong}**", c.remark] for c in checks]
    return table(["what", "holds", ""], rows)


def _starting(counts: Mapping[str, int], *prefixes: str) -> Counter[str]:
    return Counter({name: n for name, n in counts.items() if name.startswith(prefixes)})


def _sum_of(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def _in_brackets(counts: Mapping[str, int]) -> str:
    return f" ({', '.join(f'{name}: {n}' for name, n in counts.items())})" if counts else ""


def _sum(rows: Iterable[Mapping[str, Any]], **wanted: str) -> int:
    return sum(r["count"] for r in rows if all(r[name] == v for name, v in wanted.items()))
