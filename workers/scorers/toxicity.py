"""Toxicity of comments: language, normalising, both spellings scored, evidence, unknowns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import ScoreInput, ScoreResult
from workers.scorers.characters import is_blank
from workers.scorers.evidence import EVIDENCE_FROM, find_evidence
from workers.scorers.isolation import each_alone_if_needed
from workers.scorers.normaliser import NORMALISER_VERSION, Normalised, Normaliser
from workers.scorers.text_scorer import TextScorer, TextScores

MAIN_LABEL = "toxicity"
EMPTY = "empty"
LANGUAGE = "language"
FAILED = "failed"
# 5 decimals: finer differences are rounding of the processor, not opinion of the model.
DECIMALS = 5
# What the score table has room for.
MAX_VERSION = 48
DIGEST_CHARS = 8
_NO_SCORES = TextScores(np.zeros((0, 0), dtype=np.float32), [])
_UNUSABLE = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A comment made ready: clean text, its normalised spelling, language, why it is unknown."""

    normalised: Normalised
    language: str | None
    unknown: str | None

    @property
    def spellings(self) -> tuple[str, ...]:
        """The texts to score: as written, and normalised where that differs."""
        original, folded = self.normalised.original, self.normalised.text
        return (original,) if folded == original or not folded.strip() else (original, folded)


DetectLanguage = Callable[[str], str | None]


class ToxicityScorer:
    """A toxicity model behind the Scorer protocol; a bad text never costs its neighbours."""

    def __init__(self, model: TextScorer, normaliser: Normaliser, detect: DetectLanguage) -> None:
        """Wrap `model`; `normaliser` undoes evasive spelling for the second look."""
        self.model = model
        self._detect = detect
        self.name = model.name
        self.calibration = model.calibration
        self.version = within_column(f"{model.version}/{NORMALISER_VERSION}")
        self._normalise = normaliser

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        """Score a batch, in order; texts that cannot be scored say why in `unknown`."""
        scored = each_alone_if_needed(
            lambda items: self._score_prepared([self.prepare(item.text) for item in items]), batch
        )
        return [result or self._result(FAILED) for result in scored]

    def prepare(self, text: str) -> Prepared:
        """Normalise, detect the language, and say whether the model can read it at all."""
        clean = replace_lone_surrogates(text)
        normalised = self._normalise(clean)
        if is_blank(text):
            return Prepared(normalised, None, EMPTY)
        language = self._detect(normalised.text)
        known = self.model.languages
        foreign = bool(known) and language is not None and language not in known
        return Prepared(normalised, language, LANGUAGE if foreign else None)

    def _score_prepared(self, prepared: Sequence[Prepared]) -> list[ScoreResult]:
        texts = [s for item in prepared if not item.unknown for s in item.spellings]
        scores = self.model.score_texts(texts) if texts else _NO_SCORES
        results = []
        position = 0
        for item in prepared:
            rows = slice(position, position + (0 if item.unknown else len(item.spellings)))
            position = rows.stop
            values = scores.values[rows]
            if item.unknown or not np.isfinite(values).all():
                results.append(self._result(item.unknown or FAILED, item))
                continue
            result = self._result(None, item)
            windows = max(scores.windows[rows])
            largest = self._labelled(values.max(axis=0))
            results.append(replace(result, values=largest, windows=windows))
        return self._with_evidence(prepared, results)

    def _with_evidence(
        self, prepared: Sequence[Prepared], results: Sequence[ScoreResult]
    ) -> list[ScoreResult]:
        flagged = [
            i for i, r in enumerate(results) if r.values.get(MAIN_LABEL, 0.0) >= EVIDENCE_FROM
        ]
        found = find_evidence(
            [prepared[i].normalised for i in flagged], self._main_scores, self._normalise
        )
        enriched = list(results)
        for i, evidence in zip(flagged, found, strict=True):
            enriched[i] = replace(results[i], evidence=evidence)
        return enriched

    def _main_scores(self, texts: Sequence[str]) -> NDArray[np.float32]:
        column = list(self.model.labels).index(MAIN_LABEL)
        return self.model.score_texts(texts).values[:, column]

    def _labelled(self, row: NDArray[np.float32]) -> dict[str, float]:
        return {
            label: round(float(value), DECIMALS)
            for label, value in zip(self.model.labels, row, strict=True)
        }

    def _result(self, unknown: str | None, item: Prepared | None = None) -> ScoreResult:
        return ScoreResult(
            model=self.name,
            version=self.version,
            calibration=self.model.calibration,
            values={},
            unknown=unknown,
            language=item.language if item else None,
            was_obfuscated=item.normalised.was_obfuscated if item else False,
        )


def within_column(version: str) -> str:
    """A version of at most MAX_VERSION characters; a longer one ends in a digest of all of it."""
    if len(version) <= MAX_VERSION:
        return version
    digest = hashlib.sha256(version.encode()).hexdigest()[:DIGEST_CHARS]
    return f"{version[: MAX_VERSION - DIGEST_CHARS - 1]}~{digest}"


def replace_lone_surrogates(text: str) -> str:
    """Text a tokenizer can take: lone surrogates and NUL become U+FFFD, lengths stay."""
    return _UNUSABLE.sub("\ufffd", text)
