"""A real Prometheus for the tests: its tools, and a server that reads one page."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

# Where ./parley test unpacks the system's package if the PATH has none.
UNPACKED = Path(sys.prefix) / "prometheus" / "usr" / "bin"
MISSING = "No Prometheus: put `prometheus` and `promtool` on the PATH (Debian's package has both)."
SCRAPE = "1s"
READY_SECONDS = 30.0
POLL_SECONDS = 0.1
ROOT = Path(__file__).resolve().parent.parent


def binary(name: str) -> str:
    """The path of `prometheus` or `promtool`; without it the test fails, it is not skipped."""
    found = shutil.which(name) or shutil.which(name, path=str(UNPACKED))
    if found is None:
        pytest.fail(MISSING)
    return found


def promtool(*arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run promtool in the project's folder; `given` is its standard input."""
    return subprocess.run(
        [binary("promtool"), *arguments],
        input=given,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


@dataclass(frozen=True)
class RunningPrometheus:
    """A server that scrapes Parley, with each job's name."""

    address: str

    def query(self, expression: str) -> list[dict[str, Any]]:
        """The result of an instant query. Raises AssertionError with Prometheus' own words."""
        asked = urllib.parse.urlencode({"query": expression})
        answer = self._get(f"/api/v1/query?{asked}")
        assert answer["status"] == "success", f"{expression}: {answer['error']}"
        result: list[dict[str, Any]] = answer["data"]["result"]
        return result

    def rules(self) -> list[dict[str, Any]]:
        """The alert rules it has loaded."""
        groups = self._get("/api/v1/rules")["data"]["groups"]
        return [rule for group in groups for rule in group["rules"]]

    def wait_for(self, expression: str) -> None:
        """Until a query gives something."""
        until = time.monotonic() + READY_SECONDS
        while time.monotonic() < until:
            try:
                if self.query(expression):
                    return
            except OSError:
                pass  # it does not answer yet
            time.sleep(POLL_SECONDS)
        pytest.fail(f"Prometheus has no {expression} after {READY_SECONDS:.0f} s")

    def _get(self, path: str) -> dict[str, Any]:
        try:
            with urllib.request.urlopen(self.address + path) as found:  # noqa: S310 - ours
                answer: dict[str, Any] = json.load(found)
        except urllib.error.HTTPError as error:
            with error:
                if error.headers.get_content_type() != "application/json":
                    raise  # it has just been started, and says so
                answer = json.load(error)
        return answer


@contextmanager
def running_prometheus(folder: Path, jobs: Mapping[str, str]) -> Iterator[RunningPrometheus]:
    """Prometheus with the project's alert rules, reading each job's host:port every second."""
    folder.mkdir()
    config = folder / "prometheus.yml"
    config.write_text(
        f"global: {{scrape_interval: {SCRAPE}, evaluation_interval: {SCRAPE}}}\n"
        f"rule_files: ['{ROOT / 'config' / 'alerts.yml'}']\n"
        "scrape_configs:\n"
        + "".join(
            f"  - {{job_name: {job}, static_configs: [{{targets: ['{target}']}}]}}\n"
            for job, target in jobs.items()
        )
    )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [
                *(binary("prometheus"), f"--config.file={config}"),
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
            ],
            stdout=log,
            stderr=log,
        )
        try:
            yield RunningPrometheus(f"http://127.0.0.1:{port}")
        finally:
            process.terminate()
            process.wait()
