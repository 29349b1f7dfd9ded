"""Labels along the x axis of a bar chart: wrapped, clipped, or thinned out where they are many."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from services.rendering import theme
from services.rendering.formats.pdf.pages import Page, TextStyle

MOST_LINES = 3
SHORT = 64.0  # points: names up to this width, such as dates, are thinned out rather than clipped
ROOMY = 30.0  # points of slot that a clipped name needs
GAP = 6.0
EDGE = 4.0


@dataclass(frozen=True, slots=True)
class AxisLabels:
    """Lines of the labels; the first and then each `every`-th of them is shown."""

    lines: Sequence[Sequence[str]]
    every: int
    slot: float
    style: TextStyle

    @property
    def height(self) -> float:
        """The height of the tallest name in points."""
        return max(map(len, self.lines), default=0) * self._leading

    @property
    def _leading(self) -> float:
        return self.style.size * theme.LEADING

    def draw(self, page: Page, left: float, top: float) -> None:
        """Draw the names around the middles of their slots, within the margins, leaving out what would overlap."""
        past = 0.0
        for place in range(0, len(self.lines), self.every):
            lines = self.lines[place]
            width = max(map(self.style.width, lines), default=0.0)
            middle = left + (place + 0.5) * self.slot
            middle = max(min(middle, page.width - theme.MARGIN - width / 2), theme.MARGIN + width / 2)
            if place and middle - width / 2 < past:
                continue
            past = middle + width / 2 + EDGE / 2
            for number, line in enumerate(lines):
                x = middle - self.style.width(line) / 2
                page.text(x, top + number * self._leading + self.style.size, line, self.style)


def axis_labels(names: Sequence[str], slot: float, style: TextStyle) -> AxisLabels:
    """Return names for slots of a width in points."""
    room = slot - EDGE
    wrapped = [style.wrap(name, room) for name in names]
    if all(map(_is_whole, names, wrapped)) and max(map(len, wrapped), default=0) <= MOST_LINES:
        return AxisLabels(wrapped, 1, slot, style)
    widest = max(style.width(line) for name in names for line in name.split("\n"))
    if widest > SHORT and slot >= ROOMY:
        return AxisLabels([[style.clip(name, room)] for name in names], 1, slot, style)
    clipped = [[style.clip(line, SHORT) for line in name.split("\n")[:MOST_LINES]] for name in names]
    every = math.ceil((min(widest, SHORT) + GAP) / slot)
    return AxisLabels(clipped, every, slot, style)


def _is_whole(name: str, lines: Sequence[str]) -> bool:
    """Return whether a name was broken between words only."""
    return " ".join(lines).split() == name.split()
