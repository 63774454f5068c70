"""From a guideline file's checked parts to the domain's guidelines, queues, lists and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marshmallow import ValidationError

from service.adapters.guideline_lists import ListFileError, ListFiles
from service.adapters.guideline_schema import (
    FilePart,
    GuidelinePart,
    ListPart,
    Part,
    QueuePart,
    RulePart,
    SanctionPart,
    SeverityPart,
    messages,
)
from service.adapters.guideline_yaml import Document, Path, Problem
from service.adapters.rule_language import CelLanguage, ExpressionError, Fault
from service.domain.content import host_of, normal_words
from service.domain.guideline import DsaTerms, Guideline, Queue, SanctionStep, Severity, TermList
from service.domain.rule import Program, Rule, RuleTest


class Unusable:
    """Stands in for a condition that does not compile, so that the rest of its rule is checked."""

    signals: tuple[str, ...] = ()

    def run(self, bound: Any) -> None:
        """Always unknown."""


@dataclass(slots=True)
class Parts:
    """Everything of a file that could be understood, and all problems found on the way."""

    document: Document
    files: ListFiles
    problems: list[Problem]
    head: dict[str, Any] = field(default_factory=dict)
    severities: dict[str, Severity] = field(default_factory=dict)
    sanctions: list[SanctionStep] = field(default_factory=list)
    queues: dict[str, Queue] = field(default_factory=dict)
    guidelines: dict[str, Guideline] = field(default_factory=dict)
    lists: dict[str, TermList] = field(default_factory=dict)
    list_bytes: dict[str, bytes] = field(default_factory=dict)  # by name
    list_files: dict[str, str] = field(default_factory=dict)  # by path
    rules: list[tuple[int, Rule]] = field(default_factory=list)  # with the place in the file

    def problem(self, path: Path, message: str) -> None:
        """Note a problem at the line of a path."""
        self.problems.append(Problem(self._named(path) + message, self.document.line(path)))

    def expression_problem(self, path: Path, fault: Fault) -> None:
        """Note a problem at the place in the file where an expression has it."""
        place = self.document.position(path, (fault.line or 1, fault.column or 1))
        self.problems.append(Problem(self._named(path) + fault.message, *place))

    def _named(self, path: Path) -> str:
        """`rules.off-topic.when: `: a rule by its id where it has one."""
        steps = [str(step) for step in path]
        if len(path) > 1 and path[0] == "rules":
            rule = self.document.data["rules"][path[1]]
            steps[1] = str(rule.get("id", path[1])) if isinstance(rule, dict) else steps[1]
        return ".".join(steps) + ": " if steps else ""

    def names(self, section: str) -> frozenset[str]:
        """What a section names, the items that are wrong (and noted as such) included."""
        raw = self.document.data if isinstance(self.document.data, dict) else {}
        return frozenset(_section(raw, section, {}))

    def checked(self, schema: Part, raw: Any, path: Path) -> dict[str, Any] | None:
        """The part as its schema loads it, or None after noting what is wrong."""
        try:
            loaded: dict[str, Any] = schema.load(raw)
        except ValidationError as error:
            for inner, message in messages(error.messages):
                self.problem((*path, *inner), message)
            return None
        return loaded


def build(document: Document, files: ListFiles, language: CelLanguage) -> Parts:
    """Build all parts of a file; `files` finds the list files it names."""
    parts = Parts(document, files, list(document.problems))
    raw = document.data if isinstance(document.data, dict) else {}
    parts.head = parts.checked(FilePart(), document.data, ()) or {}
    _severities(parts, _section(raw, "severities", {}))
    _sanctions(parts, _section(raw, "sanctions", []))
    _queues(parts, _section(raw, "queues", {}))
    _guidelines(parts, _section(raw, "guidelines", {}))
    _lists(parts, _section(raw, "lists", {}))
    _rules(parts, _section(raw, "rules", []), language)
    return parts


def _section(raw: Mapping[str, Any], name: str, empty: Any) -> Any:
    """A section, or nothing where it has the wrong kind (which is already noted)."""
    found = raw.get(name, empty)
    return found if isinstance(found, type(empty)) else empty


def _severities(parts: Parts, raw: Mapping[str, Any]) -> None:
    for name, item in raw.items():
        if (loaded := parts.checked(SeverityPart(), item, ("severities", name))) is not None:
            parts.severities[name] = Severity(id=name, **loaded)


def _sanctions(parts: Parts, raw: list[Any]) -> None:
    for index, item in enumerate(raw):
        if (loaded := parts.checked(SanctionPart(), item, ("sanctions", index))) is not None:
            parts.sanctions.append(SanctionStep(**loaded))


def _queues(parts: Parts, raw: Mapping[str, Any]) -> None:
    for name, item in raw.items():
        if (loaded := parts.checked(QueuePart(), item, ("queues", name))) is not None:
            parts.queues[name] = Queue(id=name, **loaded)


def _guidelines(parts: Parts, raw: Mapping[str, Any]) -> None:
    for name, item in raw.items():
        loaded = parts.checked(GuidelinePart(), item, ("guidelines", name))
        if loaded is None:
            continue
        dsa = loaded.pop("dsa")
        terms = DsaTerms(**{**dsa, "keywords": tuple(dsa["keywords"])})
        parts.guidelines[name] = Guideline(id=name, dsa=terms, **loaded)


def _lists(parts: Parts, raw: Mapping[str, Any]) -> None:
    for name, item in raw.items():
        path: Path = ("lists", name)
        loaded = parts.checked(ListPart(), item, path)
        if loaded is None:
            continue
        entries = _entries(parts, name, loaded, path)
        if entries is not None:
            parts.lists[name] = TermList(name, loaded["type"], entries)


def _entries(
    parts: Parts, name: str, loaded: Mapping[str, Any], path: Path
) -> frozenset[str] | None:
    given = [key for key in ("file", "entries") if loaded[key] is not None]
    wanted = 0 if loaded["type"] == "contact_details" else 1
    if len(given) != wanted:
        expected = "either `file` or `entries`" if wanted else "neither `file` nor `entries`"
        parts.problem(path, f"needs {expected}")
        return None
    lines = loaded["entries"] or []
    if loaded["file"] is not None:
        content = _read_list(parts, loaded["file"], (*path, "file"))
        if content is None:
            return None
        parts.list_bytes[name] = content.encode()
        lines = content.splitlines()
    if loaded["type"] == "hosts":
        return frozenset(h for h in (host_of(_without_comment(x)) for x in lines) if h)
    return frozenset(w for w in (" ".join(normal_words(_without_comment(x))) for x in lines) if w)


def _without_comment(line: str) -> str:
    return line.partition("#")[0].strip()


def _read_list(parts: Parts, file: str, path: Path) -> str | None:
    try:
        text = parts.files.read(file)
    except ListFileError as error:
        parts.problem(path, str(error))
        return None
    parts.list_files[file] = text
    return text


def _rules(parts: Parts, raw: list[Any], language: CelLanguage) -> None:
    for index, item in enumerate(raw):
        path: Path = ("rules", index)
        loaded = parts.checked(RulePart(), item, path)
        when = item.get("when") if isinstance(item, dict) else None
        program = _program(parts, when, (*path, "when"), language)
        if loaded is not None:
            parts.rules.append((index, _rule(loaded, program, path, parts.document)))


def _rule(loaded: dict[str, Any], program: Program, path: Path, document: Document) -> Rule:
    then = loaded.pop("then")
    tests = tuple(
        RuleTest(**test, line=document.line((*path, "tests", index)))
        for index, test in enumerate(loaded.pop("tests"))
    )
    then["flags"] = tuple(then["flags"])
    return Rule(program=program, tests=tests, line=document.line(path), **loaded, **then)


def _program(parts: Parts, when: Any, path: Path, language: CelLanguage) -> Program:
    if not isinstance(when, str):
        return Unusable()
    try:
        return language.compile(when)
    except ExpressionError as error:
        for fault in error.faults:
            parts.expression_problem(path, fault)
        return Unusable()
