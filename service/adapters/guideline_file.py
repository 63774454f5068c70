"""Load a guideline file into a Policy: all problems at once, each with its line, or the policy."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.adapters.guideline_build import Parts, Unusable, build
from service.adapters.guideline_checks import check, run_test
from service.adapters.guideline_lists import FolderLists, GivenLists, ListFiles, NoLists
from service.adapters.guideline_yaml import MAX_BYTES, Problem, read_yaml
from service.adapters.rule_language import CelLanguage
from service.domain.errors import Invalid
from service.domain.guideline import DriftHandling, Policy, QaShares
from service.domain.rule import Mode, Result, Rule, Screen
from service.domain.signals import TOXICITY

__all__ = [
    "GuidelineFileError",
    "InlineTest",
    "Problem",
    "inline_tests",
    "load_policy",
    "parse_policy",
]


class GuidelineFileError(Invalid):
    """A guideline file cannot be used. `problems` lists why, in the order of the file."""

    code = "guidelines_invalid"
    detail = "The guideline file has problems; nothing was changed."

    def __init__(self, source: str, problems: list[Problem]) -> None:
        ordered = sorted(set(problems), key=lambda p: (p.line, p.column, p.message))
        self.source = source
        self.problems = tuple(ordered)
        super().__init__({"source": self.lines()})

    def lines(self) -> list[str]:
        """One line per problem: `file:line:column: what`."""
        return [f"{self.source}{_place(problem)}: {problem.message}" for problem in self.problems]

    def __str__(self) -> str:
        return "\n".join([self.detail, *self.lines()])


def _place(problem: Problem) -> str:
    if not problem.line:
        return ""
    return f":{problem.line}:{problem.column}" if problem.column else f":{problem.line}"


def load_policy(path: str | Path, language: CelLanguage | None = None) -> Policy:
    """Load a guideline file and the lists beside it.

    Raises:
        GuidelineFileError: the file cannot be read or used; lists every problem.
    """
    place = Path(path)
    return parse_policy(_content(place), source=str(path), folder=place.parent, language=language)


def parse_policy(
    content: bytes,
    *,
    source: str = "guidelines",
    folder: Path | None = None,
    lists: Mapping[str, str] | None = None,
    language: CelLanguage | None = None,
) -> Policy:
    """Make a policy of a guideline file's bytes.

    Args:
        content: the file, UTF-8 YAML.
        source: what to call it in problems.
        folder: where its list files are.
        lists: or the texts of its list files, by path; with neither, none is allowed.
        language: shared rule language; made anew where None.

    Raises:
        GuidelineFileError: the file cannot be used; lists every problem.
    """
    language = language or CelLanguage()
    document = read_yaml(content)
    if document.data is None:
        raise GuidelineFileError(source, document.problems)
    parts = build(document, _list_files(folder, lists), language)
    if isinstance(document.data, dict):
        check(parts, language)
    if parts.problems:
        raise GuidelineFileError(source, parts.problems)
    return _policy(parts, content, language)


@dataclass(frozen=True, slots=True)
class InlineTest:
    """One inline test of a rule that was run."""

    rule: str
    line: int
    expect: Result
    got: Result

    @property
    def passed(self) -> bool:
        """Whether the rule gave what the test expects."""
        return self.got == self.expect


def inline_tests(path: str | Path) -> tuple[list[InlineTest], list[str]]:
    """Run the inline tests of all rules that can be compiled; the file need not be usable.

    Returns the tests, in the order of the file, and what kept other rules from being run.

    Raises:
        GuidelineFileError: the file cannot be read at all.
    """
    place, language = Path(path), CelLanguage()
    document = read_yaml(_content(place))
    if document.data is None:
        raise GuidelineFileError(str(path), document.problems)
    parts = build(document, FolderLists(place.parent), language)
    tests = [
        InlineTest(rule.id, test.line, test.expect, run_test(rule, test, language))
        for _, rule in parts.rules
        for test in rule.tests
        if not isinstance(rule.program, Unusable)
    ]
    return tests, GuidelineFileError(str(path), parts.problems).lines()


def _list_files(folder: Path | None, lists: Mapping[str, str] | None) -> ListFiles:
    if lists is not None:
        return GivenLists(lists)
    return FolderLists(folder) if folder is not None else NoLists()


def _content(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise GuidelineFileError(str(place), [Problem(f"cannot be read: {why}")]) from None


def _policy(parts: Parts, content: bytes, language: CelLanguage) -> Policy:
    metadata = parts.head["metadata"]
    rules = tuple(rule for _, rule in parts.rules)
    return Policy(
        site=metadata["site"],
        label=metadata["version"],
        terms_url=metadata["terms_url"],
        digest=_digest(content, parts.list_bytes),
        default_locale=metadata["locale"],
        on_missing=parts.head["on_missing_signal"],
        guidelines=parts.guidelines,
        severities=parts.severities,
        queues=parts.queues,
        sanctions=tuple(parts.sanctions),
        lists=parts.lists,
        rules=rules,
        screens=_screens([rule for rule in rules if rule.mode is not Mode.off], language),
        language=language,
        qa_shares=QaShares(**parts.head["quality"]),
        four_eyes=frozenset(parts.head["four_eyes"]),
        drift=DriftHandling(**parts.head["drift"]),
        source=content.decode("utf-8"),
        list_files=parts.list_files,
    )


def _screens(active: list[Rule], language: CelLanguage) -> tuple[Screen, ...]:
    """Join the conditions of rules that look at the same kinds of signals.

    Most comments match nothing; a joined condition then costs one evaluation instead of many.
    What is often missing has a screen of its own, so that the others still rule out their part.
    """
    groups: dict[str, list[int]] = {}
    for place, rule in enumerate(active):
        groups.setdefault(_often_missing(rule), []).append(place)
    return tuple(
        Screen(language.join([active[place].when for place in places]), tuple(places))
        for places in groups.values()
    )


def _often_missing(rule: Rule) -> str:
    """The kind of signal a rule looks at that may well be missing, or an empty text."""
    for name in rule.program.signals:
        namespace = name.partition(".")[0]
        if namespace == "reports" or (namespace == "scores" and name != TOXICITY):
            return namespace  # no report yet; a label the model does not know
    return ""


def _digest(content: bytes, lists: dict[str, bytes]) -> str:
    """SHA-256 of the file, followed by its list files: a changed list is another policy."""
    digest = hashlib.sha256(content)
    for name in sorted(lists):
        digest.update(b"\0" + name.encode() + b"\0" + lists[name])
    return digest.hexdigest()
