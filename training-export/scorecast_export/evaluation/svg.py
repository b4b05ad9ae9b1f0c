"""Charts as inline SVG: lines, bars and points over two axes, the same bytes for the same numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Literal

import numpy as np

_WIDTH, _HEIGHT = 460, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 24, 14, 46
_TICKS = 5
COLOURS = ("#1f5fa8", "#c8602b", "#6f7780", "#4c9a5b")


@dataclass(frozen=True)
class Series:
    """Points of a line, tops of bars, or dots."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    style: Literal["line", "bars", "dots", "dashes"] = "line"
    colour: str = COLOURS[0]


@dataclass(frozen=True)
class Chart:
    """A chart; its axes begin and end at round numbers."""

    title: str
    x_label: str
    y_label: str
    series: Sequence[Series] = field(default_factory=tuple)

    def to_svg(self) -> str:
        """The markup, which stands alone within a page."""
        xs = np.concatenate([np.asarray(one.x, float) for one in self.series])
        ys = np.concatenate([np.asarray(one.y, float) for one in self.series])
        half = 0.5 if any(one.style == "bars" for one in self.series) else 0.0
        x_ticks = _ticks(xs.min() - half, xs.max() + half) if not half else sorted(set(xs.tolist()))
        y_ticks = _ticks(min(0.0, ys.min()), ys.max())
        x_from, x_to = (xs.min() - half, xs.max() + half) if half else (x_ticks[0], x_ticks[-1])
        frame = _Frame(x_from, x_to, y_ticks[0], y_ticks[-1])
        parts = [
            f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">',
            f"<title>{escape(self.title)}</title>",
            *(frame.y_tick(y) for y in y_ticks),
            *(frame.x_tick(x) for x in x_ticks),
        ]
        bars = [one for one in self.series if one.style == "bars"]
        for number, one in enumerate(bars):
            parts += frame.bars(one, number, len(bars))
        parts += [frame.drawn(one) for one in self.series if one.style != "bars"]
        parts.append(
            f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:g}" y="{_HEIGHT - 8}" text-anchor="middle">'
            f"{escape(self.x_label)}</text>"
        )
        middle = (_TOP + _HEIGHT - _BOTTOM) / 2
        parts.append(
            f'<text transform="translate(14 {middle:g}) rotate(-90)" text-anchor="middle">'
            f"{escape(self.y_label)}</text>"
        )
        return "".join(parts) + "</svg>" + self._legend()

    def _legend(self) -> str:
        if len(self.series) < 2:
            return ""
        keys = "".join(
            f'<span><i style="background:{one.colour}"></i>{escape(one.name)}</span>' for one in self.series
        )
        return f'<div class="legend">{keys}</div>'


@dataclass(frozen=True)
class _Frame:
    x_from: float
    x_to: float
    y_from: float
    y_to: float

    def x(self, value: float) -> float:
        share = (value - self.x_from) / ((self.x_to - self.x_from) or 1)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.y_from) / ((self.y_to - self.y_from) or 1)
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)

    def y_tick(self, value: float) -> str:
        y = self.y(value)
        return (
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{number(value)}</text>'
        )

    def x_tick(self, value: float) -> str:
        x, y = self.x(value), _HEIGHT - _BOTTOM + 16
        return f'<text x="{x:.1f}" y="{y}" text-anchor="middle">{number(value)}</text>'

    def bars(self, one: Series, place: int, of: int) -> list[str]:
        width = 0.8 / of
        zero, found = self.y(0), []
        for x, y in zip(one.x, one.y, strict=True):
            left, right = self.x(x - 0.4 + place * width), self.x(x - 0.4 + (place + 1) * width)
            top, bottom = sorted((self.y(y), zero))
            found.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" '
                f'fill="{one.colour}"><title>{escape(one.name)}: {number(y)}</title></rect>'
            )
        return found

    def drawn(self, one: Series) -> str:
        points = [(self.x(x), self.y(y)) for x, y in zip(one.x, one.y, strict=True)]
        if one.style == "dots":
            return "".join(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{one.colour}"/>' for x, y in points
            )
        dashes = ' stroke-dasharray="5 4"' if one.style == "dashes" else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        return f'<polyline points="{path}" fill="none" stroke="{one.colour}" stroke-width="2"{dashes}/>'


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from at or below `low` to at or above `high`."""
    span = (high - low) or abs(high) or 1.0
    rough = span / _TICKS
    size = 10.0 ** np.floor(np.log10(rough))
    step = size * next(m for m in (1, 2, 2.5, 5, 10) if m * size >= rough * 0.999)
    first, last = np.floor(low / step + 1e-9), np.ceil(high / step - 1e-9)
    return [float(f"{i * step:.10g}") for i in range(int(first), int(last) + 1)]


def number(value: float) -> str:
    """As people read it: four digits, thousands apart.

    >>> number(0.84231), number(1234.5), number(0.0)
    ('0.8423', '1,234', '0')
    """
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{float(f'{value:.4g}'):g}"
