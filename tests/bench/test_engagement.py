"""The page of `./parley bench engagement`."""

from __future__ import annotations

import pytest

from workers.bench.engagement_report import AIM_CALL, RolledUp, Timed, as_markdown

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(
    ("median", "verdict"), [(60.0, "60.0 ms, reached"), (120.0, "not reached")]
)
def test_the_page_shows_each_call_with_its_growth_and_says_whether_the_aim_is_reached(
    median: float, verdict: str
) -> None:
    timed = [
        Timed(AIM_CALL, 1_000, 30.0, 40.0, 20.0),
        Timed(AIM_CALL, 100_000, median, 200.0, 45.0),
    ]
    page = as_markdown(timed, [RolledUp(1_000, 60, 0.5)], calls=40, wanting=2.5)
    growth = f"× {median / 30:.1f}"
    assert f"| {AIM_CALL} | 30.0 / 40.0 (20) | {median} / 200.0 (45) | {growth} |" in page
    assert "| 1,000 | 60 | 0.5 | 2,000 |" in page
    assert verdict in page
