"""The rows that compact is trained on, with one target per head and what is kept out.

Only sets marked TRAIN+SHIP are named here. Every tenth row, chosen by a hash of its letters, is
kept out of all training, so that figures on these sets are taken on unseen text.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Order of the outputs of every trained network.
HEADS = (
    "shared",  # toxicity in any set, with a bias per set
    "wiki",  # toxicity as the raters of talk pages meant it
    "news",  # toxicity as the raters of news comments meant it
    "clear",  # share of a second crowd that still found something toxic
    "severe_toxicity",
    "obscene",
    "threat",
    "insult",
    "identity_attack",
    "sexual_explicit",
    "sexism",
    "hostility",  # share of readers whom a comment we wrote ourselves would drive away
)
KEPT_OUT_OF = 10
LETTERS_HASHED = 80
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Example:
    """One text, the set it comes from, and targets in 0–1 for the heads it speaks to."""

    text: str
    source: str
    targets: Mapping[str, float]
    kept_out: bool = False
    natural: bool = False
    raw_targets: Mapping[str, float] | None = field(default=None)

    def toxic(self) -> bool:
        """Whether any target is at least one half."""
        return max(self.targets.values(), default=0.0) >= 0.5


def is_kept_out(text: str) -> bool:
    """True for one row in ten; texts with the same first letters and digits go together."""
    return is_one_in_ten("".join(c for c in text.lower() if c.isalnum())[:LETTERS_HASHED])


def is_one_in_ten(key: str) -> bool:
    """True for about one key in ten, the same ones every time."""
    digest = hashlib.sha1(key.encode("utf-8", "replace"), usedforsecurity=False).digest()
    return int.from_bytes(digest[4:8], "big") % KEPT_OUT_OF == 0


def read_rows(path: Path) -> Iterator[Row]:
    """Rows of a gzipped CSV file with a header."""
    csv.field_size_limit(1 << 24)
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def read_set(folder: Path, name: str) -> Iterator[Example]:
    """Examples of one training set; raises KeyError for a set that may not be trained on."""
    reader = READERS[name]
    for row in read_rows(folder / f"{name}.csv.gz"):
        targets = reader(row)
        if targets:
            yield Example(
                text=row["text"],
                source=name,
                targets=targets,
                kept_out=is_kept_out(row["text"]),
                natural=row.get("sampling") == "natural_first20k_of_train",
                raw_targets=_raw_targets(name, targets),
            )


def read_corpus(folder: Path) -> list[Example]:
    """All examples of all training sets, in a fixed order."""
    return [example for name in READERS for example in read_set(folder, name)]


def _raw_targets(name: str, targets: Mapping[str, float]) -> Mapping[str, float] | None:
    """Targets for a text whose punctuation is left in, where they differ.

    The balanced news set has no punctuation in either class. Were the toxic news comments of
    the other set shown with theirs, punctuation itself would be learnt as toxic.
    """
    if name == "civil_toxic_spans":
        return {"clear": targets["clear"]}
    return None


def _number(row: Row, column: str) -> float | None:
    value = row.get(column, "")
    return float(value) if value not in ("", None) else None


def _some(**values: float | None) -> dict[str, float]:
    return {name: value for name, value in values.items() if value is not None}


def _jigsaw(row: Row) -> dict[str, float]:
    toxic = float(row["toxic"])
    return _some(
        shared=toxic,
        wiki=toxic,
        severe_toxicity=_number(row, "severe_toxic"),
        obscene=_number(row, "obscene"),
        threat=_number(row, "threat"),
        insult=_number(row, "insult"),
        identity_attack=_number(row, "identity_hate"),
    )


def _talk_page(row: Row) -> dict[str, float]:
    return _some(shared=float(row["toxic"]), wiki=float(row["toxic"]))


def _crowd(row: Row) -> dict[str, float]:
    return _some(
        obscene=_number(row, "obscene"),
        threat=_number(row, "threat"),
        insult=_number(row, "insult"),
        identity_attack=_number(row, "identity_hate"),
        wiki=float(row["toxic"]),
    )


def _news(row: Row) -> dict[str, float]:
    return _some(shared=float(row["toxic"]), news=float(row["toxic"]))


def _spans(row: Row) -> dict[str, float]:
    """The first crowd called every row toxic; the second says how clearly."""
    clear = 1.0 - float(row["frac_not_toxic"])
    certain = 0.6 + 0.4 * clear
    return _some(shared=certain, news=certain, clear=clear)


def _surge(row: Row) -> dict[str, float]:
    toxic = float(row["toxic"])
    return _some(shared=toxic, news=toxic, wiki=toxic)


def _hateful(row: Row) -> dict[str, float]:
    return _some(identity_attack=float(row["toxic"]))


def _sexism(row: Row) -> dict[str, float]:
    threat = 1.0 if row["category"].startswith("1.") else 0.0
    toxic = float(row["toxic"])
    return _some(sexism=toxic, threat=threat, identity_attack=toxic * 0.9)


def _openai(row: Row) -> dict[str, float]:
    hate = [_number(row, name) for name in ("H", "H2", "HR")]
    known = [value for value in hate if value is not None]
    return _some(
        identity_attack=max(known) if known else None,
        sexual_explicit=_number(row, "S"),
        threat=_number(row, "V2"),
    )


READERS: Mapping[str, Callable[[Row], dict[str, float]]] = {
    "wiki_jigsaw": _jigsaw,
    "wiki_detox_testset": _talk_page,
    "wiki_crowd_subtypes": _crowd,
    "wiki_context_cat": _talk_page,
    "civil_balanced_normalised": _news,
    "civil_toxic_spans": _spans,
    "surge_toxicity": _surge,
    "fox_news": _hateful,
    "hatemoji": _hateful,
    "edos_sexism": _sexism,
    "openai_moderation": _openai,
}
