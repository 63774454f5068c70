"""Plots are well-formed SVG with one line per set."""

from xml.etree import ElementTree

import numpy as np
import pytest

from workers.evaluation.plots import MAX_POINTS, roc_points, unit_square_plot

pytestmark = pytest.mark.fast


def test_roc_points_run_from_corner_to_corner_and_never_fall() -> None:
    random = np.random.default_rng(1)
    labels = random.random(5000) < 0.2
    points = roc_points(labels, random.random(5000) + labels * 0.3)
    assert points[0] == (0.0, 0.0)
    assert points[-1] == (1.0, 1.0)
    assert len(points) <= MAX_POINTS + 1
    assert points == sorted(points)


def test_one_class_draws_no_curve() -> None:
    assert roc_points(np.array([True]), np.array([0.5])) == []


def test_a_plot_is_well_formed_and_names_are_escaped() -> None:
    svg = unit_square_plot("A & B", "x", "y", {"<set>": [(0, 0), (1, 1)]}, marks=True)
    tree = ElementTree.fromstring(svg)  # noqa: S314 - our own text
    name = "{http://www.w3.org/2000/svg}"
    assert len(tree.findall(f"{name}polyline")) == 1
    assert len(tree.findall(f"{name}circle")) == 2
    assert "<set>" in [text.text for text in tree.findall(f"{name}text")]
