"""Stacked bar chart: an axis with round ticks, bars, labels, a legend."""

from collections.abc import Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Chart

from services.rendering import theme
from services.rendering.charts.axis import axis_for, tick_texts
from services.rendering.charts.chart_data import heights, series_colours
from services.rendering.formats.pdf.axis_labels import axis_labels
from services.rendering.formats.pdf.document import Document
from services.rendering.formats.pdf.legend import Legend
from services.rendering.formats.pdf.pages import Page, TextStyle, fill_color
from services.rendering.values import Reader, unit_of

SIZE = 6.5  # points of type
PLOT = 150.0
AXIS_GAP = 5.0
TOP_GAP = 3.0
BAR_SHARE = 0.7  # of its slot
WIDEST_BAR = 46.0
NARROW = 3.0  # points of slot up to which bars stand side by side
LABEL_GAP = 2.5
NARROWEST_LABELLED = 7.5  # points of slot that labels need
GAP = 6.0


@dataclass(frozen=True, slots=True)
class BarLabels:
    """Texts above the bars, empty where one has no room beside those of larger bars, with the height they take."""

    texts: list[str]
    height: float


class BarChart:
    """A bar chart measured for a page; `height` is its height in points."""

    def __init__(self, document: Document, chart: Chart, room: tuple[float, float], reader: Reader) -> None:
        """Measure the chart for the page's width and the most height there is."""
        self._style = TextStyle(document.regular, SIZE, theme.FAINT_INK)
        self._ink = TextStyle(document.regular, SIZE, theme.INK)
        self._count = len(chart.categories)
        self._colours = series_colours(chart)
        self._values = [heights(series, self._count) for series in chart.series]
        self._axis = axis_for([end for stack in self._ends() for end in stack], chart.quantity)
        self._ticks = tick_texts(self._axis, chart.quantity, reader)
        self._unit = unit_of(chart.quantity)
        self._left = theme.MARGIN + max(self._style.width(text) for _, text in self._ticks) + AXIS_GAP
        self._width = room[0] - theme.MARGIN - self._left
        self._slot = self._width / max(self._count, 1)
        tops = [end for _, end in self._ends()]
        self._labels = _labels(list(chart.labels[: self._count]), tops, self._slot, self._ink)
        self._names = axis_labels(chart.categories, self._slot, self._style)
        entries = [(series.name, colour) for series, colour in zip(chart.series, self._colours, strict=True)]
        named = [entry for entry, values in zip(entries, self._values, strict=True) if entry[0] and any(values)]
        self._legend = Legend(named, self._ink, self._width)
        around = self._above + GAP / 2 + self._names.height + GAP + self._legend.height
        self._plot = min(PLOT, room[1] - around)
        self.height = self._plot + around

    @property
    def _above(self) -> float:
        """The height above the axis: for the unit, and for labels that reach beyond it."""
        highest = max((self._axis.share(end) for text, (_, end) in self._labelled() if text), default=0.0)
        beyond = self._labels.height - (1 - highest) * PLOT
        return max(beyond, SIZE / 2) + TOP_GAP + (SIZE + GAP if self._unit else 0.0)

    def _labelled(self) -> list[tuple[str, tuple[float, float]]]:
        return list(zip(self._labels.texts, self._ends(), strict=False))

    def _ends(self) -> list[tuple[float, float]]:
        """Return how far down and up the stack of each category reaches."""
        stacks = list(zip(*self._values, strict=True)) or [()] * self._count
        return [(sum(v for v in stack if v < 0), sum(v for v in stack if v > 0)) for stack in stacks]

    def draw(self, page: Page, top: float) -> None:
        """Draw it from the upper end of its room."""
        plot_top = top + self._above
        bottom = plot_top + self._plot
        self._draw_axis(page, top, bottom)
        self._draw_bars(page, bottom)
        self._draw_labels(page, bottom)
        page.rules(self._left, self._left + self._width, [self._y(0.0, bottom)], theme.FAINT_INK, 0.6)
        names_top = bottom + GAP / 2
        self._names.draw(page, self._left, names_top)
        self._legend.draw(page, self._left, names_top + self._names.height + GAP)

    def _y(self, value: float, bottom: float) -> float:
        return bottom - self._axis.share(value) * self._plot

    def _draw_axis(self, page: Page, top: float, bottom: float) -> None:
        ys = [self._y(tick, bottom) for tick, _ in self._ticks]
        page.rules(self._left, self._left + self._width, ys, theme.RULE)
        for y, (_, text) in zip(ys, self._ticks, strict=True):
            page.text(self._left - AXIS_GAP - self._style.width(text), y + SIZE * 0.36, text, self._style)
        if self._unit:
            page.text(theme.MARGIN, top + SIZE, self._style.clip(self._unit, self._width), self._style)

    def _draw_bars(self, page: Page, bottom: float) -> None:
        """Draw the stacks, each series as one path."""
        width = min(self._slot * (BAR_SHARE if self._slot > NARROW else 1.0), WIDEST_BAR)
        lift, drop = [0.0] * self._count, [0.0] * self._count
        for values, colour in zip(self._values, self._colours, strict=True):
            boxes = []
            for place, value in enumerate(values):
                pile = lift if value > 0 else drop
                foot, pile[place] = pile[place], pile[place] + value
                low, high = sorted((self._y(foot, bottom), self._y(pile[place], bottom)))
                if high > low:
                    x = self._middle(place) - width / 2
                    boxes.append(f"{x:.2f} {page.height - high:.2f} {width:.2f} {high - low:.2f} re")
            if boxes:
                page.draw(fill_color(colour), *boxes, "f")

    def _draw_labels(self, page: Page, bottom: float) -> None:
        for place, (text, (_, end)) in enumerate(self._labelled()):
            if not text or not end:
                continue
            x, y, width = self._middle(place), self._y(end, bottom) - LABEL_GAP, self._ink.width(text)
            left = min(max(x - width / 2, self._left), self._left + self._width - width)
            page.fill(left, y - SIZE * 0.8, (width, SIZE), theme.PAPER)
            page.text(left, y, text, self._ink)

    def _middle(self, place: int) -> float:
        return self._left + (place + 0.5) * self._slot


def _labels(texts: list[str], tops: Sequence[float], slot: float, style: TextStyle) -> BarLabels:
    """Return the labels that fit side by side: those of the largest bars first, none where bars are very narrow."""
    widths = list(map(style.width, texts))
    widest = max(widths, default=0.0)
    if not widest or (slot < NARROWEST_LABELLED and sum(map(bool, texts)) > 1):
        return BarLabels([], height=0.0)
    if widest > slot - 2:
        kept: list[int] = []
        for place in sorted(range(len(texts)), key=lambda place: (-tops[place], place)):
            if all(abs(place - other) * slot >= (widths[place] + widths[other]) / 2 + 2 for other in kept):
                kept.append(place)
        texts = [text if place in kept and tops[place] else "" for place, text in enumerate(texts)]
    return BarLabels(texts, height=SIZE + LABEL_GAP)
