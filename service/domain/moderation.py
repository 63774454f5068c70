"""The decision: signals and a policy in, one explained action out. Pure; the same in every process.

Order of authority, strongest first:
1. A person's decision on this revision. Reports that came later may only bring it before a person
   again (`queue`), never hide it.
2. A missing toxicity score: the comment is held at least, whatever the file says.
3. Enforced rules: the most restrictive action wins; ties go to the graver guideline, then to the
   earlier rule. An enforced rule that is unknown counts as the file's `on_missing_signal`, or as
   its own `on_missing`.
4. Nobody is asked twice: where the author was asked to think again before this submission, a
   matching rule that nudges asks for nothing.
A terminal rule (trusted staff) sets the other rules aside, but never 2, never rules that look at
reports or legal notices, and never clauses whose severity needs a person (threats, illegal
content): accounts of staff are stolen too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Any

from service.domain.decision import Decision, Judgement, RuleOutcome
from service.domain.guideline import PREMODERATION_QUEUE, UNSCORED_QUEUE, Policy
from service.domain.rule import Action, Mode, OnMissing, Result, Rule
from service.domain.signals import HUMAN_DECISION, NUDGED, TOXICITY, Value, flatten

__all__ = ["Action", "Decision", "Judgement", "RuleOutcome", "decide", "judge"]

UNSCORED_FLAG = "unscored"
HUMAN_FLAG = "human_decision"
_VISIBLE = frozenset({Action.publish, Action.demote, Action.queue})
_SILENT = frozenset({OnMissing.ignore, OnMissing.publish})
_RESULTS: Mapping[bool | None, Result] = {True: "match", False: "no_match", None: "unknown"}


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one rule (or the lack of a score) asks for. `rank` compares claims."""

    rank: tuple[int, int, int]
    action: Action
    guideline: str | None = None
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class _Verdict:
    action: Action
    guideline: str | None
    queue: str | None
    priority: int
    demote: bool
    flags: tuple[str, ...]


def decide(signals: Mapping[str, Mapping[str, Any]], policy: Policy) -> Decision:
    """Decide what happens to a comment.

    Args:
        signals: nested by namespace (`{"scores": {"toxicity": 0.2}, …}`), as `signals.SIGNALS`
            lists them. Missing, None, NaN and wrongly typed values are all *missing*.
        policy: a loaded guideline file.
    """
    values, _ = flatten(signals)
    answers = policy.evaluate(values)
    outcomes = tuple(map(_outcome, policy.active, answers, repeat(values)))
    # Rules that do not match have no part in what follows.
    seen = [
        (rule, outcome)
        for rule, outcome, answer in zip(policy.active, outcomes, answers, strict=True)
        if answer is not False
    ]
    verdict = _combine([p for p in seen if p[0].mode is Mode.enforce], values, policy)
    return Decision(
        action=verdict.action,
        guideline=verdict.guideline,
        queue=verdict.queue,
        priority=verdict.priority,
        outcomes=outcomes,
        policy_version=policy.version,
        unknown_signals=_unknown_signals(seen, values, policy),
        flags=verdict.flags,
        demote=verdict.demote,
        shadow_action=_shadow_action(seen, values, policy, verdict.action),
    )


def judge(signals: Mapping[str, Mapping[str, Any]], policy: Policy) -> Judgement:
    """What `decide` comes to, without explaining the rules that ask for nothing: for replays.

    Takes the same arguments. Its result is the decision's, by the same steps.
    """
    values, _ = flatten(signals)
    enforced = [
        (rule, _outcome(rule, answer, values))
        for rule, answer in zip(policy.active, policy.evaluate(values), strict=True)
        if rule.mode is Mode.enforce and (answer or (answer is None and _asks(rule, policy)))
    ]
    verdict = _combine(enforced, values, policy)
    matched = tuple(rule.id for rule, outcome in enforced if outcome.result == "match")
    return Judgement(verdict.action, verdict.guideline, verdict.queue, verdict.demote, matched)


_Seen = Sequence[tuple[Rule, RuleOutcome]]


def _outcome(rule: Rule, answer: bool | None, values: Mapping[str, Value]) -> RuleOutcome:
    return RuleOutcome(
        rule.id,
        _RESULTS[answer],
        rule.mode,
        rule.action,
        rule.guideline,
        {name: values.get(name) for name in rule.program.signals},
    )


def _combine(seen: _Seen, values: Mapping[str, Value], policy: Policy) -> _Verdict:
    human = values.get(HUMAN_DECISION, "none")
    if human == "rejected":
        return _Verdict(Action.reject, None, None, 0, demote=False, flags=(HUMAN_FLAG,))
    if human == "approved":
        return _after_approval(seen, policy)
    kept, set_aside = _without_set_aside(seen, policy)
    kept = [p for p in kept if not (p[1].result == "match" and _was_asked(p[0], values))]
    claims = [claim for claim in (_claim(*pair, policy) for pair in kept) if claim]
    flags = [flag for rule, outcome in kept if outcome.result == "match" for flag in rule.flags]
    if TOXICITY not in values:
        # Weight −1: a rule that holds the comment for a reason of its own names the reason.
        claims.append(_Claim((Action.hold.rank, -1, 0), Action.hold, None, UNSCORED_QUEUE))
        flags.append(UNSCORED_FLAG)
    return _verdict(kept, claims, [*flags, *set_aside], policy)


def _verdict(kept: _Seen, claims: list[_Claim], flags: list[str], policy: Policy) -> _Verdict:
    claims.sort(key=lambda claim: claim.rank, reverse=True)
    winner = claims[0] if claims else _Claim((0, 0, 0), Action.publish)
    matched = [rule for rule, outcome in kept if outcome.result == "match"]
    asks_demotion = any(rule.demote or rule.action is Action.demote for rule in matched)
    return _Verdict(
        action=winner.action,
        guideline=winner.guideline,
        queue=_queue(winner, claims, policy),
        priority=max((rule.priority for rule in matched), default=0),
        demote=asks_demotion and winner.action in _VISIBLE,
        flags=tuple(dict.fromkeys(flags)),
    )


def _after_approval(seen: _Seen, policy: Policy) -> _Verdict:
    """A person approved: later reports and notices may ask for another look, nothing more."""
    asking = [pair for pair in seen if pair[1].result == "match" and _looks_at_reports(pair[0])]
    claims = [
        _Claim((Action.queue.rank, _weight(rule, policy), -index), Action.queue, None, rule.queue)
        for index, (rule, _) in enumerate(asking)
        if rule.queue and rule.action.rank >= Action.queue.rank
    ]
    return _verdict(asking, claims, [HUMAN_FLAG], policy)


def _was_asked(rule: Rule, values: Mapping[str, Value]) -> bool:
    return rule.action is Action.nudge and values.get(NUDGED) is True


def _asks(rule: Rule, policy: Policy) -> bool:
    """Whether a rule that is unknown asks for something all the same."""
    return (rule.on_missing or policy.on_missing) not in _SILENT


def _claim(rule: Rule, outcome: RuleOutcome, policy: Policy) -> _Claim | None:
    order = -rule.line
    if outcome.result == "match":
        rank = (rule.action.rank, _weight(rule, policy), order)
        return _Claim(rank, rule.action, rule.guideline, rule.queue)
    if not _asks(rule, policy):
        return None
    on_missing = rule.on_missing or policy.on_missing
    action = Action.hold if on_missing is OnMissing.hold else Action.queue
    lacks_score = any(n.startswith("scores.") and v is None for n, v in outcome.values.items())
    queue = UNSCORED_QUEUE if lacks_score else rule.queue or PREMODERATION_QUEUE
    return _Claim((action.rank, -1, order), action, None, queue)


def _queue(winner: _Claim, claims: Iterable[_Claim], policy: Policy) -> str | None:
    """Queues that must see a comment come first; a rejected one is shown to no other queue."""
    asked = [claim.queue for claim in claims if claim.queue]
    for queue in asked:
        if policy.queues[queue].must_see:
            return queue
    if winner.queue or winner.action is Action.reject:
        return winner.queue
    return asked[0] if asked else None


def _without_set_aside(seen: _Seen, policy: Policy) -> tuple[_Seen, list[str]]:
    """Drop what a matching terminal rule sets aside; see the module's docstring for what stays."""
    terminal = [rule for rule, outcome in seen if rule.terminal and outcome.result == "match"]
    if not terminal:
        return seen, []
    kept = [pair for pair in seen if pair[0] in terminal or _stands_always(pair[0], policy)]
    return kept, [f"set_aside_by:{rule.id}" for rule in terminal]


def _stands_always(rule: Rule, policy: Policy) -> bool:
    severity = policy.severity_of(rule.guideline)
    return _looks_at_reports(rule) or (severity is not None and severity.needs_human)


def _looks_at_reports(rule: Rule) -> bool:
    return any(name.startswith("reports.") for name in rule.program.signals)


def _weight(rule: Rule, policy: Policy) -> int:
    severity = policy.severity_of(rule.guideline)
    return severity.weight if severity else 0


def _unknown_signals(seen: _Seen, values: Mapping[str, Value], policy: Policy) -> tuple[str, ...]:
    """What was missing and mattered: a rule told to ignore what it lacks does not count."""
    names = [] if TOXICITY in values else [TOXICITY]
    for rule, outcome in seen:
        if outcome.result == "unknown" and rule.mode is Mode.enforce:
            if (rule.on_missing or policy.on_missing) is not OnMissing.ignore:
                names += [name for name, value in outcome.values.items() if value is None]
    return tuple(dict.fromkeys(names))


def _shadow_action(
    seen: _Seen, values: Mapping[str, Value], policy: Policy, enforced: Action
) -> Action | None:
    """What the matching shadow rules would have changed; unknown ones are not guessed at."""
    is_shadow = [rule.mode is Mode.shadow and o.result == "match" for rule, o in seen]
    if not any(is_shadow):
        return None
    pairs = zip(seen, is_shadow, strict=True)
    with_shadow = [pair for pair, shadow in pairs if shadow or pair[0].mode is Mode.enforce]
    action = _combine(with_shadow, values, policy).action
    return None if action is enforced else action
