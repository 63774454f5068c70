"""What must hold between the parts of a guideline file, and the inline tests of its rules."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

from service.adapters.guideline_build import Parts, Unusable
from service.adapters.guideline_schema import Path
from service.adapters.rule_language import CelLanguage, list_names
from service.domain.dsa import CATEGORIES, GROUND_ILLEGAL, GROUNDS, KEYWORDS
from service.domain.guideline import (
    DRIFT_QUEUE,
    PREMODERATION_QUEUE,
    REQUIRED_QUEUES,
    UNSCORED_QUEUE,
    Guideline,
)
from service.domain.rule import Action, OnMissing, Result, Rule, RuleTest
from service.domain.signals import SIGNALS, coerce, flatten

OFF_TOPIC_SIGNALS = frozenset({"scores.relevance", "thread.drift"})
# True of blameless comments too: with these beside it, off-topic is still "off-topic alone".
NO_EVIDENCE = OFF_TOPIC_SIGNALS | {
    name
    for name in SIGNALS
    if name.startswith(("article.", "author.", "submission.", "velocity."))
    or name in ("content.word_count", "content.is_reply", "content.language")
}
NEEDS_QUEUE = frozenset({Action.queue, Action.hold, Action.hide})
NEEDS_GUIDELINE = frozenset(Action) - {Action.publish, Action.queue}
_TERMINAL_NAMESPACES = frozenset({"author", "article"})


def check(parts: Parts, language: CelLanguage) -> None:
    """Note every contradiction in `parts.problems`, the failing inline tests included."""
    _check_queues(parts)
    _check_sanctions(parts)
    for guideline in parts.guidelines.values():
        _check_guideline(parts, guideline)
    _check_head(parts)
    counted = Counter(rule.id for _, rule in parts.rules)
    seen: set[str] = set()
    for index, rule in parts.rules:
        path: Path = ("rules", index)
        if counted[rule.id] > 1 and rule.id in seen:
            parts.problem((*path, "id"), f"'{rule.id}' is used twice")
        seen.add(rule.id)
        _check_references(parts, rule, path)
        _check_restriction(parts, rule, path)
        if isinstance(rule.program, Unusable):
            continue
        _check_terminal(parts, rule, path)
        _check_tests(parts, rule, path, language)


def _check_head(parts: Parts) -> None:
    if parts.head.get("on_missing_signal") is OnMissing.ignore:
        parts.problem(("on_missing_signal",), "must be hold, queue or publish")
    wants_items = parts.head.get("drift", {}).get("review")
    if wants_items and DRIFT_QUEUE not in parts.names("queues"):
        message = f"needs a queue called '{DRIFT_QUEUE}', where these threads wait"
        parts.problem(("drift", "review"), message)


def _check_queues(parts: Parts) -> None:
    for name in REQUIRED_QUEUES:
        if name not in parts.names("queues"):
            parts.problem(("queues",), f"the queue '{name}' is missing")
    for name in (UNSCORED_QUEUE, PREMODERATION_QUEUE):
        if name in parts.queues and not parts.queues[name].precaution:
            parts.problem(("queues", name), "must have `precaution: true`")


def _check_sanctions(parts: Parts) -> None:
    for index, step in enumerate(parts.sanctions):
        if step.action == "ban" and not step.needs_human:
            parts.problem(("sanctions", index), "a ban needs a person: `needs_human: true`")
        if step.action == "suspend" and step.days is None:
            parts.problem(("sanctions", index), "a suspension needs an end: `days`")
    for index, (lower, higher) in enumerate(pairwise(parts.sanctions), start=1):
        if higher.at <= lower.at:
            parts.problem(("sanctions", index), "`at` must grow from rung to rung")


def _check_guideline(parts: Parts, guideline: Guideline) -> None:
    path: Path = ("guidelines", guideline.id)
    if guideline.severity not in parts.names("severities"):
        parts.problem((*path, "severity"), f"no severity is called '{guideline.severity}'")
    if guideline.queue not in parts.names("queues"):
        parts.problem((*path, "queue"), f"no queue is called '{guideline.queue}'")
    _check_languages(parts, guideline, path)
    dsa = guideline.dsa
    for field, value, known in (
        ("ground", dsa.ground, GROUNDS),
        ("category", dsa.category, CATEGORIES),
        *(("keywords", keyword, KEYWORDS) for keyword in dsa.keywords),
    ):
        if value not in known:
            parts.problem((*path, "dsa", field), f"'{value}' is not a value of the DSA database")
    if dsa.ground == GROUND_ILLEGAL and not dsa.legal_ground:
        parts.problem((*path, "dsa"), "illegal content needs its `legal_ground`")


def _check_languages(parts: Parts, guideline: Guideline, path: Path) -> None:
    for field, texts in (("text", guideline.text), ("report_label", guideline.report_label)):
        if set(texts) != set(guideline.title):
            parts.problem((*path, field), "must have the same languages as `title`")
    locale = parts.head.get("metadata", {}).get("locale", "")
    if locale and not {locale, locale.partition("-")[0]} & set(guideline.title):
        parts.problem((*path, "title"), f"has no text in the file's own language ({locale})")


def _check_references(parts: Parts, rule: Rule, path: Path) -> None:
    for field, name, kind in (
        (("guideline",), rule.guideline, "guideline"),
        (("then", "queue"), rule.queue, "queue"),
    ):
        if name is not None and name not in parts.names(f"{kind}s"):
            parts.problem((*path, *field), f"no {kind} is called '{name}'")
    for name in list_names(rule.when):
        if name not in parts.names("lists"):
            parts.problem((*path, "when"), f"no list is called '{name}'")
    if rule.on_missing is OnMissing.publish:
        parts.problem((*path, "on_missing"), "must be hold, queue or ignore")


def _check_restriction(parts: Parts, rule: Rule, path: Path) -> None:
    action = rule.action
    if action in NEEDS_QUEUE and rule.queue is None:
        parts.problem((*path, "then"), f"`{action}` needs a queue, so that somebody looks at it")
    queue = parts.queues.get(rule.queue or "")
    is_precaution = action is Action.hold and queue is not None and queue.precaution
    if rule.guideline is None and (rule.demote or action in NEEDS_GUIDELINE) and not is_precaution:
        parts.problem(path, f"`{action}` restricts a reader and needs a guideline")
    if action not in (Action.reject, Action.hide):
        return
    looks_at = set(rule.program.signals)
    if looks_at & OFF_TOPIC_SIGNALS and looks_at <= NO_EVIDENCE:
        parts.problem((*path, "then"), f"off-topic alone never leads to `{action}`")
    guideline = parts.guidelines.get(rule.guideline or "")
    severity = parts.severities.get(guideline.severity) if guideline else None
    if action is Action.reject and severity is not None and severity.needs_human:
        parts.problem((*path, "then"), f"a breach as grave as '{severity.id}' needs a person: hold")


def _check_terminal(parts: Parts, rule: Rule, path: Path) -> None:
    if not rule.terminal:
        return
    if rule.action is not Action.publish:
        parts.problem((*path, "then"), "only `publish` can be terminal")
    namespaces = {name.partition(".")[0] for name in rule.program.signals}
    if "author" not in namespaces or not namespaces <= _TERMINAL_NAMESPACES:
        message = "a terminal rule rests on who the author is: author signals (and article ones)"
        parts.problem((*path, "when"), message)


def _check_tests(parts: Parts, rule: Rule, path: Path, language: CelLanguage) -> None:
    for index, test in enumerate(rule.tests):
        place: Path = (*path, "tests", index)
        faulty = False
        for name, raw in _given(test):
            if coerce(name, raw) is None:
                faulty = True
                what = f"is no {SIGNALS[name].type}" if name in SIGNALS else "is no signal"
                parts.problem(place, f"{name} {what}")
        got = run_test(rule, test, language)
        if not faulty and got != test.expect:
            parts.problem(place, f"rule {rule.id} gives {got}, the test expects {test.expect}")


def _given(test: RuleTest) -> list[tuple[str, Any]]:
    return [
        (f"{namespace}.{field}", raw)
        for namespace, fields in test.given.items()
        for field, raw in fields.items()
    ]


def run_test(rule: Rule, test: RuleTest, language: CelLanguage) -> Result:
    """What a rule gives for the signals of one of its inline tests."""
    values, _ = flatten(test.given)
    answer = rule.program.run(language.bind(values))
    if answer is None:
        return "unknown"
    return "match" if answer else "no_match"
