"""The figures of `./parley bench live`, and their page."""

from __future__ import annotations

from dataclasses import dataclass

# One heartbeat of everybody.
IDLE_SECONDS = 15.0
THREADS_MEASURED = 200
# Two processes of eight, as `./parley up` and docker-compose.yml start the API.
API_THREADS = 16


@dataclass(frozen=True)
class LiveFigures:
    """What was measured. Times in milliseconds, memory in the unit of the name."""

    listeners: int
    base_mb: float
    kb_per_listener: float
    kb_per_thread: float
    connect_seconds: float
    reconnect_seconds: float
    idle_cpu_percent: float
    heartbeats: int
    rounds: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    all_told_median_ms: float
    all_told_worst_ms: float
    cpu_ms_per_round: float
    # The machine's own while it measured: beyond its cores, times of day wait for a turn.
    load_average: float


def as_markdown(f: LiveFigures, *, command: str, machine: str) -> str:
    """The figures as a page."""
    n = f.listeners
    rows = (
        ("memory of the process before anybody came, MB", f"{f.base_mb:.0f}"),
        ("memory for each listener, kB", f"{f.kb_per_listener:.1f}"),
        (f"memory for {n:,} listeners, MB", f"{f.kb_per_listener * n / 1024:.0f}"),
        (f"time until {n:,} had connected and were greeted, s", f"{f.connect_seconds:.2f}"),
        ("the same again, all having left, s", f"{f.reconnect_seconds:.2f}"),
        (
            f"CPU while idle ({f.heartbeats:,} heartbeats in {IDLE_SECONDS:.0f} s), of one core",
            f"{f.idle_cpu_percent:.1f} %",
        ),
        (
            "from publishing to a listener, p50 / p95 / p99, ms",
            f"{f.p50_ms:.0f} / {f.p95_ms:.0f} / {f.p99_ms:.0f}",
        ),
        (
            f"from publishing until all {n:,} were told, median / worst, ms",
            f"{f.all_told_median_ms:.0f} / {f.all_told_worst_ms:.0f}",
        ),
        (f"CPU of one message to {n:,}, ms", f"{f.cpu_ms_per_round:.0f}"),
    )
    threads = f.kb_per_thread * n / 1024
    return "\n".join(
        [
            "# Open pages",
            "",
            f"Measured by `{command}` on {machine}; the listeners ran on the",
            "same machine, in one process that shares the cores with the rest of the stack. The",
            f"load average was {f.load_average:.0f} meanwhile: where that is more than the cores,",
            "times include waiting for a turn; memory and CPU do not.",
            "",
            "| what | measured |",
            "|---|---:|",
            *(f"| {name} | {value} |" for name, value in rows),
            "",
            "## The same in the API's threads",
            "",
            "| | live process | gunicorn's gthread |",
            "|---|---:|---:|",
            f"| memory for each listener, kB | {f.kb_per_listener:.1f} | {f.kb_per_thread:.1f} |",
            f"| memory for {n:,}, MB | {f.kb_per_listener * n / 1024:.0f} | {threads:.0f} |",
            f"| threads for {n:,} | 1 (and 4 that read) | {n:,} |",
            f"| listeners after which a stack with default settings answers nobody | none | {API_THREADS} |",  # noqa: E501
            "",
            "The thread figure is resident memory of one gunicorn process with an application that "
            f"does nothing but wait, over {min(THREADS_MEASURED, n)} listeners; in the API each "
            "thread would hold its share of Flask, of a session and of everything it once touched "
            "besides. Memory is not what decides it: two processes of eight threads serve the API, "
            "and the sixteenth open page would hold the last of them.",
            "",
        ]
    )
