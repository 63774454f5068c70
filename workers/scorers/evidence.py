"""Which sentence, and which words of it, made a comment score as toxic."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.scorers.normaliser import Normalised, Normaliser

# Evidence is looked for only from this toxicity on: about one comment in twenty pays for it.
EVIDENCE_FROM = 0.5
# Bounds on the extra work for one comment: texts scored to find the sentence, and the words.
MAX_SENTENCES = 24
MAX_PHRASES = 8
MAX_SENTENCE_CHARS = 600
MAX_RESPELLED = 10
# Words whose absence lowers the sentence's log-odds by less than this did not drive it. Log-odds,
# because a sentence with three insults hardly scores lower, as a probability, without one of them.
MIN_DROP = 0.5
CERTAIN = 1e-6
DECIMALS = 3

_SENTENCE = re.compile(r"\S.*?(?:[.!?…]+[\"'”’)\]]*(?=\s)|\n|$)", re.DOTALL)
_WORD = re.compile(r"\S+")

Span = tuple[int, int]
MainScores = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(slots=True)
class _Flagged:
    """A comment whose evidence is looked for; spans count code points of the original."""

    normalised: Normalised
    sentences: list[Span]
    sentence: int = 0
    sentence_score: float | None = None
    phrases: list[Span] | None = None
    words: list[Span] | None = None


def find_evidence(
    comments: Sequence[Normalised], main_scores: MainScores, normalise: Normaliser
) -> list[Mapping[str, Any]]:
    """For each comment: the sentence that scores highest and the words in it that matter.

    At most two more passes of the model for the whole batch: one over all sentences of the
    comments that have several, one over the highest sentences with a phrase left out.
    Returns `{"sentence": {start, end, score?}, "words": [{start, end}], "respelled":
    [{start, end, as}]}`, offsets in UTF-16 code units of the original, end exclusive.
    """
    flagged = [_Flagged(c, _sentences(c.original)) for c in comments]

    def score(texts: Sequence[str]) -> NDArray[np.float32]:
        return main_scores([normalise(text).text or text for text in texts])

    _choose_sentences(flagged, score)
    _choose_words(flagged, score)
    return [_as_dict(item) for item in flagged]


def _choose_sentences(flagged: Sequence[_Flagged], score: MainScores) -> None:
    several = [item for item in flagged if len(item.sentences) > 1]
    texts = [item.normalised.original[a:b] for item in several for a, b in item.sentences]
    scores = score(texts) if texts else np.zeros(0, dtype=np.float32)
    position = 0
    for item in several:
        own = scores[position : position + len(item.sentences)]
        position += len(item.sentences)
        item.sentence = int(own.argmax())
        item.sentence_score = float(own.max())


def _choose_words(flagged: Sequence[_Flagged], score: MainScores) -> None:
    """Leave each phrase out of the highest sentence and see how far the score falls."""
    texts: list[str] = []
    for item in flagged:
        start, end = item.sentences[item.sentence]
        original = item.normalised.original
        item.phrases = _phrases(original, start, end)
        texts.append(original[start:end])
        texts += [f"{original[start:a]} {original[b:end]}" for a, b in item.phrases]
    scores = score(texts) if texts else np.zeros(0, dtype=np.float32)
    position = 0
    for item in flagged:
        phrases = item.phrases or []
        whole = float(scores[position])
        without = scores[position + 1 : position + 1 + len(phrases)]
        drops = _log_odds(np.array(whole)) - _log_odds(without)
        position += 1 + len(phrases)
        if item.sentence_score is None:
            item.sentence_score = whole
        least = max(MIN_DROP, float(drops.max(initial=0.0)) / 2)
        item.words = [p for p, drop in zip(phrases, drops, strict=True) if drop >= least]


def _log_odds(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    clipped = np.clip(scores.astype(np.float64), CERTAIN, 1 - CERTAIN)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _sentences(text: str) -> list[Span]:
    spans = [(m.start(), m.start() + len(m.group().rstrip())) for m in _SENTENCE.finditer(text)]
    if len(spans) <= MAX_SENTENCES:
        return spans or [(0, len(text))]
    # Very many sentences: neighbours are taken together, so that the end is looked at too.
    size = -(-len(spans) // MAX_SENTENCES)
    groups = [spans[i : i + size] for i in range(0, len(spans), size)]
    return [(group[0][0], group[-1][1]) for group in groups]


def _phrases(text: str, start: int, end: int) -> list[Span]:
    """At most MAX_PHRASES runs of the sentence's words; none where it is one word or very long."""
    words = [match.span() for match in _WORD.finditer(text, start, end)]
    if len(words) < 2 or end - start > MAX_SENTENCE_CHARS:
        return []
    size = -(-len(words) // MAX_PHRASES)
    groups = [words[i : i + size] for i in range(0, len(words), size)]
    return [(group[0][0], group[-1][1]) for group in groups]


def _as_dict(item: _Flagged) -> dict[str, Any]:
    text = item.normalised
    start, end = item.sentences[item.sentence]
    return {
        "sentence": {
            **_utf16(text, (start, end)),
            "score": round(item.sentence_score or 0.0, DECIMALS),
        },
        "words": [_utf16(text, span) for span in item.words or []],
        "respelled": [
            {**_utf16(text, (change.start, change.end)), "as": change.text}
            for change in text.changes[:MAX_RESPELLED]
        ],
    }


def _utf16(text: Normalised, span: Span) -> dict[str, int]:
    return {"start": text.utf16(span[0]), "end": text.utf16(span[1])}
