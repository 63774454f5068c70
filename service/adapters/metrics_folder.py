"""The folder in which the processes of one machine share their numbers, a file for each."""

from __future__ import annotations

import os
from functools import lru_cache

from prometheus_client import CollectorRegistry, start_http_server, values
from prometheus_client.multiprocess import MultiProcessCollector

from service.adapters.instruments import Instruments


@lru_cache
def shared_instruments(metrics_dir: str) -> Instruments:
    """The instruments of one folder, made once: two writers to one file would overwrite each other.

    prometheus_client chooses between memory and files when it is imported, from an environment
    variable. Ours comes from the settings, so the choice is made again here. It holds for the
    whole process, because each new combination of labels asks for it again.
    """
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = metrics_dir
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    return Instruments()


def folder_registry(metrics_dir: str) -> CollectorRegistry:
    """The sum of all processes that share the folder."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=metrics_dir)  # type: ignore[no-untyped-call]
    return registry


def serve_metrics(port: int, metrics_dir: str) -> None:
    """Answer Prometheus on a port of its own, in a thread: for processes that serve no HTTP.

    The numbers are the sum of all processes that share `metrics_dir`.
    """
    start_http_server(port, registry=folder_registry(metrics_dir))
