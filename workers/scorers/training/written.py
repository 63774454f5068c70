"""Articles and reader comments that we invented and rated: hostility that needs no rude word.

`written/*.txt` hold them; their format and how they came about: ADR 41. None is from a data set.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workers.scorers.training.corpus import Example, is_one_in_ten

SOURCE = "written"
FOLDER = Path(__file__).with_name("written")
RATERS = 5
TAGS = frozenset({"insult", "needle", "group", "threat", "swear", "chat", "stray"})
# What a majority of raters would say, given how many of five we expect to object.
MAJORITY = (0.0, 0.05, 0.3, 0.75, 0.95, 1.0)
_REMARK = re.compile(r"([0-5]) (-|[a-z,]+) \| (.+)")


@dataclass(frozen=True, slots=True)
class Remark:
    """One invented comment, how many of five people would object to it, and why."""

    text: str
    raters: int
    tags: frozenset[str]

    def targets(self) -> dict[str, float]:
        """Targets in 0-1 for the heads that this comment can teach."""
        majority = MAJORITY[self.raters]
        found = {
            "shared": majority,
            "news": majority,
            "hostility": self.raters / RATERS,
            "identity_attack": majority if "group" in self.tags else 0.0,
            "threat": 1.0 if "threat" in self.tags else 0.0,
            "obscene": 1.0 if "swear" in self.tags else 0.0,
        }
        # Raters of talk pages and of insults were not asked about hostility in polite words.
        if self.tags.isdisjoint({"needle", "group", "threat"}):
            found["wiki"] = majority
            found["insult"] = majority if "insult" in self.tags else 0.0
        return found


@dataclass(slots=True)
class Article:
    """An invented article and the comments under it."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def is_kept_out(self) -> bool:
        """True for about one article in ten, never shown in training with any of its comments."""
        return is_one_in_ten(self.title)


def read_written(folder: Path = FOLDER) -> list[Article]:
    """All articles in a fixed order; raises ValueError naming the file and line it cannot read."""
    return [article for path in sorted(folder.glob("*.txt")) for article in _articles(path)]


def _articles(path: Path) -> Iterator[Article]:
    article: Article | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("# "):
            if article is not None:
                yield article
            article = Article(line[2:])
        elif line and article is None:
            raise ValueError(f"{path.name}:{number}: a title has to come first")
        elif line.startswith("> ") and article is not None:
            article.paragraphs.append(line[2:])
        elif line and article is not None:
            article.remarks.append(_remark(line, f"{path.name}:{number}"))
    if article is not None:
        yield article


def _remark(line: str, place: str) -> Remark:
    found = _REMARK.fullmatch(line)
    if found is None:
        raise ValueError(f"{place}: not `NUMBER TAGS | TEXT`")
    tags = frozenset() if found[2] == "-" else frozenset(found[2].split(","))
    if not tags <= TAGS:
        raise ValueError(f"{place}: unknown tag {', '.join(sorted(tags - TAGS))}")
    return Remark(found[3], int(found[1]), tags)


def written_examples(folder: Path = FOLDER) -> list[Example]:
    """One training example per invented comment."""
    return [
        Example(remark.text, SOURCE, remark.targets(), kept_out=article.is_kept_out())
        for article in read_written(folder)
        for remark in article.remarks
    ]
