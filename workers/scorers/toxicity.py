"""Toxicity of comments: language, normalising, both spellings scored, evidence, unknowns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from service.domain.scoring import ScoreInput, ScoreResult
from workers.scorers.characters import is_blank
from workers.scorers.evidence import EVIDENCE_FROM, find_evidence
from workers.scorers.isolation import each_alone_if_needed
from workers.scorers.language import detect_language
from workers.scorers.normaliser import Normalised, Normaliser
from workers.scorers.text_scorer import TextScorer

MAIN_LABEL = "toxicity"
EMPTY = "empty"
LANGUAGE = "language"
FAILED = "failed"
# 5 decimals: finer differences are rounding of the processor, not opinion of the model.
DECIMALS = 5
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


class ToxicityScorer:
    """A toxicity model behind the Scorer protocol; a bad text never costs its neighbours."""

    def __init__(self, model: TextScorer, normaliser: Normaliser) -> None:
        """Wrap `model`; `normaliser` undoes evasive spelling for the second look."""
        self.model = model
        self.name = model.name
        self.version = model.version
        self._normalise = normaliser

    def score(self, batch: Sequence[ScoreInput]) -> list[ScoreResult]:
        """Score a batch, in order; texts that cannot be scored say why in `unknown`."""
        prepared = [self.prepare(item.text) for item in batch]
        scored = each_alone_if_needed(self._score_prepared, prepared)
        return [
            result or self._unknown(item, FAILED)
            for item, result in zip(prepared, scored, strict=True)
        ]

    def prepare(self, text: str) -> Prepared:
        """Normalise, detect the language, and say whether the model can read it at all."""
        clean = replace_lone_surrogates(text)
        normalised = self._normalise(clean)
        language = detect_language(normalised.text)
        if is_blank(clean):
            return Prepared(normalised, None, EMPTY)
        known = self.model.languages
        foreign = bool(known) and language is not None and language not in known
        return Prepared(normalised, language, LANGUAGE if foreign else None)

    def _score_prepared(self, prepared: Sequence[Prepared]) -> list[ScoreResult]:
        texts = [s for item in prepared if not item.unknown for s in item.spellings]
        scores = self.model.score_texts(texts)
        results = []
        position = 0
        for item in prepared:
            if item.unknown:
                results.append(self._unknown(item, item.unknown))
                continue
            rows = slice(position, position + len(item.spellings))
            position = rows.stop
            results.append(
                self._known(item, scores.values[rows].max(axis=0), max(scores.windows[rows]))
            )
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

    def _known(self, item: Prepared, row: NDArray[np.float32], windows: int) -> ScoreResult:
        values = {
            label: round(float(value), DECIMALS)
            for label, value in zip(self.model.labels, row, strict=True)
        }
        return replace(self._unknown(item, None), values=values, windows=windows)

    def _unknown(self, item: Prepared, reason: str | None) -> ScoreResult:
        return ScoreResult(
            model=self.name,
            version=self.version,
            calibration=self.model.calibration,
            values={},
            unknown=reason,
            language=item.language,
            was_obfuscated=item.normalised.was_obfuscated,
        )


def replace_lone_surrogates(text: str) -> str:
    """Text a tokenizer can take: lone surrogates and NUL become U+FFFD, lengths stay."""
    return _UNUSABLE.sub("\ufffd", text)
