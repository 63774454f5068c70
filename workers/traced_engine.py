"""A scoring engine whose batches are spans."""

from __future__ import annotations

from collections.abc import Sequence

from service.adapters.tracing import Tracing
from service.domain.scoring import Assessment, Engine, ModelInUse, ScoreInput, Vector


class TracedEngine:
    """Says of each batch how large it was and by which models, and nothing of what was in it."""

    def __init__(self, engine: Engine, tracing: Tracing) -> None:
        self._engine, self._tracing = engine, tracing
        self.models: Sequence[ModelInUse] = engine.models

    def score(self, batch: Sequence[ScoreInput]) -> list[Assessment]:
        """Score a batch, measured."""
        names = ", ".join(f"{model.name} {model.version}" for model in self.models)
        with self._tracing.span(
            "score batch", attributes={"parley.batch_size": len(batch), "parley.models": names}
        ):
            return self._engine.score(batch)

    def embed(self, texts: Sequence[str]) -> list[Vector]:
        """Embed passages, measured."""
        with self._tracing.span("embed", attributes={"parley.batch_size": len(texts)}):
            return self._engine.embed(texts)
