"""Plots as inline SVG: curves, a reliability diagram, bars with intervals; colours come from the page's style."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import NamedTuple

from hunkwise.core.reading import Gain

At = Callable[[float, float], tuple[float, float]]

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 12, 40
SERIES = 6
"""Colours that the page's style knows, as classes s0 to s5."""
BAR, GAP, LABELS = 20, 8, 190


class Series(NamedTuple):
    """Named points with x and y from 0 to 1; sizes: of the dots, where they differ."""

    name: str
    points: Sequence[tuple[float, float]]
    sizes: Sequence[float] = ()


class BarRow(NamedTuple):
    """A named bar with its interval."""

    name: str
    gain: Gain
    shade: int = 0


def curve_plot(series: Sequence[Series], x_label: str, y_label: str, title: str, *, is_diagonal: bool = False) -> str:
    """Return a plot of lines through points, both axes from 0 to the next tenth above the data."""
    x_most = _ceiling(x for one in series for x, _ in one.points)
    y_most = _ceiling(y for one in series for _, y in one.points)
    if is_diagonal:
        x_most = y_most = max(x_most, y_most)

    def at(x: float, y: float) -> tuple[float, float]:
        across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM
        return round(LEFT + across * x / x_most, 1), round(TOP + up * (1 - y / y_most), 1)

    parts = [_axes(at, x_most, y_most, x_label, y_label)]
    if is_diagonal:
        (x1, y1), (x2, y2) = at(0, 0), at(x_most, y_most)
        parts.append(f'<line class="diagonal" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>')
    for index, one in enumerate(series):
        shade = f"s{index % SERIES}"
        spots = [at(x, y) for x, y in one.points]
        if len(spots) > 1:
            parts.append(f'<polyline class="line {shade}" points="{" ".join(f"{x},{y}" for x, y in spots)}"/>')
        sizes = one.sizes or [2.5 if len(spots) > 1 else 5] * len(spots)
        for (x, y), size, (value_x, value_y) in zip(spots, sizes, one.points, strict=True):
            tip = escape(f"{one.name}: {x_label} {value_x:.3f}, {y_label} {value_y:.3f}")
            parts.append(f'<circle class="dot {shade}" cx="{x}" cy="{y}" r="{size:.1f}"><title>{tip}</title></circle>')
    return _picture(WIDTH, HEIGHT, title, parts) + _legend([one.name for one in series])


def bar_plot(rows: Sequence[BarRow], title: str, *, unit: str = "") -> str:
    """Return horizontal bars with the ends of their intervals."""
    most = max([row.gain.high for row in rows] + [row.gain.value for row in rows] + [1e-9]) * 1.02
    height = len(rows) * (BAR + GAP) + GAP
    across = WIDTH - LABELS - 62

    def x(value: float) -> float:
        return round(LABELS + across * max(value, 0) / most, 1)

    parts = []
    for index, row in enumerate(rows):
        y = GAP + index * (BAR + GAP)
        middle = y + BAR / 2
        shown = f"{row.gain.value:.3f}" if not unit else f"{row.gain.value:,.1f} {unit}"
        tip = escape(f"{row.name}: {shown} [{row.gain.low:.3f}, {row.gain.high:.3f}]")
        parts.append(
            f'<text class="name" x="{LABELS - 6}" y="{middle + 4}" text-anchor="end">{escape(_short(row.name))}</text>'
            f'<rect class="bar s{row.shade % SERIES}" x="{LABELS}" y="{y}" height="{BAR}" '
            f'width="{max(x(row.gain.value) - LABELS, 0.5):.1f}"><title>{tip}</title></rect>'
        )
        if row.gain.high > row.gain.low:
            parts.append(
                f'<line class="whisker" x1="{x(row.gain.low)}" y1="{middle}" x2="{x(row.gain.high)}" y2="{middle}"/>'
            )
        end = max(x(row.gain.high), x(row.gain.value))
        parts.append(f'<text class="value" x="{end + 5}" y="{middle + 4}">{escape(shown)}</text>')
    return _picture(WIDTH, height, title, parts)


def _axes(at: At, x_most: float, y_most: float, x_label: str, y_label: str) -> str:
    parts = []
    for step in range(6):
        share = step / 5
        x, bottom = at(x_most * share, 0)
        left, y = at(0, y_most * share)
        parts.append(f'<line class="grid" x1="{x}" y1="{TOP}" x2="{x}" y2="{bottom}"/>')
        parts.append(f'<line class="grid" x1="{left}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}"/>')
        parts.append(f'<text class="tick" x="{x}" y="{bottom + 15}" text-anchor="middle">{x_most * share:.2g}</text>')
        parts.append(f'<text class="tick" x="{left - 6}" y="{y + 4}" text-anchor="end">{y_most * share:.2g}</text>')
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(f'<text class="axis" x="{middle}" y="{HEIGHT - 6}" text-anchor="middle">{escape(x_label)}</text>')
    turn = f"rotate(-90 12 {(TOP + HEIGHT - BOTTOM) / 2})"
    parts.append(
        f'<text class="axis" x="12" y="{(TOP + HEIGHT - BOTTOM) / 2}" transform="{turn}" '
        f'text-anchor="middle">{escape(y_label)}</text>'
    )
    return "".join(parts)


def _picture(width: int, height: int, title: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _legend(names: Sequence[str]) -> str:
    items = "".join(
        f'<li><span class="swatch s{index % SERIES}"></span>{escape(name)}</li>' for index, name in enumerate(names)
    )
    return f'<ul class="legend">{items}</ul>'


def _ceiling(values: Iterable[float]) -> float:
    most = max(values, default=0.0)
    return min(1.0, (int(most * 10) + 1) / 10)


def _short(name: str) -> str:
    # the end tells contestants and outputs apart
    return name if len(name) <= 28 else f"…{name[-27:]}"
