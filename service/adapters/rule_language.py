"""Guideline rules in CEL (cel-expr-python): compiled and type-checked against the declared signals.

Evaluation has three outcomes. A missing signal makes the answer unknown unless the rest of the
expression settles it: `false && missing` is False, `true || missing` is True (CEL's absorption).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cel_expr_python import cel

from service.domain.signals import SIGNALS, SignalType, Value

MAX_EXPRESSION_LENGTH = 2_000
MAX_LOOP_DEPTH = 1

_CEL_TYPES = {
    SignalType.number: cel.Type.DOUBLE,
    SignalType.whole: cel.Type.INT,
    SignalType.flag: cel.Type.BOOL,
    SignalType.text: cel.Type.STRING,
    SignalType.texts: cel.Type.List(cel.Type.STRING),
}
_LOOPS = frozenset({"all", "exists", "exists_one", "map", "filter"})
# Strings (raw and triple-quoted too) and comments, so that what looks like code in them is not.
_TOKEN = re.compile(
    r"""(?P<string>[rRbB]{0,2}(?:\"\"\"(?s:.*?)\"\"\"|'''(?s:.*?)'''
        |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))
      |(?P<comment>//[^\n]*)
      |(?P<path>[A-Za-z_]\w*(?:\s*\.\s*[A-Za-z_]\w*)*)
      |(?P<open>\()|(?P<close>\))""",
    re.VERBOSE,
)
_CHOICE = re.compile(r"""\s*(?:==|!=)\s*(?P<quote>['"])(?P<text>[^'"\\\n]*)(?P=quote)""")
_LIST_NAME = re.compile(
    r"""(?P<quote>['"])(?P<text>[^'"\\\n]*)(?P=quote)\s+in\s+content\s*\.\s*matched_lists\b"""
)
_CEL_ERROR = re.compile(r"ERROR: <input>:(-?\d+):(-?\d+): ([^\n]*)")
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_NUMBERS_MIXED = re.compile(
    r"no matching overload for .* applied to '\((?:double, int|int, double)\)'"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with an expression; line and column count from 1, None where not known."""

    message: str
    line: int | None = None
    column: int | None = None


class ExpressionError(ValueError):
    """An expression cannot be used as a rule's condition. `faults` lists why, in order."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(fault.message for fault in faults))


class CelProgram:
    """One compiled condition."""

    __slots__ = ("_expression", "signals")

    def __init__(self, expression: Any, signals: tuple[str, ...]) -> None:
        self._expression = expression
        self.signals = signals

    def run(self, bound: Any) -> bool | None:
        """True, False, or None where a missing signal or a failed calculation leaves it open."""
        try:
            value = self._expression.eval(bound).value()
        except (RuntimeError, TypeError, ValueError):
            return None
        return value if isinstance(value, bool) else None


class CelLanguage:
    """The rule language with every declared signal. Immutable; share one per process."""

    def __init__(self) -> None:
        variables = {name: _CEL_TYPES[signal.type] for name, signal in SIGNALS.items()}
        self._environment = cel.NewEnv(variables=variables)

    def compile(self, source: str) -> CelProgram:
        """Compile and type-check a condition.

        Raises:
            ExpressionError: too long, loops inside loops, syntax, unknown signal, wrong types,
                a result that is not true or false, or no signal looked at.
        """
        faults, signals = _inspect(source)
        if faults:
            raise ExpressionError(faults)
        try:
            expression = self._environment.compile(source)
        except (RuntimeError, TypeError, ValueError) as error:
            raise ExpressionError(_faults_of(error)) from None
        if expression.return_type() != cel.Type.BOOL:
            kind = expression.return_type().name().lower()
            raise ExpressionError([Fault(f"the condition gives a {kind}, not true or false", 1, 1)])
        if not signals:
            raise ExpressionError([Fault("the condition looks at no signal", 1, 1)])
        return CelProgram(expression, signals)

    def join(self, sources: list[str]) -> CelProgram:
        """One program that is False exactly where every one of these checked conditions is."""
        joined = " || ".join(f"({source}\n)" for source in sources)  # a line may end in a comment
        return CelProgram(self._environment.compile(joined), ())

    def bind(self, values: Mapping[str, Value]) -> Any:
        """Bind one comment's values (by full signal name) for any number of programs."""
        data = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
        return self._environment.Activation(data)


def list_names(source: str) -> tuple[str, ...]:
    """The lists that a condition asks for by name (`'spam_hosts' in content.matched_lists`)."""
    return tuple(found["text"] for found in _LIST_NAME.finditer(source))


def _inspect(source: str) -> tuple[list[Fault], tuple[str, ...]]:
    """What CEL itself does not refuse, and the signals looked at in order of appearance."""
    if len(source) > MAX_EXPRESSION_LENGTH:
        fault = f"longer than {MAX_EXPRESSION_LENGTH:,} characters ({len(source):,})"
        return [Fault(fault, 1, 1)], ()
    if any("\ud800" <= character <= "\udfff" for character in source):
        return [Fault("half of a surrogate pair is not a character", 1, 1)], ()
    faults: list[Fault] = []
    signals: list[str] = []
    parens: list[bool] = []  # True for the parenthesis of a loop
    last_path = ""
    for token in _TOKEN.finditer(source):
        if token["path"]:
            last_path = re.sub(r"\s+", "", token["path"])
            faults += _path_faults(source, token, last_path, signals)
            continue
        if token["open"]:
            is_loop = last_path.rpartition(".")[2] in _LOOPS and "." in _before(source, token)
            parens.append(is_loop)
            if is_loop and sum(parens) > MAX_LOOP_DEPTH:
                faults.append(_at(source, token.start(), "a loop inside a loop is not allowed"))
        elif token["close"] and parens:
            parens.pop()
        last_path = ""
    return faults, tuple(dict.fromkeys(signals))


def _before(source: str, token: re.Match[str]) -> str:
    """The call in front of a parenthesis, with its dot: `.exists` of `hosts.exists(`."""
    found = re.search(r"\.\s*\w+\s*$", source[max(0, token.start() - 64) : token.start()])
    return found[0] if found else ""


def _path_faults(source: str, token: re.Match[str], path: str, signals: list[str]) -> list[Fault]:
    if path == "has":
        message = "`has()` is not needed: a rule with a missing signal is unknown by itself"
        return [_at(source, token.start(), message)]
    name = ".".join(path.split(".")[:2])
    signal = SIGNALS.get(name)
    if signal is None:
        return []
    signals.append(name)
    compared = _CHOICE.match(source, token.end()) if path == name else None
    if compared is None or not signal.choices or compared["text"] in signal.choices:
        return []
    message = f"{name} is never '{compared['text']}', only {', '.join(signal.choices)}"
    return [_at(source, compared.start("text"), message)]


def _at(source: str, offset: int, message: str) -> Fault:
    before = source[:offset]
    return Fault(message, before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def _faults_of(error: Exception) -> list[Fault]:
    faults = [
        Fault(_plain(message), max(1, int(line)), max(1, int(column)))
        for line, column, message in _CEL_ERROR.findall(str(error))
    ]
    return faults or [Fault(_plain(str(error).partition("\n")[0]), 1, 1)]


def _plain(message: str) -> str:
    message = re.sub(r"\s*(\(in container ''\)|\[[A-Z_]+\])", "", message).strip()
    if undeclared := _UNDECLARED.fullmatch(message):
        near = difflib.get_close_matches(undeclared[1], SIGNALS, n=1)
        hint = f" (did you mean {near[0]}?)" if near else ""
        return f"no signal or function is called '{undeclared[1]}'{hint}"
    if _NUMBERS_MIXED.search(message):
        message += " (write numbers with a point for scores, without for counts: 1.0 or 1)"
    return message
