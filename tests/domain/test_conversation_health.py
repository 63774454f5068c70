"""Health: the sum of its parts, each a share between what is bad and what is good."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.conversation_health import FEWEST_COMMENTS, PARTS, conversation_health
from service.domain.engagement import SUMMED

pytestmark = pytest.mark.fast

FINE = {
    "comments": 100,
    "published": 100,
    "unaided": 100,
    "threads": 40,
    "answered": 30,
}


def health(reader_days: int = 60, **counts: int) -> Any:
    return conversation_health(
        {name: (FINE | counts).get(name, 0) for name in SUMMED}, reader_days=reader_days
    )


def points(found: Any) -> dict[str, float | None]:
    return {one.name: one.points for one in found.components}


def test_all_weights_together_are_a_hundred() -> None:
    assert sum(part.weight for part in PARTS) == 100


def test_a_conversation_without_fault_has_all_points() -> None:
    assert health().value == pytest.approx(100)


@pytest.mark.parametrize(
    ("name", "counts", "expected"),
    [
        ("unaided", {"unaided": 60}, 0),
        ("unaided", {"unaided": 79}, 15),
        ("unaided", {"unaided": 40, "withdrawn": 30, "pending": 20, "erased": 8}, 28.7368),
        ("answered", {"answered": 10}, 10),
        ("answered", {"answered": 0}, 0),
        ("breadth", {"reader_days": 35}, 7.5),
        ("breadth", {"reader_days": 5}, 0),
        ("on_topic", {"threads_adrift": 6}, 10),
        ("unreported", {"reported": 5}, 7.5),
        ("unreported", {"reported": 50}, 0),
    ],
)
def test_each_part_gives_its_points_on_a_straight_line(
    name: str, counts: dict[str, int], expected: float
) -> None:
    if name == "unaided" and "withdrawn" in counts:
        expected = 30 * min(1, (40 / 42 - 0.6) / 0.38)
    assert points(health(**counts))[name] == pytest.approx(expected, abs=1e-3)


def test_the_points_add_up_to_the_number() -> None:
    found = health(reader_days=40, unaided=85, answered=9, threads_adrift=3, reported=2)
    assert found.value == pytest.approx(sum(one.points for one in found.components))


def test_what_cannot_be_had_is_left_out_and_the_rest_counts_for_more() -> None:
    found = health(threads=0, answered=0, unaided=79)
    assert points(found)["answered"] is points(found)["on_topic"] is None
    assert points(found)["unaided"] == pytest.approx(100 * 15 / 60)
    assert found.value == pytest.approx(75)


def test_too_few_comments_have_no_health() -> None:
    assert health(comments=FEWEST_COMMENTS - 1, unaided=19).value is None
    assert health(comments=FEWEST_COMMENTS, unaided=20).value is not None
