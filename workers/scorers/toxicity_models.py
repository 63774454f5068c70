"""Choosing and loading the toxicity model that the settings name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from workers.scorers.cascade import Cascade
from workers.scorers.compact import CompactScorer
from workers.scorers.detoxify import DetoxifyOnnx, is_exported
from workers.scorers.encoder import Encoder
from workers.scorers.registry import ModelEntry, Registry
from workers.scorers.scorer_errors import MissingModel
from workers.scorers.text_scorer import TextScorer

AUTO = "auto"
CASCADE = "cascade"
COMPACT = "compact"
# In the order `auto` prefers them: trained on news comments and measured for bias first.
DETOXIFY_MODELS = (
    "detoxify-unbiased",
    "detoxify-original",
    "detoxify-multilingual",
    "detoxify-unbiased-small",
    "detoxify-original-small",
)


def load_toxicity_model(
    registry: Registry, choice: str, threads: int, encoder: Encoder | None = None
) -> TextScorer:
    """The model for a `toxicity_scorer` setting.

    `auto` is the first exported Detoxify in the model folder, else compact; `cascade` is
    compact with that Detoxify for what it is unsure of. `encoder` is compact's own where it is
    open already: each comment then passes through it once. Raises MissingModel or CorruptModel.
    """
    exported = exported_detoxify(registry)
    if choice == AUTO:
        choice = exported or COMPACT
    if choice == COMPACT:
        return _load_compact(registry, threads, encoder)
    if choice != CASCADE:
        return _load_detoxify(registry, choice, threads)
    if exported is None:
        raise MissingModel(
            f"The scorer `cascade` needs an exported Detoxify in {registry.models_dir}; run "
            "`./parley models fetch detoxify-unbiased` and `./parley models export "
            "detoxify-unbiased`."
        )
    return Cascade(
        _load_compact(registry, threads, encoder),
        _load_detoxify(registry, exported, threads),
        registry.cascade,
    )


def exported_detoxify(registry: Registry) -> str | None:
    """The name of the exported Detoxify that `auto` and `cascade` take, if there is one."""
    names = (n for n in DETOXIFY_MODELS if n in registry.entries)
    return next((n for n in names if is_exported(registry.folder(n))), None)


def _load_detoxify(registry: Registry, name: str, threads: int) -> TextScorer:
    entry = registry.entry(name)
    folder = registry.folder(name)
    if is_exported(folder):
        return DetoxifyOnnx(name, folder, threads=threads, languages=entry.languages)
    checkpoint = next((f.path for f in entry.files if f.path.endswith(".ckpt")), None)
    if checkpoint is None or not (folder / checkpoint).is_file():
        raise MissingModel(
            f"{name} is not in {registry.models_dir}; run `./parley models fetch {name}`."
        )
    registry.verified_folder(name)
    return _load_torch_route(entry, folder, checkpoint, threads)


def _load_torch_route(entry: ModelEntry, folder: Path, checkpoint: str, threads: int) -> TextScorer:
    """Only here is torch loaded, and only where the model was not exported."""
    try:
        module = import_module("workers.scorers.detoxify_torch")
    except ModuleNotFoundError as error:
        raise MissingModel(
            f"{entry.name} is not exported and {error.name} is not installed; install "
            f"requirements/detoxify.txt and run `./parley models export {entry.name}`."
        ) from error
    scorer: TextScorer = module.load_detoxify_torch(
        entry.name,
        entry.version,
        folder,
        checkpoint,
        threads=threads,
        languages=entry.languages,
    )
    return scorer


def _load_compact(registry: Registry, threads: int, encoder: Encoder | None) -> TextScorer:
    folder = registry.verified_folder(COMPACT)
    languages = registry.entry(COMPACT).languages
    return CompactScorer(folder, encoder or Encoder(folder, threads), languages)
