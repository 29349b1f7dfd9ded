"""Line charts of stored parts, whole and thinned for a drawing of a known width."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import numpy as np
from daybook.report.v1 import sheet_pb2 as pb

from services.generation.domain.thinning import MOST_POINTS, OF_COLUMN, seen_between, thinned
from services.generation.reporting.report import StoredPart
from services.runtime.fair_threads import in_thread
from services.runtime.slices import Slicer, join

MOST_OF_CHART = 60_000  # points of all series, which are 1 MiB


@dataclass(frozen=True, slots=True)
class ChartView:
    """View of line charts: the most points of a series, 0 for as many as are stored, and the range of x if not all."""

    point_limit: int = 0
    x_range: tuple[float, float] | None = None

    def is_whole(self, section: pb.SectionOutline) -> bool:
        """Return whether a section is shown as it is stored."""
        if section.kind != pb.SectionOutline.KIND_LINE_CHART:
            return True
        return self.x_range is None and (not self.point_limit or section.row_count <= self.point_limit)


async def charts_viewed(
    parts: AsyncGenerator[StoredPart, None], outlines: Sequence[pb.SheetOutline], view: ChartView
) -> AsyncGenerator[StoredPart, None]:
    """Yield parts with each line chart whole and thinned, in the part in which it begins.

    Parts that held nothing but more of a chart are left out. Those without a chart to thin are passed on unread.
    """
    charts = _Charts(view)
    async with aclosing(parts):
        async for part in parts:
            if not charts.is_open and _is_shown_whole(part, outlines, view):
                yield part
                continue
            for shown in await in_thread(charts.add, part):
                yield shown
    for shown in charts.rest():
        yield shown


def _is_shown_whole(part: StoredPart, outlines: Sequence[pb.SheetOutline], view: ChartView) -> bool:
    sections = outlines[part.sheet_index].sections if part.sheet_index < len(outlines) else []
    behind = part.first_row + part.row_count
    met = (one for one in sections if one.first_row < behind and one.first_row + one.row_count > part.first_row)
    return bool(sections) and all(view.is_whole(one) for one in met)


class _Charts:
    """Line charts that are put together from the parts that they are divided between."""

    def __init__(self, view: ChartView) -> None:
        self._view = view
        self._held: StoredPart | None = None  # in which the chart began that goes on
        self._message = pb.SheetPart()  # of the held part; its last section is that chart

    @property
    def is_open(self) -> bool:
        """Return whether a chart goes on in the next part."""
        return self._held is not None

    def add(self, part: StoredPart) -> list[StoredPart]:
        """Return the parts that are complete with the next one."""
        message, complete = pb.SheetPart.FromString(part.message), []
        if self._held is not None:
            piece = message.sheet.sections[0]
            join(self._message.sheet.sections[-1], piece)
            message.first_section += 1
            message.first_row += Slicer(piece).length
            del message.sheet.sections[0]
            if piece.unfinished:
                return []
            self._message.last = self._held.last or (part.last and not message.sheet.sections)
            complete += self.rest()
            if not message.sheet.sections:
                return complete
        sections = message.sheet.sections
        if sections and sections[-1].unfinished and sections[-1].HasField("line_chart"):
            self._held, self._message = part, message
            return complete
        return [*complete, self._shown(part, message)]

    def rest(self) -> list[StoredPart]:
        """Return the held part, whose chart goes no further."""
        held, self._held = self._held, None
        return [] if held is None else [self._shown(held, self._message)]

    def _shown(self, part: StoredPart, message: pb.SheetPart) -> StoredPart:
        for section in message.sheet.sections:
            if section.HasField("line_chart") and not section.continued:
                _view(section.line_chart, self._view)
        message.row_count = sum(Slicer(section).length for section in message.sheet.sections)
        told = {name: getattr(message, name) for name in ("last", "first_row", "row_count")}
        return replace(part, **told, message=message.SerializeToString())


def _view(chart: pb.LineChart, view: ChartView) -> None:
    """Leave the points of a chart that its view needs, in place."""
    ends = [x for line in chart.series for x in (*line.x[:1], *line.x[-1:])]
    bounds = view.x_range or (min(ends, default=0.0), max(ends, default=0.0))
    most = min(view.point_limit or MOST_POINTS, MOST_OF_CHART // max(len(chart.series), 1))
    for line in chart.series:
        x, y = np.array(line.x), np.array(line.y)
        if view.x_range is not None:
            seen = seen_between(x, bounds)
            x, y = x[seen], y[seen]
        if len(x) > most:
            rows = thinned(x, y, bounds, max(most // OF_COLUMN, 1))
            x, y = x[rows], y[rows]
        if len(x) < len(line.x):
            line.x[:], line.y[:] = x.tolist(), y.tolist()
