"""Plot area of a chart over an x scale: its ticks, and their texts below it."""

from dataclasses import dataclass

from services.rendering import theme
from services.rendering.charts.x_scale import Tick, XScale
from services.rendering.formats.pdf.pages import Page, TextStyle, fill_color

TICK = 3.0  # points
EDGE = 4.0
TICK_ROOM = 52.0  # points of the axis for each tick
DASHES, SOLID = "[4 2.5] 0 d", "[] 0 d"
ROUND, BUTT = "1 J 1 j", "0 J 0 j"


@dataclass(frozen=True, slots=True)
class PlotArea:
    """A rectangle on a page, in points from its upper left corner."""

    scale: XScale
    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def x(self, value: float) -> float:
        """Return where an x is on the page."""
        return self.left + self.scale.share(value) * self.width

    def draw_x_axis(self, page: Page, style: TextStyle) -> None:
        """Draw the axis, its ticks and their texts; those that would overlap are left out."""
        page.rules(self.left, self.right, [self.bottom], theme.FAINT_INK, 0.6)
        marks = [
            f"{self.x(tick.x):.2f} {page.height - self.bottom:.2f} m {self.x(tick.x):.2f} "
            f"{page.height - self.bottom - TICK:.2f} l"
            for tick in self.scale.ticks
        ]
        page.draw(pen(theme.FAINT_INK, 0.6), *marks, "S")
        base = self.bottom + TICK + style.size
        self._draw_texts(page, style, base, [(tick, tick.text) for tick in self.scale.ticks])
        days = [(tick, tick.day) for tick in self.scale.ticks if tick.day]
        self._draw_texts(page, style, base + style.size * theme.LEADING, days)

    def _draw_texts(self, page: Page, style: TextStyle, base: float, texts: list[tuple[Tick, str]]) -> None:
        past = 0.0
        for tick, text in texts:
            width = style.width(text)
            left = min(max(self.x(tick.x) - width / 2, theme.MARGIN), page.width - theme.MARGIN - width)
            if left >= past:
                page.text(left, base, text, style)
                past = left + width + EDGE


def axis_height(style: TextStyle) -> float:
    """Return the height below a plot area that its ticks and their two lines of texts take."""
    return TICK + 2 * style.size * theme.LEADING + EDGE


def pen(colour: str, thickness: float) -> str:
    """Return the operators that choose colour and thickness of lines."""
    return f"{thickness:g} w {fill_color(colour).upper()}"
