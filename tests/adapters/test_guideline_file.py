"""Guideline files: what loads, and how every fault is said with its line."""

from pathlib import Path

import pytest

from service.adapters.guideline_file import (
    GuidelineFileError,
    inline_tests,
    load_policy,
    parse_policy,
)
from service.domain.guideline import DriftHandling, QaShares
from service.domain.rule import Action
from tests.adapters.guideline_files import VALID, line_of, load, problems, spoilt

pytestmark = pytest.mark.fast


def test_a_valid_file_becomes_a_policy() -> None:
    policy = load(VALID.encode())
    assert policy.rules[0].action is Action.hold
    assert policy.guidelines["civil"].dsa.keywords == ("KEYWORD_CYBER_HARASSMENT",)
    assert policy.sanctions[1].action == "ban"


FAULTS = [
    # (what is replaced, by what, what the problem says, a text on the line it names)
    ("site: test", "sites: test", "metadata.sites: is not known here", "metadata:"),
    ("kind: Guidelines", "kind: Rules", "kind: Must be equal to Guidelines", "kind:"),
    ("on_missing_signal: hold", "on_missing_signal: ignore", "must be hold, queue", "on_missing"),
    ("weight: 5", "weight: 500", "severities.light.weight", "light:"),
    ("weight: 5", "weight: x", "Not a valid integer", "light:"),
    ("strikes: 0", "strikes: yes", "Not a valid integer", "light:"),
    ("needs_human: true}\nq", "}\nq", "a ban needs a person", "action: ban"),
    ("action: warn", "action: suspend", "needs an end", "action: suspend"),
    ("at: 3", "at: 1", "must grow", "action: ban"),
    ("  spam: {", "  ham: {", "the queue 'spam' is missing", "queues:"),
    (
        "Unscored, sla_minutes: 30, precaution: true",
        "U, sla_minutes: 30",
        "precaution",
        "unscored:",
    ),
    ('clause: "1"', "clause: 1.1", "a number needs quotes", "clause:"),
    ("severity: light", "severity: none", "no severity is called 'none'", "severity: none"),
    ("title: {en: Be civil}", "title: {de: Höflich}", "same languages as `title`", "text:"),
    ("locale: en", "locale: fr", "no text in the file's own language (fr)", "title: {en"),
    ("DECISION_GROUND_INCOMPATIBLE_CONTENT", "GROUND_X", "'GROUND_X' is not a value", "GROUND_X"),
    ("STATEMENT_CATEGORY_CYBER_VIOLENCE", "CATEGORY_X", "'CATEGORY_X' is not", "CATEGORY_X"),
    ("KEYWORD_CYBER_HARASSMENT", "KEYWORD_X", "'KEYWORD_X' is not a value", "KEYWORD_X"),
    ("GROUND_INCOMPATIBLE", "GROUND_ILLEGAL", "legal_ground", "dsa:"),
    ("entries: [spam.example]", "file: x, entries: [y]", "`file` or `entries`", "hosts: {type"),
    ("guideline: civil", "guideline: civic", "no guideline is called 'civic'", "civic"),
    ("guideline: civil\n", "x: 1\n", "is not known here", "x: 1"),
    ("queue: toxic", "queue: tonic", "no queue is called 'tonic'", "tonic"),
    ("queue: toxic, ", "", "needs a queue", "action: hold"),
    ("action: hold", "action: explode", "Must be one of", "explode"),
    ("mode: enforce", "mode: perhaps", "Must be one of", "perhaps"),
    ("mode: enforce", "on_missing: publish", "must be hold, queue or ignore", "on_missing: pub"),
    ("expect: match", "expect: no_match", "gives match, the test expects no_match", "0.9"),
    ("{toxicity: 0.9}", "{toxicity: high}", "scores.toxicity is no number", "high"),
    ("{toxicity: 0.9}", "{toxcity: 0.9}", "scores.toxcity is no signal", "toxcity"),
    ("      - {given: {}, expect: unknown}\n", "", "at least 2 tests", "    tests:"),
    ("scores.toxicity >= 0.8", "scores.wit >= 0.8", "'scores.wit'", "scores.wit"),
    ("scores.toxicity >= 0.8", "scores.toxicity >= 1", "with a point", ">= 1"),
    (
        "scores.toxicity >= 0.8",
        "\"'x' in content.matched_lists\"",
        "no list is called 'x'",
        "'x' in",
    ),
    ("scores.toxicity >= 0.8", "[not, text]", "must be text", "[not"),
    ("id: abuse", "id: a b", "only letters, digits", "id: a b"),
    ("reason: Abusive.", "terminal: true", "only `publish` can be terminal", "terminal"),
    ("reason: Abusive.", "priority: 900", "then.priority", "priority"),
]


@pytest.mark.parametrize(("old", "new", "message", "place"), FAULTS)
def test_a_fault_is_said_with_its_line(old: str, new: str, message: str, place: str) -> None:
    content = spoilt(old, new)
    found = [problem for problem in problems(content) if message in problem]
    assert found, problems(content)
    assert found[0].startswith(f"g.yaml:{line_of(content, place)}:")


def test_all_faults_are_said_at_once_in_the_order_of_the_file() -> None:
    content = spoilt("weight: 5", "weight: -1")
    content = content.replace(b"queue: toxic", b"queue: tonic").replace(b"toxicity >=", b"wit >=")
    found = problems(content)
    lines = [int(problem.split(":")[1]) for problem in found]
    assert len(found) == 3
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("when: scores.toxicity >= 0.8 && wit", 0, 37),
        ("when: 'scores.toxicity >= 0.8 && wit'", 0, 38),
        ("when: >-\n      scores.toxicity >= 0.8\n      && wit", 2, 10),
        ("when: |\n      scores.toxicity >= 0.8\n        && wit", 2, 12),
        ("when: scores.toxicity >= 0.8\n      && wit", 1, 10),
    ],
    ids=["plain", "quoted", "folded", "literal", "two lines"],
)
def test_a_fault_in_a_condition_has_its_line_and_column(
    written: str, line: int, column: int
) -> None:
    content = spoilt("when: scores.toxicity >= 0.8", written)
    expected = f"g.yaml:{line_of(content, 'when:') + line}:{column}: rules.abuse.when"
    assert problems(content)[0].startswith(expected)


SECOND = """\
  - id: second
    guideline: civil
    when: {when}
    then: {{action: {action}}}
    tests:
      - {{given: {{}}, expect: unknown}}
      - {{given: {{}}, expect: unknown}}
"""


@pytest.mark.parametrize("action", ["reject", "hide"])
@pytest.mark.parametrize(
    "when",
    [
        "scores.relevance < 0.1",
        "thread.drift > 0.9",
        "scores.relevance < 0.1 && content.word_count > 8 && author.approved_count == 0",
    ],
)
def test_off_topic_alone_never_removes_a_comment(action: str, when: str) -> None:
    content = (VALID + SECOND.format(when=when, action=action)).encode()
    assert any("off-topic alone never" in problem for problem in problems(content))


def test_off_topic_with_links_may_reject() -> None:
    when = "scores.relevance < 0.1 && content.link_count > 2"
    assert len(load((VALID + SECOND.format(when=when, action="reject")).encode()).rules) == 2


@pytest.mark.parametrize("action", ["demote", "nudge", "hide", "reject"])
def test_what_restricts_a_reader_needs_a_guideline(action: str) -> None:
    rule = SECOND.format(when="scores.toxicity > 0.9", action=action)
    content = (VALID + rule.replace("    guideline: civil\n", "")).encode()
    assert any("needs a guideline" in problem for problem in problems(content))


def test_a_breach_that_needs_a_person_is_not_rejected_by_a_rule() -> None:
    rule = SECOND.format(when="scores.threat > 0.9", action="reject")
    content = (VALID.replace("severity: light", "severity: grave") + rule).encode()
    assert any("needs a person" in problem for problem in problems(content))


def test_a_terminal_rule_must_rest_on_the_author() -> None:
    rule = SECOND.format(when="scores.toxicity < 0.1", action="publish, terminal: true")
    assert any("who the author is" in problem for problem in problems((VALID + rule).encode()))


def test_two_rules_of_one_name_are_refused() -> None:
    rule = SECOND.format(when="scores.toxicity > 0.9", action="reject").replace("second", "abuse")
    assert any("'abuse' is used twice" in problem for problem in problems((VALID + rule).encode()))


def test_the_version_changes_with_the_file_and_with_its_lists(tmp_path: Path) -> None:
    content = spoilt("entries: [spam.example]", "file: hosts.txt")
    (tmp_path / "hosts.txt").write_text("# none yet\n")
    before = load(content, tmp_path)
    (tmp_path / "hosts.txt").write_text("spam.example # seen in May\nBÜCHER.example\n")
    after = load(content, tmp_path)
    assert len({before.digest, after.digest, load(VALID.encode()).digest}) == 3
    assert after.lists["hosts"].entries == {"spam.example", "xn--bcher-kva.example"}


@pytest.mark.parametrize("place", ["../secret.txt", "/etc/passwd", "gone.txt", "."])
def test_a_list_is_read_only_from_beside_the_file(tmp_path: Path, place: str) -> None:
    (tmp_path / "secret.txt").write_text("x")
    folder = tmp_path / "config"
    folder.mkdir()
    content = spoilt("entries: [spam.example]", f"file: {place}")
    assert any("lists.hosts.file" in problem for problem in problems(content, folder))


def test_a_file_sent_from_elsewhere_reads_no_lists() -> None:
    content = spoilt("entries: [spam.example]", "file: hosts.txt")
    assert any("cannot be used here" in problem for problem in problems(content))


def test_a_file_that_is_not_there_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(GuidelineFileError, match="No such file"):
        load_policy(tmp_path / "none.yaml")


def test_a_refused_file_is_an_invalid_input_that_lists_its_problems() -> None:
    with pytest.raises(GuidelineFileError) as refused:
        load(spoilt("weight: 5", "weight: x"))
    assert refused.value.errors == {"source": refused.value.lines()}
    assert refused.value.code == "guidelines_invalid"


def test_inline_tests_run_though_other_rules_are_broken(tmp_path: Path) -> None:
    file = tmp_path / "g.yaml"
    rule = SECOND.format(when="scores.wit > 1", action="reject")
    file.write_text(VALID.replace("expect: match", "expect: no_match") + rule)
    tests, others = inline_tests(file)
    assert [test.passed for test in tests] == [False, True]
    assert any("scores.wit" in problem for problem in others)


def test_shares_for_a_second_look_and_four_eyes_have_defaults() -> None:
    policy = load(VALID.encode())
    assert policy.qa_shares == QaShares(0.05, 0.10, 0.01)
    assert policy.four_eyes == {"ban", "refer"}


def test_a_file_that_says_nothing_of_drift_asks_for_nothing() -> None:
    assert load(VALID.encode()).drift == DriftHandling(review=False, line=False, articles_after=3)


def test_what_follows_when_a_thread_drifts_can_be_set() -> None:
    content = spoilt("queues:\n", "queues:\n  drift: {title: Away, sla_minutes: 60}\n")
    policy = load(content + b"drift: {review: true, line: true, articles_after: 5}\n")
    assert policy.drift == DriftHandling(review=True, line=True, articles_after=5)


def test_shares_for_a_second_look_and_four_eyes_can_be_set() -> None:
    policy = load(VALID.encode() + b"quality: {human: 0.2}\nfour_eyes: []\n")
    assert policy.qa_shares == QaShares(0.2, 0.10, 0.01)
    assert policy.four_eyes == frozenset()


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ("quality: {human: 1.5}", "quality.human: must be a share from 0 to 1"),
        ("quality: {humans: 0.1}", "quality.humans: is not known here"),
        ("four_eyes: [warn]", "four_eyes.0: Must be one of: ban, suspend, refer"),
        ("drift: {review: true}", "drift.review: needs a queue called 'drift'"),
        ("drift: {lines: true}", "drift.lines: is not known here"),
        ("drift: {line: sometimes}", "drift.line: Not a valid boolean."),
        ("drift: {articles_after: 0}", "drift.articles_after: Must be greater than or equal to 1"),
        ("drift: true", "drift: must be a mapping (name: value)"),
    ],
)
def test_wrong_settings_are_named(section: str, says: str) -> None:
    assert any(says in line for line in problems(VALID.encode() + section.encode()))


def test_a_policy_can_be_made_again_from_its_own_text(tmp_path: Path) -> None:
    (tmp_path / "hosts.txt").write_bytes(b"\xef\xbb\xbfbad.example\r\n")
    policy = load(spoilt("entries: [spam.example]", "file: hosts.txt"), tmp_path)
    again = parse_policy(policy.source.encode(), lists=policy.list_files)
    assert again.digest == policy.digest
    assert again.lists == policy.lists
