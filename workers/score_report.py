"""What `./parley score` shows of a verdict: as JSON, and readable in a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from service.domain.decision import Decision, RuleOutcome
from service.domain.scoring import ModelInUse, ScoreResult
from workers.scoring_desk import Verdict

BAR_CELLS = 24
WARM, HOT = 0.5, 0.8
PASSAGE_CHARS = 280
DECIMALS = 4
REASONS = {
    "empty": "there is nothing in it to read",
    "language": "its language is not one the model knows",
    "no_article": "no article text to compare it with",
    "too_short": "it is too short to tell",
    "failed": "the model failed on it",
}


def as_json(identifier: Any, verdict: Verdict, models: Sequence[ModelInUse]) -> dict[str, Any]:
    """One verdict as an object of `score --batch` and `--json`."""
    toxicity, relevance = verdict.assessment.toxicity, verdict.assessment.relevance
    unknown = {
        task: result.unknown
        for task, result in (("toxicity", toxicity), ("relevance", relevance))
        if result.unknown
    }
    return {
        "id": identifier,
        "scores": {k: round(v, DECIMALS) for k, v in verdict.assessment.values().items()},
        "unknown": unknown,
        "decision": _decision(verdict.decision),
        "language": toxicity.language,
        "was_obfuscated": toxicity.was_obfuscated,
        "windows": toxicity.windows,
        "evidence": {
            "toxicity": dict(toxicity.evidence),
            "relevance": dict(relevance.evidence),
            "passage": nearest_passage(verdict),
        },
        "model": {used.task: f"{used.name} {used.version}" for used in models},
    }


def nearest_passage(verdict: Verdict) -> str | None:
    """The text of the article's passage nearest to the comment, where there is one."""
    index = verdict.assessment.relevance.evidence.get("passage")
    texts = verdict.article.passage_texts if verdict.article else ()
    return texts[index] if isinstance(index, int) and index < len(texts) else None


def show(console: Console, text: str, verdict: Verdict, models: Sequence[ModelInUse]) -> None:
    """Print one verdict: the comment with its evidence marked, scores, passage, decision."""
    for part in _parts(text, verdict):
        console.print(part)
        console.print()
    names = ", ".join(f"{used.task}: {used.name} {used.version}" for used in models)
    console.print(f"{names} · guidelines {verdict.decision.policy_version[:12]}", style="dim")


def _parts(text: str, verdict: Verdict) -> list[RenderableType]:
    parts: list[RenderableType] = [_marked(text, verdict.assessment.toxicity)]
    parts.append(Group(_scores(verdict), *_notes(verdict)))
    passage = nearest_passage(verdict)
    if passage:
        parts.append(Group(Text("Nearest passage", style="bold"), _shortened(passage)))
    parts.append(_decided(verdict.decision))
    return parts


def _marked(text: str, toxicity: ScoreResult) -> Text:
    """The comment, its driving sentence underlined and the words in it in bold."""
    units = text.encode("utf-16-le", "surrogatepass")

    def position(offset: int) -> int:
        return len(units[: offset * 2].decode("utf-16-le", "replace"))

    marked = Text(text.encode("utf-8", "replace").decode())
    sentence = toxicity.evidence.get("sentence")
    if sentence:
        marked.stylize("underline", position(sentence["start"]), position(sentence["end"]))
    for word in toxicity.evidence.get("words", ()):
        marked.stylize("bold red", position(word["start"]), position(word["end"]))
    return marked


def _scores(verdict: Verdict) -> Table:
    table = Table.grid(padding=(0, 2))
    for label, value in verdict.assessment.toxicity.values.items():
        colour = "red" if value >= HOT else "yellow" if value >= WARM else "green"
        table.add_row(label, _bar(value, colour), f"{value:.3f}")
    for label, value in verdict.assessment.relevance.values.items():
        table.add_row(label, _bar(value, "cyan"), f"{value:.3f}")
    return table


def _bar(value: float, colour: str) -> Text:
    filled = round(value * BAR_CELLS)
    return Text.assemble(("█" * filled, colour), ("░" * (BAR_CELLS - filled), "dim"))


def _notes(verdict: Verdict) -> list[Text]:
    toxicity, relevance = verdict.assessment.toxicity, verdict.assessment.relevance
    notes = [
        f"{task} is unknown: {REASONS.get(result.unknown, result.unknown)}"
        for task, result in (("toxicity", toxicity), ("relevance", relevance))
        if result.unknown
    ]
    if toxicity.language:
        notes.append(f"language: {toxicity.language}")
    if toxicity.windows > 1:
        notes.append(f"read in {toxicity.windows} windows")
    if toxicity.was_obfuscated:
        notes.append("the spelling was disguised")
    read_as = ", ".join(str(word["as"]) for word in toxicity.evidence.get("respelled", ()))
    if read_as:
        notes.append(f"read as: {read_as}")
    return [Text(note, style="dim") for note in notes]


def _shortened(passage: str) -> Text:
    return Text(passage if len(passage) <= PASSAGE_CHARS else f"{passage[:PASSAGE_CHARS]}…")


def _decided(decision: Decision) -> RenderableType:
    head = f"[bold]Decision: {escape(decision.action.value)}[/bold]"
    if decision.guideline:
        head += f" · guideline {escape(decision.guideline)}"
    if decision.queue:
        head += f" · queue {escape(decision.queue)}"
    rows = [_rule(outcome) for outcome in decision.outcomes if outcome.result == "match"]
    missing = ", ".join(decision.unknown_signals)
    if missing:
        rows.append(Text(f"  unknown: {missing}", style="dim"))
    return Group(Text.from_markup(head), *(rows or [Text("  no rule fired", style="dim")]))


def _rule(outcome: RuleOutcome) -> Text:
    values = ", ".join(f"{name} = {_value(value)}" for name, value in outcome.values.items())
    shadow = " (shadow)" if outcome.mode == "shadow" else ""
    return Text(f"  {outcome.rule}{shadow} → {outcome.action.value}: {values}")


def _value(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.3f}"
    return "unknown" if value is None else str(value)


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "action": decision.action.value,
        "guideline": decision.guideline,
        "queue": decision.queue,
        "rules": [
            {
                "rule": outcome.rule,
                "action": outcome.action.value,
                "mode": str(outcome.mode.value),
                "values": {
                    k: list(v) if isinstance(v, tuple) else v for k, v in outcome.values.items()
                },
            }
            for outcome in decision.outcomes
            if outcome.result == "match"
        ],
        "unknown_signals": list(decision.unknown_signals),
        "policy_version": decision.policy_version,
    }
