"""The figures of a day: what the database holds at the end, against what everybody knew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, text

from workers.bench.day_ledger import Ledger, QueueSample
from workers.bench.day_world import Kind

TENTHS = 10
REFUSED = ("rejected", "removed")

# The last decision that stands says who settled a comment.
FATES = """
    SELECT c.id, c.status, c.demoted, d.automated FROM comment c LEFT JOIN LATERAL (
        SELECT automated FROM decision d WHERE d.comment_id = c.id AND d.reversed_at IS NULL
          AND d.action <> 'undo' ORDER BY d.created_at DESC, d.id DESC LIMIT 1) d ON true"""
HIDDEN = "SELECT comment_id FROM event WHERE kind = 'comment.hidden' AND actor = 'machine'"
SUSPECTED = "SELECT DISTINCT comment_id FROM event WHERE kind = 'brigade.suspected'"
# A reporter is known from the third decided report in the family on, at the time of the next.
REPORTS = """
    SELECT r.comment_id, r.state, p.external_id, r.suspected, r.already_reviewed,
           extract(epoch FROM r.decided_at - r.created_at) AS seconds,
           (SELECT count(*) FROM report e WHERE e.reader_id = r.reader_id AND e.family = r.family
            AND e.state IN ('upheld', 'dismissed') AND e.decided_at < r.created_at) AS record
    FROM report r JOIN reader p ON p.id = r.reader_id"""
KNOWN_FROM = 3
GROUPS = {
    "decisions": "SELECT source || CASE WHEN automated THEN ', machine' ELSE ', person' END, "
    "count(*) FROM decision GROUP BY 1 ORDER BY 1",
    "actions of people": "SELECT action, count(*) FROM decision WHERE NOT automated "
    "GROUP BY 1 ORDER BY 1",
    "appeals": "SELECT state, count(*) FROM appeal GROUP BY 1 ORDER BY 1",
    "notices": "SELECT state, count(*) FROM notice GROUP BY 1 ORDER BY 1",
    "notifications": "SELECT kind, count(*) FROM notification GROUP BY 1 ORDER BY 1",
    "sanctions": "SELECT kind, count(*) FROM sanction GROUP BY 1 ORDER BY 1",
    "second looks": "SELECT CASE WHEN automated THEN 'machine: ' ELSE 'person: ' END || "
    "CASE WHEN state = 'open' AND opened_at IS NULL THEN 'not opened' ELSE state END, "
    "count(*) FROM qa_sample GROUP BY 1 ORDER BY 1",
    "items at the end": "SELECT state, count(*) FROM review_item GROUP BY 1 ORDER BY 1",
    "statements": "SELECT measure, count(*) FROM statement_of_reasons GROUP BY 1 ORDER BY 1",
    "events": "SELECT split_part(kind, '.', 1), count(*) FROM event GROUP BY 1 ORDER BY 1",
    "breaches of clocks": "SELECT kind, count(*) FROM event WHERE kind = 'sla.breached' GROUP BY 1",
}


def figures(connection: Connection, ledger: Ledger) -> dict[str, Any]:
    """Everything the report shows: counts, shares and seconds; no text, no id."""
    fates = connection.execute(text(FATES)).all()
    reports = connection.execute(text(REPORTS)).all()
    hidden = list(connection.execute(text(HIDDEN)).scalars())
    suspected = set(connection.execute(text(SUSPECTED)).scalars())
    grouped = {
        name: {str(kind): int(count) for kind, count in connection.execute(text(query))}
        for name, query in GROUPS.items()
    }
    return {
        "comments": _comments(fates, ledger),
        "hidden by reports": _hidden([str(one) for one in hidden], ledger),
        "brigades": _brigades({str(o) for o in hidden}, {str(o) for o in suspected}, ledger),
        "reports": _reports(reports),
        **grouped,
        "report to decision, s": spread([float(r.seconds) for r in reports if r.seconds]),
        "item view, ms": spread(ledger.view_ms),
        "queue": by_tenth(ledger.samples),
        "what happened": dict(sorted(ledger.counts.items())),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """How many, their median, 95th percentile and largest."""
    if not values:
        return {"count": 0}
    ordered = sorted(values)
    return {
        "count": len(ordered),
        "median": round(ordered[len(ordered) // 2], 1),
        "p95": round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))], 1),
        "max": round(ordered[-1], 1),
    }


def by_tenth(samples: Sequence[QueueSample]) -> list[dict[str, Any]]:
    """The last sample of each tenth of the run: depth by queue, late ones, the oldest age (s)."""
    if not samples:
        return []
    last = samples[-1].seconds or 1.0
    tenths: dict[int, QueueSample] = {}
    for sample in samples:
        tenths[min(TENTHS - 1, int(sample.seconds / last * TENTHS))] = sample
    return [
        {
            "seconds": round(sample.seconds),
            "depth": dict(sample.depth),
            "late": sample.late,
            "oldest_seconds": round(sample.oldest),
        }
        for _, sample in sorted(tenths.items())
    ]


def _comments(fates: Iterable[Any], ledger: Ledger) -> list[dict[str, Any]]:
    """One row per status, label and who settled it."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for row in fates:
        planned = ledger.posted.get(str(row.id))
        label = "unknown" if planned is None else "toxic" if planned.toxic else "not toxic"
        by = "nobody" if row.automated is None else "machine" if row.automated else "person"
        status = f"{row.status}, ranked lower" if row.demoted else row.status
        counts[status, label, by] += 1
    return [
        {"status": status, "label": label, "by": by, "count": count}
        for (status, label, by), count in sorted(counts.items())
    ]


def _hidden(hidden: Sequence[str], ledger: Ledger) -> dict[str, int]:
    toxic = sum(ledger.posted[one].toxic for one in hidden if one in ledger.posted)
    return {"rightly": toxic, "wrongly": len(hidden) - toxic}


def _brigades(hidden: set[str], suspected: set[str], ledger: Ledger) -> dict[str, int]:
    attacked = {one for one, kind in ledger.targets.items() if kind is Kind.BRIGADE}
    return {
        "innocents attacked": len(attacked),
        "of them suspected as brigaded": len(attacked & suspected),
        "of them hidden at any time": len(attacked & hidden),
        "others suspected": len(suspected - attacked),
    }


def _reports(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """One row per kind of reporter: states, and how many were sent by somebody with a record."""
    found = []
    for kind in Kind:
        own = [row for row in rows if row.external_id.startswith(kind)]
        states = Counter(row.state for row in own)
        known = [row for row in own if row.record >= KNOWN_FROM]
        pairs = Counter(row.comment_id for row in known)
        found.append(
            {
                "kind": kind.value,
                "sent": len(own),
                **{s: states[s] for s in ("upheld", "dismissed", "invalidated", "open")},
                "looked at before": sum(row.already_reviewed for row in own),
                "suspected": sum(row.suspected for row in own),
                "by known reporters": len(known),
                "known reporters": len({row.external_id for row in known}),
                "comments with two known": sum(n > 1 for n in pairs.values()),
            }
        )
    return found
