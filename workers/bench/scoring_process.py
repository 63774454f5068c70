"""One route in a process of its own: loads, then scores when asked. Talks JSON lines.

Started by workers.bench.scoring as `python -m workers.bench.scoring_process ROUTE PLACE`.
Requests on standard input: {"do": "round" | "independence" | "stop"}.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import psutil

from workers.bench.scoring_routes import ROUTES, Place, ScoreTexts

MEBI = 1 << 20
MIXED_WITH = 32  # batch mates in the independence check
CHECKED_TEXTS = 64


def _open(route: str, place: Place) -> ScoreTexts:
    module, _, function = ROUTES[route].opener.partition(":")
    score: ScoreTexts = getattr(import_module(module), function)(place)
    return score


def _rss() -> float:
    return float(psutil.Process().memory_info().rss) / MEBI


def _round(score: ScoreTexts, texts: list[str]) -> dict[str, float]:
    started, cpu = time.perf_counter(), time.process_time()
    score(texts)
    return {
        "seconds": time.perf_counter() - started,
        "cpu_seconds": time.process_time() - cpu,
        "rss_mib": _rss(),
    }


def _largest_difference(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(one - other).max())


def check_independence(
    score: ScoreTexts, texts: list[str], other_threads: ScoreTexts | None = None
) -> dict[str, float]:
    """Largest |difference| of any score: alone, among others or backwards, and, where a second
    opening of the route is given, with another number of threads."""
    chosen = texts[:CHECKED_TEXTS]
    alone = np.concatenate([score([text]) for text in chosen])
    chunks = [chosen[i : i + MIXED_WITH] for i in range(0, len(chosen), MIXED_WITH)]
    together = np.concatenate([score(chunk) for chunk in chunks])
    backwards = score(chosen[::-1])[::-1]
    found = {
        "batch_mates": max(
            _largest_difference(alone, together), _largest_difference(alone, backwards)
        )
    }
    if other_threads is not None:
        again = np.concatenate([other_threads([text]) for text in chosen])
        found["threads"] = _largest_difference(alone, again)
    return found


def _independence(
    route: str, place: Place, score: ScoreTexts, texts: list[str]
) -> dict[str, float]:
    other = None
    if ROUTES[route].ships:
        other_threads = 1 if place.threads > 1 else 2
        other = _open(route, dataclasses.replace(place, threads=other_threads))
    return check_independence(score, texts, other)


def serve(route: str, place: Place, texts: list[str], answers: TextIO) -> None:
    """Load the route, say how long it took, and answer requests until told to stop."""

    def answer(content: dict[str, Any]) -> None:
        print(json.dumps(content), file=answers, flush=True)

    started = time.perf_counter()
    score = _open(route, place)
    score(texts[:2])
    answer({"load_seconds": time.perf_counter() - started, "rss_mib": _rss()})
    for line in sys.stdin:
        match json.loads(line)["do"]:
            case "round":
                answer(_round(score, texts))
            case "independence":
                answer(_independence(route, place, score, texts))
            case _:
                return


def main() -> int:
    """Arguments: the route's name and a JSON file with the place and the texts."""
    route, file = sys.argv[1:]
    given = json.loads(Path(file).read_text(encoding="utf-8"))
    paths = {key: Path(given["place"][key]) for key in ("models_dir", "hub_folder", "checkpoint")}
    place = Place(**{**given["place"], **paths})
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    # Libraries print to standard output; the answers have it to themselves.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        serve(route, place, given["texts"], answers)
    except Exception as error:
        # Whatever it is, the parent must learn it: a silent child would hang the comparison.
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps({"error": f"{type(error).__name__}: {error}"}), file=answers)
            answers.flush()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
