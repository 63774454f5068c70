"""gunicorn for the API; command-line flags and WEB_CONCURRENCY override what is set here."""

from __future__ import annotations

import gc
import os
from importlib import import_module
from typing import Any

worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 8
timeout = 30
graceful_timeout = 10
# A proxy in front keeps its connections open for 60 s; closing first would lose its requests.
keepalive = 75
# Renews each worker now and then; the spread keeps them from leaving together.
max_requests = 50_000
max_requests_jitter = 5_000
# Its default is a file in the home folder: two instances or a read-only container break on it.
control_socket_disable = True


def on_starting(server: Any) -> None:
    """Import the program once, before the workers are forked: they share its memory and its time.

    Only the import: each worker makes its own application, with its own connections.
    """
    import_module("service.app")
    gc.freeze()  # else the collector touches, and so copies, every shared page
