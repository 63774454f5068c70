"""Where the list files of a guideline file come from: a folder, or texts handed in with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

MAX_LIST_BYTES = 1_000_000


class ListFileError(ValueError):
    """A list file cannot be used; the message says why, for an editor."""


class ListFiles(Protocol):
    """Finds list files by the path that the guideline file gives."""

    def read(self, file: str) -> str:
        """The text of a list file. Raises ListFileError."""
        ...


class FolderLists:
    """List files in the folder of the guideline file or below it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def read(self, file: str) -> str:
        """The text of a list file. Raises ListFileError."""
        try:
            place = (self._folder / file).resolve()
            if not place.is_relative_to(self._folder):
                raise ListFileError(f"'{file}' is outside the folder of the guideline file")
            with place.open("rb") as opened:
                content = opened.read(MAX_LIST_BYTES + 1)
        except (OSError, RuntimeError):
            raise ListFileError(f"'{file}' cannot be read") from None
        return _text(file, content)


class GivenLists:
    """List files that came with the guideline file, by path."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def read(self, file: str) -> str:
        """The text of a list file. Raises ListFileError."""
        if file not in self._texts:
            raise ListFileError(f"'{file}' was not sent along: put its text under `lists`")
        return _text(file, self._texts[file].encode("utf-8", "surrogatepass"))


class NoLists:
    """For a guideline file that stands alone."""

    def read(self, file: str) -> str:
        """Raises ListFileError."""
        raise ListFileError("list files cannot be used here; write the entries in the file")


def _text(file: str, content: bytes) -> str:
    if len(content) > MAX_LIST_BYTES:
        raise ListFileError(f"'{file}' is larger than {MAX_LIST_BYTES:,} bytes")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise ListFileError(f"'{file}' is not UTF-8") from None
    if "\0" in text:  # the database could not store it
        raise ListFileError(f"'{file}' holds a NUL character")
    return text
