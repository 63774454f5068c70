"""Small policies for the tests: real rules in the real rule language."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings

from service.adapters.rule_language import CelLanguage
from service.domain.guideline import DsaTerms, Guideline, Policy, Queue, Severity
from service.domain.rule import Action, Mode, OnMissing, Rule

# Properties are about results; how long an example takes on a busy machine is not one.
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LANGUAGE = CelLanguage()
SEVERITIES = {
    "light": Severity("light", weight=5, strikes=0),
    "heavy": Severity("heavy", weight=70, strikes=3),
    "human": Severity("human", weight=100, strikes=5, needs_human=True),
}
QUEUES = {
    name: Queue(
        name,
        title=name,
        sla_minutes=30,
        must_see=name in ("urgent", "legal"),
        precaution=name in ("premoderation", "unscored"),
    )
    for name in ("toxic", "off_topic", "spam", "premoderation", "unscored", "urgent", "legal")
}


def clause(name: str, severity: str) -> Guideline:
    """A guideline in English and Irish."""
    return Guideline(
        id=name,
        clause="1",
        severity=severity,
        title={"en": f"About {name}", "ga": f"Faoi {name}"},
        text={"en": "Please.", "ga": "Le do thoil."},
        report_label={"en": "It breaks this.", "ga": "Sáraíonn sé seo é."},
        dsa=DsaTerms("DECISION_GROUND_INCOMPATIBLE_CONTENT", "STATEMENT_CATEGORY_VIOLENCE"),
    )


GUIDELINES = {
    name: clause(name, severity)
    for name, severity in (("topic", "light"), ("civil", "heavy"), ("threat", "human"))
}


def rule(when: str, action: str, /, **options: Any) -> Rule:
    """A rule; its id is the condition unless one is given."""
    options.setdefault("id", when)
    if "mode" in options:
        options["mode"] = Mode(options["mode"])
    if "on_missing" in options:
        options["on_missing"] = OnMissing(options["on_missing"])
    return Rule(when=when, program=LANGUAGE.compile(when), action=Action(action), **options)


def policy(*rules: Rule, on_missing: str = "hold") -> Policy:
    """A policy of these rules, in this order."""
    return Policy(
        site="test",
        digest="0123456789abcdef" * 4,
        default_locale="en",
        guidelines=GUIDELINES,
        severities=SEVERITIES,
        queues=QUEUES,
        rules=rules,
        language=LANGUAGE,
        on_missing=OnMissing(on_missing),
    )


ABUSE = rule("scores.toxicity >= 0.8", "hold", id="abuse", guideline="civil", queue="toxic")
EXTREME = rule("scores.toxicity >= 0.98", "reject", id="extreme", guideline="civil")
THREAT = rule(
    "scores.threat >= 0.5",
    "hold",
    id="threat",
    guideline="threat",
    queue="urgent",
    priority=40,
    flags=("life_at_risk",),
    on_missing="ignore",
)
OFF_TOPIC = rule(
    "scores.relevance < 0.2 && content.word_count >= 8",
    "demote",
    id="off-topic",
    guideline="topic",
    queue="off_topic",
    on_missing="ignore",
)
LINKS = rule("content.link_count >= 3", "reject", id="links", guideline="topic")
FIRST = rule("article.mode == 'premoderated'", "hold", id="first", queue="premoderation")
NOTICE = rule(
    "reports.legal_notices >= 1",
    "queue",
    id="notice",
    queue="legal",
    priority=50,
    on_missing="ignore",
)
STAFF = rule("author.is_staff", "publish", id="staff", terminal=True, on_missing="ignore")
HIDE = rule(
    "reports.p_violation >= 0.95",
    "hide",
    id="hide",
    guideline="civil",
    queue="toxic",
    on_missing="ignore",
)
ALL = policy(STAFF, ABUSE, EXTREME, THREAT, OFF_TOPIC, LINKS, FIRST, NOTICE, HIDE)
