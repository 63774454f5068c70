"""The models: every file of what the settings ask for is there and is what it should be."""

from __future__ import annotations

from collections.abc import Iterator

from config.settings import Settings
from service.domain.finding import Finding, ok, problem, warning
from workers.scorers.detoxify import is_exported
from workers.scorers.engine import ENCODER
from workers.scorers.registry import Registry, load_registry
from workers.scorers.scorer_errors import ModelError
from workers.scorers.toxicity_models import AUTO, CASCADE, COMPACT, exported_detoxify

SHIPPED = "shipped"


def look_at_models(settings: Settings) -> Iterator[Finding]:
    """Nothing is loaded: files are compared with their sha256."""
    try:
        registry = load_registry(settings.models_dir)
    except ModelError as error:
        yield problem("models", str(error), "Get config/models.yaml back as it was.")
        return
    broken = list(_broken(registry, settings))
    yield from broken
    if not broken:
        wanted = ", ".join(sorted(_wanted(registry, settings)))
        yield ok("models", f"every file is what it should be: {wanted}")
    yield _scorer(registry, settings)


def _wanted(registry: Registry, settings: Settings) -> set[str]:
    """The models the settings lead to, as far as they are there."""
    names = {name for name, entry in registry.entries.items() if entry.kind == SHIPPED}
    chosen = (settings.toxicity_scorer, settings.shadow_scorer, exported_detoxify(registry))
    return names | {ENCODER} | {name for name in chosen if name and name in registry.entries}


def _broken(registry: Registry, settings: Settings) -> Iterator[Finding]:
    for name in sorted(_wanted(registry, settings)):
        entry = registry.entries[name]
        if entry.kind != SHIPPED and is_exported(registry.folder(name)):
            continue  # converted here: its files are not the registry's
        try:
            registry.verified_folder(name)
        except (ModelError, OSError) as error:
            advice = (
                "Get the project's own files back (git checkout, or unpack it again)."
                if entry.kind == SHIPPED
                else f"Run: ./parley models fetch {name}"
            )
            yield problem("models", f"{name}: {error}", advice)


def _scorer(registry: Registry, settings: Settings) -> Finding:
    """Which toxicity scorer the settings lead to."""
    choice = settings.toxicity_scorer
    exported = exported_detoxify(registry)
    if choice == AUTO:
        return ok("scorer", f"auto takes {exported or COMPACT}")
    if choice == CASCADE and exported is None:
        return problem(
            "scorer",
            "cascade needs an exported Detoxify, and there is none",
            "Run: ./parley models fetch detoxify-unbiased, then ./parley models export "
            "detoxify-unbiased",
        )
    if choice in (COMPACT, CASCADE) or is_exported(registry.folder(choice)):
        return ok("scorer", choice)
    if registry.present(choice):
        return warning(
            "scorer",
            f"{choice} is there, but not exported: it needs torch and is several times slower",
            f"Run: ./parley models export {choice}",
        )
    return problem(
        "scorer",
        f"{choice} is not in {registry.models_dir}",
        f"Run: ./parley models fetch {choice}; comments are held until then.",
    )
