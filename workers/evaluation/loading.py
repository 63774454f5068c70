"""Gets the scorer that `--scorer` names: one of Parley's own, or a factory in Python."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import yaml

from service.domain.errors import Invalid
from workers.evaluation.candidate import Candidate, candidate_of

REGISTRY_FILE = Path(__file__).resolve().parents[2] / "config" / "models.yaml"


def trained_on(models: tuple[str, ...], registry_file: Path = REGISTRY_FILE) -> tuple[str, ...]:
    """Sets named under `trained_on` of these models in the model registry, each once."""
    document: Any = yaml.safe_load(registry_file.read_text(encoding="utf-8")) or {}
    entries = document.get("models") or {}
    names = [name for model in models for name in entries.get(model, {}).get("trained_on") or ()]
    return tuple(dict.fromkeys(names))


def candidate_from_factory(spec: str) -> Candidate:
    """A candidate of one's own: `package.module:function`, called without arguments.

    The function gives a Candidate, an Engine or a toxicity Scorer. Raises Invalid where it
    cannot be had.
    """
    module_name, _, attribute = spec.partition(":")
    try:
        made = getattr(import_module(module_name), attribute)()
    except (ImportError, AttributeError) as error:
        raise Invalid({"scorer": [f"{spec}: {error}"]}) from error
    if isinstance(made, Candidate):
        return made
    if hasattr(made, "embed"):
        return candidate_of(made, spec)
    if hasattr(made, "score"):
        return Candidate(spec, made)
    raise Invalid({"scorer": [f"{spec} gives neither a scorer nor an engine"]})


def load_candidate(spec: str) -> Candidate:
    """The scorer called `spec`; raises Invalid or what loading the engine raises."""
    if ":" in spec:
        return candidate_from_factory(spec)
    raise Invalid({"scorer": [f"{spec} is not known"]})
