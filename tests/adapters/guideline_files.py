"""A small guideline file that loads, to be spoilt by the tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.adapters.guideline_file import GuidelineFileError, parse_policy
from service.adapters.rule_language import CelLanguage
from service.domain.guideline import Policy

LANGUAGE = CelLanguage()

QUEUES = """\
  toxic: {title: Abuse, sla_minutes: 30}
  off_topic: {title: Off topic, sla_minutes: 30}
  spam: {title: Spam, sla_minutes: 30}
  reported: {title: Reported, sla_minutes: 30}
  legal: {title: Legal, sla_minutes: 30, must_see: true}
  premoderation: {title: First, sla_minutes: 30, precaution: true}
  unscored: {title: Unscored, sla_minutes: 30, precaution: true}
  urgent: {title: Urgent, sla_minutes: 30, must_see: true}
  appeals: {title: Appeals, sla_minutes: 30}
  qa: {title: Second look, sla_minutes: 30}
"""

VALID = f"""\
apiVersion: parley/v1
kind: Guidelines
metadata: {{site: test, version: "1", locale: en}}
on_missing_signal: hold
severities:
  light: {{weight: 5, strikes: 0}}
  grave: {{weight: 100, strikes: 5, expires_days: 30, needs_human: true}}
sanctions:
  - {{at: 1, action: warn}}
  - {{at: 3, action: ban, needs_human: true}}
queues:
{QUEUES}\
guidelines:
  civil:
    clause: "1"
    severity: light
    title: {{en: Be civil}}
    text: {{en: No insults.}}
    report_label: {{en: It insults.}}
    dsa:
      ground: DECISION_GROUND_INCOMPATIBLE_CONTENT
      category: STATEMENT_CATEGORY_CYBER_VIOLENCE
      keywords: [KEYWORD_CYBER_HARASSMENT]
lists:
  hosts: {{type: hosts, entries: [spam.example]}}
rules:
  - id: abuse
    guideline: civil
    when: scores.toxicity >= 0.8
    then: {{action: hold, queue: toxic, reason: Abusive.}}
    mode: enforce
    tests:
      - {{given: {{scores: {{toxicity: 0.9}}}}, expect: match}}
      - {{given: {{}}, expect: unknown}}
"""


def spoilt(old: str, new: str) -> bytes:
    """The valid file with one piece of text replaced (it must be there)."""
    assert old in VALID, old
    return VALID.replace(old, new, 1).encode()


def line_of(content: bytes, text: str) -> int:
    """The first line that holds a text."""
    return content.decode()[: content.decode().index(text)].count("\n") + 1


def load(content: bytes, folder: Path | None = None) -> Policy:
    """The policy of a file that is called g.yaml in problems."""
    return parse_policy(content, source="g.yaml", folder=folder, language=LANGUAGE)


def problems(content: bytes, folder: Path | None = None) -> list[str]:
    """What keeps a file from being used; fails where nothing does."""
    with pytest.raises(GuidelineFileError) as refused:
        load(content, folder)
    return refused.value.lines()
