"""Starts the process of one route and talks to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from workers.bench.scoring_routes import Route


class RouteFailed(RuntimeError):
    """A route's process ended or reported an error."""


class RouteProcess:
    """The process of one route, seen from the comparison."""

    def __init__(self, route: Route, given: Path, threads: int) -> None:
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": str(threads)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workers.bench.scoring_process", route.name, str(given)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, env=environment,
        )  # fmt: skip
        try:
            self.loaded = self._answer()
        except RouteFailed:
            self.stop()
            raise

    def ask(self, what: str) -> dict[str, Any]:
        assert self._process.stdin is not None  # noqa: S101 - it was opened as a pipe
        self._process.stdin.write(json.dumps({"do": what}) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it was opened as a pipe
        line = self._process.stdout.readline()
        if not line:
            raise RouteFailed(f"its process ended with status {self._process.wait()}")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise RouteFailed(answer["error"])
        return answer

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()
