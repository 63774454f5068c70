"""YAML for guideline files: plain values plus the line of each, and nothing that surprises.

Scalars follow YAML 1.2 (`off` and `no` are words, dates are text). Aliases, tags, repeated keys,
several documents and deep nesting are refused, so that what is read is what is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

MAX_BYTES = 1_000_000
MAX_DEPTH = 20

Path = tuple[str | int, ...]

# The same reader in C, twelve times as fast; every wheel of PyYAML has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTED = ("'", '"', "|", ">")

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, Any] = {
    "": None, "~": None, "null": None, "true": True, "false": False, "True": True, "False": False,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a guideline file. Line and column count from 1; 0 where not known."""

    message: str
    line: int = 0
    column: int = 0


@dataclass(slots=True)
class Document:
    """The values of a file and where each one stands."""

    data: Any = None
    nodes: dict[Path, yaml.Node] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    source: str = ""

    def line(self, path: Path) -> int:
        """The line of a value, or of the nearest thing that contains it."""
        while path not in self.nodes and path:
            path = path[:-1]
        return self.nodes[path].start_mark.line + 1 if path in self.nodes else 1

    def position(self, path: Path, offset: tuple[int, int]) -> tuple[int, int]:
        """Where (line, column) of a text stands in the file; both count from 1."""
        node = self.nodes.get(path)
        if not isinstance(node, yaml.ScalarNode):
            return self.line(path), 0
        return _inside(node, self.source.splitlines(), offset)


def read_yaml(content: bytes) -> Document:
    """Read one YAML document with its positions.

    Every fault is in `problems`; where the text cannot be read at all, `data` is None.
    """
    text, problem = _decode(content)
    document = Document(source=text)
    if problem is None:
        problem = _refused(text)
    if problem is not None:
        document.problems.append(problem)
        return document
    try:
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:  # _refused has read all events: left for safety
        document.problems.append(_problem_of(error))
        return document
    if root is None:
        document.problems.append(Problem("the file is empty", 1))
        return document
    document.data = _build(root, (), document)
    return document


def _decode(content: bytes) -> tuple[str, Problem | None]:
    if len(content) > MAX_BYTES:
        return "", Problem(f"the file is larger than {MAX_BYTES:,} bytes", 1)
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
        return "", Problem("the file is not UTF-8 from here on", line, column)


def _refused(text: str) -> Problem | None:
    """Read the events without building anything; the first thing not allowed, if any."""
    depth = documents = 0
    try:
        for event in _events(text):
            mark = event.start_mark
            place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                return Problem("anchors and aliases (& and *) are not allowed", *place)
            if getattr(event, "tag", None):
                return Problem("tags (!) are not allowed", *place)
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if depth > MAX_DEPTH:
                return Problem(f"nested more than {MAX_DEPTH} deep", *place)
            if documents > 1:
                return Problem("more than one document in the file", *place)
    except yaml.YAMLError as error:
        return _problem_of(error)
    return None


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


def _problem_of(error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return Problem(f"not YAML: {what}", *((mark.line + 1, mark.column + 1) if mark else (1, 0)))


def _build(node: yaml.Node, path: Path, document: Document) -> Any:
    document.nodes[path] = node
    if isinstance(node, yaml.SequenceNode):
        return [_build(item, (*path, index), document) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        return _mapping(node, path, document)
    return _scalar(node)


def _mapping(node: yaml.MappingNode, path: Path, document: Document) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for key_node, value_node in node.value:
        mark = key_node.start_mark
        if not isinstance(key_node, yaml.ScalarNode):
            document.problems.append(Problem("a key must be text", mark.line + 1, mark.column + 1))
            continue
        key = str(key_node.value)
        if key in built:
            message = f"'{key}' is written twice"
            document.problems.append(Problem(message, mark.line + 1, mark.column + 1))
            continue
        built[key] = _build(value_node, (*path, key), document)
        if not isinstance(value_node, yaml.ScalarNode):
            document.nodes[(*path, key)] = _at_key(value_node, key_node)
    return built


def _at_key(value: yaml.Node, key: yaml.Node) -> yaml.Node:
    """A block stands where its key stands: that is the line an editor looks for."""
    return yaml.MappingNode(value.tag, [], key.start_mark, value.end_mark)


def _scalar(node: yaml.Node) -> Any:
    text = str(node.value)
    if getattr(node, "style", None) in _QUOTED:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) < 20 else float(text)  # beyond 64 bits
    return float(text) if _FLOAT.fullmatch(text) else text


def _inside(node: yaml.ScalarNode, lines: list[str], offset: tuple[int, int]) -> tuple[int, int]:
    """Follow a text over the lines it was written on (folded lines become one in the value)."""
    block = node.style in ("|", ">")
    line, column = node.start_mark.line, node.start_mark.column
    if node.style in ("'", '"'):
        column += 1
    if block:
        line, column = line + 1, 0
    indent = _indent(lines[line]) if block and line < len(lines) else None
    value_line, value_column = offset
    remaining = sum(len(part) + 1 for part in str(node.value).split("\n")[: value_line - 1])
    remaining += value_column - 1
    while line < len(lines):
        start = column if line == node.start_mark.line else _indent(lines[line])
        start = start if indent is None else indent  # a block keeps what is indented further
        length = max(0, len(lines[line].rstrip()) - start)
        if remaining <= length or line >= node.end_mark.line:
            return line + 1, start + remaining + 1
        remaining -= length + 1
        line += 1
    return node.start_mark.line + 1, 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
