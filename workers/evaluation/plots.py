"""Draws ROC and reliability plots as small SVG files: no plotting library needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from workers.evaluation.calibration import Calibration
from workers.evaluation.metrics import Labels, Scores

Point = tuple[float, float]
SIZE, MARGIN = 320, 48  # side of the plot area and room for the axes, in pixels
LEGEND_WIDTH = 220
LINE_HEIGHT = 18
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
# Told apart in the common kinds of colour blindness (Okabe and Ito 2008).
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#777777")
MAX_POINTS = 200


def roc_points(labels: Labels, scores: Scores) -> list[Point]:
    """(false-alarm rate, recall) from (0, 0) to (1, 1), thinned to what a plot can show."""
    if labels.all() or not labels.any():
        return []
    order = np.argsort(-scores, kind="stable")
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    recall = np.cumsum(labels[order])[last_of_tie] / labels.sum()
    false_alarms = np.cumsum(~labels[order])[last_of_tie] / (~labels).sum()
    keep = np.unique(np.linspace(0, len(recall) - 1, MAX_POINTS).astype(int))
    return [(0.0, 0.0), *((float(false_alarms[i]), float(recall[i])) for i in keep)]


def reliability_points(calibration: Calibration) -> list[Point]:
    """(mean score, positive share) of each bin."""
    return [(b.mean_score, b.positive_share) for b in calibration.bins]


def _x(value: float) -> str:
    return f"{MARGIN + value * SIZE:.1f}"


def _y(value: float) -> str:
    return f"{MARGIN + (1 - value) * SIZE:.1f}"


def _axes(title: str, across: str, up: str) -> list[str]:
    middle = MARGIN + SIZE / 2
    parts = [
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIZE}" height="{SIZE}" fill="none" '
        'stroke="#888"/>',
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#bbb" '
        'stroke-dasharray="4 4"/>',
        f'<text x="{middle}" y="{MARGIN - 16}" text-anchor="middle" font-weight="bold">'
        f"{escape(title)}</text>",
        f'<text x="{middle}" y="{MARGIN + SIZE + 38}" text-anchor="middle">{escape(across)}</text>',
        f'<text transform="translate(12 {middle}) rotate(-90)" text-anchor="middle">'
        f"{escape(up)}</text>",
    ]
    for tick in TICKS:
        parts.append(
            f'<text x="{_x(tick)}" y="{MARGIN + SIZE + 18}" text-anchor="middle">{tick:g}</text>'
        )
        parts.append(f'<text x="{MARGIN - 6}" y="{_y(tick)}" text-anchor="end">{tick:g}</text>')
    return parts


def _line(index: int, name: str, points: Sequence[Point], marks: bool) -> list[str]:
    colour = COLOURS[index % len(COLOURS)]
    dashes = ' stroke-dasharray="6 3"' if index >= len(COLOURS) else ""
    path = " ".join(f"{_x(a)},{_y(b)}" for a, b in points)
    parts = [
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"{dashes}/>'
    ]
    if marks:
        parts += [f'<circle cx="{_x(a)}" cy="{_y(b)}" r="2.4" fill="{colour}"/>' for a, b in points]
    left, top = MARGIN + SIZE + 16, MARGIN + 8 + index * LINE_HEIGHT
    parts.append(f'<rect x="{left}" y="{top - 8}" width="12" height="8" fill="{colour}"/>')
    parts.append(f'<text x="{left + 18}" y="{top}">{escape(name)}</text>')
    return parts


def unit_square_plot(
    title: str, across: str, up: str, lines: Mapping[str, Sequence[Point]], *, marks: bool = False
) -> str:
    """An SVG of named lines inside the unit square, with the diagonal and a legend."""
    width = MARGIN + SIZE + LEGEND_WIDTH
    height = max(2 * MARGIN + SIZE, MARGIN * 2 + LINE_HEIGHT * len(lines))
    body = _axes(title, across, up)
    for index, (name, points) in enumerate(lines.items()):
        body += _line(index, name, points, marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" font-family="sans-serif" font-size="12" role="img" '
        f'aria-label="{escape(title, quote=True)}">'
        f'<rect width="{width}" height="{height}" fill="#fff"/>' + "".join(body) + "</svg>\n"
    )
