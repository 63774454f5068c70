"""Reading what `./parley score` is given: an article file, and lines of JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from workers.scoring_desk import Submission

MAX_LINE_BYTES = 4_000_000
MAX_PARENTS = 100
FIELDS = {"id", "text", "article", "parents"}


class BadInput(ValueError):
    """What is wrong with the input, for the person who gave it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a submission, or the error in it. `id` is the caller's own, as it was given."""

    id: Any
    submission: Submission | None
    error: str | None = None


def read_article(path: Path) -> tuple[str, str]:
    """Title and body of an article file: JSON {title, body}, or text whose first line is the title.

    Raises BadInput where it is neither.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read as UTF-8 text: {error}") from error
    if path.suffix.lower() == ".json" or text.lstrip().startswith("{"):
        try:
            return _article(json.loads(text))
        except (ValueError, RecursionError) as error:
            raise BadInput(f"{path} is not an article in JSON: {error}") from error
    title, _, body = text.strip().partition("\n")
    if not title.strip():
        raise BadInput(f"{path} is empty.")
    return title.strip(), body.strip()


def read_lines(stream: BinaryIO) -> Iterator[Line]:
    """One Line per non-empty line of JSON; a bad one says what is wrong with it."""
    for number, raw in enumerate(stream, start=1):
        if raw.strip():
            yield _line(number, raw)


def _line(number: int, raw: bytes) -> Line:
    if len(raw) > MAX_LINE_BYTES:
        return Line(None, None, f"line {number}: longer than {MAX_LINE_BYTES:,} bytes")
    try:
        value = json.loads(raw)
    except (ValueError, RecursionError) as error:
        return Line(None, None, f"line {number}: not JSON ({_short(error)})")
    if not isinstance(value, dict):
        return Line(None, None, f"line {number}: must be a JSON object")
    try:
        return Line(value.get("id"), _submission(value))
    except BadInput as error:
        return Line(value.get("id"), None, f"line {number}: {error}")


def _submission(value: dict[str, Any]) -> Submission:
    unknown = sorted(value.keys() - FIELDS)
    if unknown:
        raise BadInput(f"unknown field {unknown[0]!r}")
    if not isinstance(value.get("text"), str):
        raise BadInput("`text` must be a string")
    parents = value.get("parents") or []
    if not isinstance(parents, list) or not all(isinstance(p, str) for p in parents):
        raise BadInput("`parents` must be a list of strings, nearest first")
    article = value.get("article")
    return Submission(
        value["text"], None if article is None else _article(article), tuple(parents[:MAX_PARENTS])
    )


def _article(value: Any) -> tuple[str, str]:
    if not isinstance(value, dict):
        raise BadInput("`article` must be an object with `title` and `body`")
    title, body = value.get("title") or "", value.get("body") or ""
    if not isinstance(title, str) or not isinstance(body, str) or not (title + body).strip():
        raise BadInput("`article` needs `title` or `body` as strings")
    return title, body


def _short(error: Exception) -> str:
    return error.msg if isinstance(error, json.JSONDecodeError) else type(error).__name__
