"""Invented comments whose lengths are spread as those of real comment sections are."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from random import Random
from statistics import NormalDist

# Word pieces of a comment: log-normal with this median and 95th percentile (mean about 70).
MEDIAN, P95 = 45, 220
LONGEST = 508  # leaves room for the two special tokens of a 512-token model
SHORTEST = 2
CRC_VALUES = 1 << 32
SALTS_TRIED = 500
P95_Z = 1.6449  # standard deviations from the median to the 95th percentile
SENTENCE_WORDS = (6, 18)

# Every word is one word piece of the English BERT vocabulary; the mix reads as English to a
# language detector.
_COMMON = (
    "the of and to a in is that it for was on are as with they at be this have from or one had "
    "by but not what all were we when your can said there use an each which she do how their if "
    "will up other about out many then them these so some her would make like him into time has "
    "look two more write go see number no way could people my than first been call who its now"
).split()
_TOPICAL = (
    "council budget city bus road school hospital tax house price government minister vote party "
    "election law police court report money bank job work week year family child teacher nurse "
    "doctor water energy climate farm food market trade company street town bridge station train "
    "library museum park sport team game coach history language music film book paper article "
    "reader writer question answer reason fact opinion point change plan project problem idea"
).split()
_COMMON_SHARE = 0.6


def comment_lengths(count: int) -> list[int]:
    """`count` lengths in word pieces at even quantiles of the distribution, ascending."""
    spread = math.log(P95 / MEDIAN) / P95_Z
    normal = NormalDist(math.log(MEDIAN), spread)
    quantiles = (normal.inv_cdf((index + 0.5) / count) for index in range(count))
    return [min(LONGEST, max(SHORTEST, round(math.exp(value)))) for value in quantiles]


def comments(count: int, seed: int) -> list[str]:
    """`count` comments in random order; the same for the same seed."""
    random = Random(seed)  # noqa: S311 - a draw to repeat, not a secret
    texts = [_text(length, random) for length in comment_lengths(count)]
    random.shuffle(texts)
    return texts


def drawn(text: str, share: float, salt: int) -> bool:
    """Whether a text is one of about `share` (0–1) of all; the same answer in any batch."""
    return zlib.crc32(f"{salt} {text}".encode()) / CRC_VALUES < share


def fair_salt(texts: Sequence[str], share: float) -> int:
    """The salt whose draw comes nearest to `share` of the texts' length: few texts, one of them
    very long, could otherwise mean anything."""
    total = sum(map(len, texts))

    def distance(salt: int) -> float:
        chosen = sum(len(text) for text in texts if drawn(text, share, salt))
        return abs(chosen / total - share)

    return min(range(SALTS_TRIED), key=distance)


def _text(pieces: int, random: Random) -> str:
    """Sentences of common words; a word and a full stop are one word piece each."""
    sentences: list[str] = []
    while pieces >= SHORTEST:
        words = min(random.randint(*SENTENCE_WORDS), pieces - 1)
        chosen = [
            random.choice(_COMMON if random.random() < _COMMON_SHARE else _TOPICAL)
            for _ in range(words)
        ]
        sentences.append(" ".join(chosen).capitalize() + ".")
        pieces -= words + 1
    return " ".join(sentences)
