"""The page of `./parley bench live` says what its figures say."""

from __future__ import annotations

import pytest

from workers.bench.live_page import LiveFigures, as_markdown

pytestmark = pytest.mark.fast


def test_the_page_shows_what_a_thousand_cost_beside_their_threads() -> None:
    figures = LiveFigures(
        listeners=1_000,
        base_mb=130,
        kb_per_listener=20.48,
        kb_per_thread=30.72,
        connect_seconds=2.5,
        reconnect_seconds=2.2,
        idle_cpu_percent=1.5,
        heartbeats=1_000,
        rounds=30,
        p50_ms=60,
        p95_ms=120,
        p99_ms=170,
        all_told_median_ms=100,
        all_told_worst_ms=200,
        cpu_ms_per_round=44,
        load_average=9,
    )

    page = as_markdown(figures, command="./parley bench live", machine="2 cores")

    assert "| memory for 1,000, MB | 20 | 30 |" in page
    assert "| 60 / 120 / 170 |" in page
    assert "load average was 9" in page
