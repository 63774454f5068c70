"""From a comment's similarity to an article to the chance that it belongs there."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from workers.scorers.scorer_errors import CorruptModel, MissingModel

CALIBRATION_FILE = "calibration.json"
NAME_FIELD = "calibration"


@dataclass(frozen=True, slots=True)
class RelevanceCalibration:
    """A logistic regression on similarity and length, as training/relevance_study.py fits it.

    mean_share: weight 0-1 of the mean over title and passages against their best match.
    intercept, similarity, log_words, similarity_by_log_words: the regression's weights; words are
    counted as log(1 + words). The last one says that a low similarity of a long comment tells
    more than that of a short one.
    sharpness, even: scale and shift of the regression's result to an even prior on whole articles,
    whose comments are easier to tell apart than the pairs the regression was fitted on.
    parent_discount: what a reply's tie to the conversation keeps 0-1 with each step.
    """

    calibration: str
    mean_share: float
    intercept: float
    similarity: float
    log_words: float
    similarity_by_log_words: float
    sharpness: float
    even: float
    parent_discount: float

    def probability(self, best: float, mean: float, words: int) -> float:
        """P(related) 0-1 under an even prior, from cosines -1 to 1 and a count of words."""
        blend = (1.0 - self.mean_share) * best + self.mean_share * mean
        length = math.log1p(words)
        fitted = (
            self.intercept
            + self.similarity * blend
            + self.log_words * length
            + self.similarity_by_log_words * blend * length
        )
        return 1.0 / (1.0 + math.exp(-(self.sharpness * fitted + self.even)))


def load_calibration(folder: Path) -> RelevanceCalibration:
    """Read the calibration in `folder`. Raises MissingModel or CorruptModel, naming the file."""
    path = folder / CALIBRATION_FILE
    if not path.is_file():
        raise MissingModel(f"Model file {path} is missing.")
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CorruptModel(f"Model file {path} is not JSON: {error}") from error
    return _checked(path, raw)


def _checked(path: Path, raw: Any) -> RelevanceCalibration:
    names = {field.name for field in fields(RelevanceCalibration)}
    if not isinstance(raw, Mapping) or set(raw) != names:
        raise CorruptModel(f"Model file {path} must hold exactly {', '.join(sorted(names))}.")
    if not isinstance(raw[NAME_FIELD], str):
        raise CorruptModel(f"Model file {path}: `{NAME_FIELD}` must be a text.")
    weights = {name: raw[name] for name in names - {NAME_FIELD}}
    for name, value in weights.items():
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            raise CorruptModel(f"Model file {path}: `{name}` must be a number.")
    return RelevanceCalibration(calibration=raw[NAME_FIELD], **weights)
