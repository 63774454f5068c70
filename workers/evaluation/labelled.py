"""Reads labelled files: CSV or JSON lines, plain or gzip, with the line of every row."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from service.domain.errors import ParleyError

SUFFIXES = (".csv", ".jsonl", ".ndjson", ".csv.gz", ".jsonl.gz", ".ndjson.gz")
LONGEST_FIELD = 10_000_000  # characters; the csv module stops at 131,072 unless told
READ_BYTES = 1 << 20


class BadFile(ParleyError):
    """A labelled file cannot be read or used; the message names the file and the line."""

    code = "bad_file"


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line of the file it ends on."""

    line: int
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file read whole. `name` is the file name without its suffixes: the set's name."""

    path: Path
    name: str
    sha256: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)


def set_name(path: Path) -> str:
    """`data/globe_c3.csv.gz` -> `globe_c3`."""
    return path.name.split(".", 1)[0]


def find_files(paths: list[Path]) -> list[Path]:
    """The labelled files named, and those directly inside each folder named, sorted."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.iterdir()) if p.name.endswith(SUFFIXES)]
            if not inside:
                raise BadFile(f"{path}: no file that ends in {', '.join(SUFFIXES)}")
            found.extend(inside)
        elif not path.exists():
            raise BadFile(f"{path}: no such file")
        elif not path.name.endswith(SUFFIXES):
            raise BadFile(f"{path}: the name must end in {', '.join(SUFFIXES)}")
        else:
            found.append(path)
    return found


def read_labelled(path: Path) -> LabelledFile:
    """Read a whole file; raises BadFile with file and line for anything that is not right."""
    opener = gzip.open if path.name.endswith(".gz") else open
    try:
        with opener(path, "rt", encoding="utf-8-sig", newline="") as stream:
            rows = tuple(_rows(path, stream))
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise BadFile(f"{path}: broken gzip file ({error})") from error
    except UnicodeDecodeError as error:
        raise BadFile(f"{path}: not UTF-8 text (byte {error.start})") from error
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror or error})") from error
    if not rows:
        raise BadFile(f"{path}: no rows")
    columns = dict.fromkeys(name for row in rows for name in row.fields)
    return LabelledFile(path, set_name(path), _sha256(path), tuple(columns), rows)


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(READ_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _rows(path: Path, stream: TextIO) -> Iterator[Row]:
    is_csv = ".csv" in path.name
    return _csv_rows(path, stream) if is_csv else _json_rows(path, stream)


def _csv_rows(path: Path, stream: TextIO) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.DictReader(stream, strict=True)
    try:
        for fields in reader:
            if None in fields or None in fields.values():
                raise BadFile(
                    f"{path}, line {reader.line_num}: the row does not have the "
                    f"{len(reader.fieldnames or ())} fields of the header"
                )
            yield Row(reader.line_num, fields)
    except csv.Error as error:
        raise BadFile(f"{path}, line {reader.line_num}: {error}") from error


def _json_rows(path: Path, stream: TextIO) -> Iterator[Row]:
    for line, text in enumerate(stream, start=1):
        if not text.strip():
            continue
        try:
            fields = json.loads(text)
        except json.JSONDecodeError as error:
            raise BadFile(f"{path}, line {line}: not JSON ({error.msg})") from error
        if not isinstance(fields, dict):
            raise BadFile(f"{path}, line {line}: a JSON object is needed")
        yield Row(line, fields)
