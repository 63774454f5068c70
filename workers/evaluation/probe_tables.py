"""Tables of the probes: functions, identity terms, evasion, relevance and thread drift."""

from __future__ import annotations

from collections.abc import Iterator

from workers.evaluation.cells import Table, heading, interval, number, percent
from workers.evaluation.report import CandidateReport, Report


def functions(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """One table per functional suite."""
    for result in candidate.sets:
        if not result.functions:
            continue
        conditions = tuple(result.functions[0].right)
        yield Table(
            heading(candidate, report, f"Functions of {result.name}"),
            "Share of rows handled as they should be: recall where the function is hateful, "
            "specificity where it is not.",
            ("function", "hateful", "rows", "mean score", *conditions),
            tuple(
                (
                    f.function,
                    "yes" if f.hateful else "no",
                    str(f.rows),
                    number(f.mean_score),
                    *(percent(share) for share in f.right.values()),
                )
                for f in result.functions
            ),
        )


def bias(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """One table per set of identity templates."""
    for result in candidate.sets:
        if result.bias is None:
            continue
        b = result.bias
        means = (
            ("power mean (-5)", "", number(b.subgroup), number(b.bpsn), number(b.bnsp), ""),
            ("combined with overall AUC", "", number(b.combined), "", "", ""),
        )
        yield Table(
            heading(candidate, report, f"Identity terms in {result.name}"),
            "Subgroup: texts that name the term. BPSN: toxic texts without it against harmless "
            "ones with it (low = harmless mentions score too high). BNSP: the other way round. "
            "Gap: false-alarm rate at the lowest toxicity threshold minus that of all texts.",
            ("term", "rows", "subgroup AUC", "BPSN AUC", "BNSP AUC", "gap"),
            tuple(
                (
                    t.term,
                    str(t.rows),
                    number(t.subgroup),
                    number(t.bpsn),
                    number(t.bnsp),
                    percent(t.false_alarm_gap),
                )
                for t in sorted(b.terms, key=lambda t: 1.0 if t.bpsn is None else t.bpsn)
            )
            + means,
        )


def evasion(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """Recall kept under each disguise."""
    if not candidate.evasion:
        return
    yield Table(
        heading(candidate, report, "Evasion"),
        "Recall on toxic texts before and after their toxic words are disguised. Recognised: the "
        "share the scorer said was obfuscated.",
        ("disguise", "condition", "texts", "recall before", "after", "kept", "recognised"),
        tuple(
            (
                e.perturbation,
                f"toxicity {e.comparison} {e.threshold:g}",
                str(e.rows),
                number(e.recall_before),
                number(e.recall_after),
                percent(e.kept),
                percent(e.recognised),
            )
            for e in candidate.evasion
        ),
    )


def off_topic(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """One table per file of pairs."""
    for result in candidate.off_topic:
        yield Table(
            heading(candidate, report, f"Off-topic: {result.name}"),
            "Comments of the article against comments of other articles. AUC counts a pair with "
            "an unknown score as a coin toss; AUC (known) leaves those out. Caught: off-topic "
            "comments found at 5 % false alarms, unknown ones never counted as found.",
            ("group", "negatives", "pairs", "known", "AUC", "AUC (known)", "caught"),
            tuple(
                (
                    g.group,
                    g.negatives,
                    f"{g.rows:,}",
                    percent(g.known_share),
                    interval(g.auc),
                    number(g.auc_known),
                    percent(g.caught),
                )
                for g in result.groups
            ),
        )


def threads(candidate: CandidateReport, report: Report) -> Iterator[Table]:
    """One table per file of threads."""
    for result in candidate.threads:
        yield Table(
            heading(candidate, report, f"Thread drift: {result.name}"),
            "Noticed: threads that leave the topic and are marked as drifting within "
            f"{result.within} comments. False alarms: threads marked as drifting before they "
            "leave, or that never do. Returned: hijacked threads no longer marked at their end.",
            (
                "source",
                "variant",
                "threads",
                "noticed",
                "comments until noticed",
                "false alarms",
                "returned",
            ),
            tuple(
                (
                    g.source,
                    g.variant,
                    str(g.threads),
                    percent(g.noticed),
                    number(g.median_delay, 1),
                    percent(g.false_alarms),
                    percent(g.returned),
                )
                for g in result.groups
            ),
        )
