"""A reliability plot (Niculescu-Mizil and Caruana 2005) as an SVG file: promised against true shares."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import escape

from align.calibration import Calibration

SIDE = 360  # pixels of the square
MARGIN = 48
LEAST_DOT, MOST_DOT = 3.0, 12.0
COLOURS = ("#1b6ca8", "#d1495b", "#2e8b57", "#8d6a9f", "#e0a030", "#555555")


def reliability_plot(calibrations: Mapping[str, Calibration], title: str) -> str:
    """A line for each named calibration; a dot's area is the share of predictions in its bin."""
    lines = "".join(_line(c, COLOURS[at % len(COLOURS)]) for at, c in enumerate(calibrations.values()))
    legend = "".join(
        f'<text x="{MARGIN + 12}" y="{MARGIN + 18 + 18 * at}" fill="{COLOURS[at % len(COLOURS)]}">'
        f"{escape(name)}: {c.count} beads, error {c.error:.3f}</text>"
        for at, (name, c) in enumerate(calibrations.items())
    )
    whole = SIDE + 2 * MARGIN
    ticks = "".join(
        f'<text x="{_x(share)}" y="{MARGIN + SIDE + 18}" text-anchor="middle">{share:.1f}</text>'
        f'<text x="{MARGIN - 8}" y="{_y(share) + 4}" text-anchor="end">{share:.1f}</text>'
        for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" width="{whole}" height="{whole}" '
        f'font-family="sans-serif" font-size="12" role="img"><title>{escape(title)}</title>'
        f'<rect width="{whole}" height="{whole}" fill="white"/>'
        f'<rect x="{MARGIN}" y="{MARGIN}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
        f'<line x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}" stroke="#999" stroke-dasharray="4"/>'
        f'<text x="{whole / 2}" y="{MARGIN - 16}" text-anchor="middle" font-size="14">{escape(title)}</text>'
        f'<text x="{whole / 2}" y="{whole - 8}" text-anchor="middle">probability promised</text>'
        f'<text x="14" y="{whole / 2}" text-anchor="middle" transform="rotate(-90 14 {whole / 2})">share right</text>'
        f"{ticks}{lines}{legend}</svg>\n"
    )


def _line(calibration: Calibration, colour: str) -> str:
    points = " ".join(f"{_x(one.predicted):.1f},{_y(one.right):.1f}" for one in calibration.bins)
    dots = "".join(
        f'<circle cx="{_x(one.predicted):.1f}" cy="{_y(one.right):.1f}" fill="{colour}" '
        f'r="{max(LEAST_DOT, MOST_DOT * (one.count / calibration.count) ** 0.5):.1f}">'
        f"<title>{one.low:.2f} to {one.high:.2f}: {one.count} beads, {one.predicted:.3f} promised, "
        f"{one.right:.3f} right</title></circle>"
        for one in calibration.bins
    )
    return f'<polyline points="{points}" fill="none" stroke="{colour}"/>{dots}'


def _x(share: float) -> float:
    return MARGIN + SIDE * share


def _y(share: float) -> float:
    return MARGIN + SIDE * (1 - share)
