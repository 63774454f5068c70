"""One evaluation run: every file through every scorer, then the probes that span files."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from service.domain.errors import Invalid, ParleyError
from workers.evaluation.articles import ArticleText, articles_by_id
from workers.evaluation.candidate import Candidate, Progress
from workers.evaluation.evasion import evaluate_evasion
from workers.evaluation.kinds import Kind, kind_of, missing_columns
from workers.evaluation.labelled import BadFile, LabelledFile, read_labelled
from workers.evaluation.metrics import roc_auc_difference
from workers.evaluation.offtopic import evaluate_off_topic
from workers.evaluation.report import CandidateReport, FileUsed, Report
from workers.evaluation.rows import TextRows, kept_out_rows, text_rows
from workers.evaluation.threads import Detector, evaluate_threads
from workers.evaluation.thresholds import Threshold
from workers.evaluation.toxicity import evaluate_toxicity

TEXT_KINDS = (Kind.TOXICITY, Kind.FUNCTIONS, Kind.IDENTITY)
# Called with what is being measured; gives a function that counts texts as they are done.
Announce = Callable[[str], Progress]


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run. `strict` makes a file that measures nothing an error instead of a note."""

    thresholds: Sequence[Threshold]
    detector: Detector
    seed: int
    limit: int | None = None
    strict: frozenset[Path] = frozenset()


@dataclass(slots=True)
class _Run:
    plan: Plan
    report: Report
    announce: Announce
    articles: Mapping[str, ArticleText]
    toxic_texts: list[str] = field(default_factory=list)

    def file(self, file: LabelledFile, candidates: Sequence[Candidate]) -> None:
        """Measure one file as what its columns say it is; BadFile where they say nothing."""
        kind = kind_of(file.columns)
        notes: dict[str, None] = {}
        if kind is None:
            reason = missing_columns(file.columns)
            if file.path in self.plan.strict:
                raise BadFile(f"{file.path}: nothing to measure: {reason}")
            notes[reason] = None
        elif kind in TEXT_KINDS:
            self._texts(file, kind, candidates, notes)
        elif kind is Kind.OFF_TOPIC:
            self._off_topic(file, candidates, notes)
        elif kind is Kind.THREADS:
            self._threads(file, candidates, notes)
        self.report.files.append(
            FileUsed(file.name, kind, len(file.rows), file.sha256, "; ".join(notes))
        )

    def _off_topic(
        self, file: LabelledFile, candidates: Sequence[Candidate], notes: dict[str, None]
    ) -> None:
        for candidate, results in zip(candidates, self.report.candidates, strict=True):
            found = evaluate_off_topic(
                candidate,
                file,
                seed=self.plan.seed,
                limit=self.plan.limit,
                progress=self.announce(f"{candidate.name}: {file.name}"),
            )
            results.off_topic.append(found)
            notes.update(dict.fromkeys(found.warnings))

    def _threads(
        self, file: LabelledFile, candidates: Sequence[Candidate], notes: dict[str, None]
    ) -> None:
        for candidate, results in zip(candidates, self.report.candidates, strict=True):
            found = evaluate_threads(
                candidate,
                file,
                self.articles,
                self.plan.detector,
                seed=self.plan.seed,
                limit=self.plan.limit,
                progress=self.announce(f"{candidate.name}: {file.name}"),
            )
            results.threads.append(found)
            notes.update(dict.fromkeys(found.warnings))

    def _texts(
        self,
        file: LabelledFile,
        kind: Kind,
        candidates: Sequence[Candidate],
        notes: dict[str, None],
    ) -> None:
        rows = text_rows(file, limit=self.plan.limit, seed=self.plan.seed)
        notes.update(dict.fromkeys(rows.warnings))
        if kind is Kind.TOXICITY:
            self.toxic_texts += [
                t for t, toxic in zip(rows.texts, rows.toxic, strict=True) if toxic
            ]
        self._measure(rows, kind, candidates, file.name)
        keeper = next((c.kept_out for c in candidates if c.kept_out and c.saw(file.name)), None)
        unseen = kept_out_rows(rows, keeper) if keeper else None
        if unseen is not None:
            self._measure(unseen, kind, candidates, file.name)

    def _measure(
        self, rows: TextRows, kind: Kind, candidates: Sequence[Candidate], set_name: str
    ) -> None:
        whole = rows.name == set_name
        for candidate, results in zip(candidates, self.report.candidates, strict=True):
            results.sets.append(
                evaluate_toxicity(
                    candidate,
                    rows,
                    kind,
                    self.plan.thresholds,
                    seen=candidate.saw(set_name) and (whole or candidate.kept_out is None),
                    seed=self.plan.seed,
                    progress=self.announce(f"{candidate.name}: {rows.name}"),
                )
            )
        self._difference(rows)

    def _difference(self, rows: TextRows) -> None:
        if len(self.report.candidates) != 2:
            return
        first, second = (candidate.sets[-1] for candidate in self.report.candidates)
        known = ~np.isnan(first.scores) & ~np.isnan(second.scores)
        self.report.differences[rows.name] = roc_auc_difference(
            first.truth[known], first.scores[known], second.scores[known], seed=self.plan.seed
        )

    def evasion(self, candidates: Sequence[Candidate]) -> None:
        for candidate, results in zip(candidates, self.report.candidates, strict=True):
            progress = self.announce(f"{candidate.name}: evasion")
            results.evasion += evaluate_evasion(
                candidate, self.toxic_texts, self.plan.thresholds,
                seed=self.plan.seed, progress=progress,
            )  # fmt: skip


def evaluate(
    paths: Sequence[Path],
    candidates: Sequence[Candidate],
    plan: Plan,
    *,
    made: Mapping[str, str],
    announce: Announce,
    complain: Callable[[str], None],
) -> Report:
    """Measure one or two candidates on the files, in the given order.

    A file that cannot be used is reported to `complain` and listed; the others go on. Raises
    BadFile where a file in `plan.strict` cannot be used, or where no file could be.
    """
    report = Report(made, tuple(plan.thresholds))
    report.candidates = [CandidateReport(c.name, c.models, c.trained_on) for c in candidates]
    run = _Run(plan, report, announce, _articles(paths))
    for path in paths:
        try:
            run.file(read_labelled(path), candidates)
        except ParleyError as error:
            if path in plan.strict:
                raise
            complain(explain(error))
            report.files.append(FileUsed(path.name, None, 0, "", explain(error)))
    if not any(file.kind for file in report.files):
        raise BadFile("none of the files could be measured")
    run.evasion(candidates)
    return report


def explain(error: ParleyError) -> str:
    """What is wrong, for a person: the messages by field where there are some."""
    if isinstance(error, Invalid):
        return "; ".join(text for messages in error.errors.values() for text in messages)
    return error.detail


def _articles(paths: Sequence[Path]) -> dict[str, ArticleText]:
    """Articles of every articles file among the paths; a broken file is met again in the run."""
    found: dict[str, ArticleText] = {}
    for path in paths:
        if "article" not in path.name:
            continue
        try:
            file = read_labelled(path)
        except BadFile:
            continue
        if kind_of(file.columns) is Kind.ARTICLES:
            found |= articles_by_id(row.fields for row in file.rows)
    return found
