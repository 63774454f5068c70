"""Gets the scorer that `--scorer` names: one of Parley's own, or a factory in Python."""

from __future__ import annotations

import os
from importlib import import_module

from service.domain.errors import Invalid
from workers.evaluation.candidate import Candidate, candidate_of

OWN = "workers.evaluation.own_scorers"


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
    """The scorer called `spec`: one of Parley's, or `package.module:function`.

    Raises Invalid where it cannot be had. Parley's own are imported only when one is asked
    for: a scorer of somebody else's must not need their model files and libraries.
    """
    if ":" in spec:
        return candidate_from_factory(spec)
    candidate: Candidate = import_module(OWN).load_own(spec, os.environ)
    return candidate
