"""Chart of readings over time or mileage, with the speed and the mileage beside them and numbered marks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.fuel_events import FuelEvents
from services.generation.domain.mileage import Mileage
from services.generation.domain.thinning import Thinner
from services.generation.domain.value_series import Values
from services.generation.kit import measures
from services.generation.kit.charts import DISTANCE, Axis, Line, LineChartBuilder, XKind
from services.generation.kit.measures import Measure
from services.generation.kit.route_chart import LONGEST_LEG_MS, MILEAGE_COLOR, SPEED, SPEED_COLOR
from services.generation.words.language import Language

LEVEL_COLOR = "#c98a2b"


@dataclass(frozen=True, slots=True)
class ChartWords:
    """Header of a chart, name of its line and title of its axis, as texts of the reader's language."""

    header: str
    name: str
    measure: Measure


class ReadingsChart:
    """Line of readings that come in pieces, thinned where they are many. Over mileage it needs that of the period."""

    def __init__(self, x: XKind, mileage: Mileage) -> None:
        self._x, self._mileage = x, mileage
        bounds = self._bounds_of()
        self._line = Thinner(bounds)
        self._gaps: list[tuple[float, float]] = []
        self._last_ms: Ints = np.empty(0, np.int64)

    def add(self, values: Values) -> None:
        """Add the next readings."""
        if not len(values):
            return
        time_ms = np.append(self._last_ms, values.time_ms)
        gaps = np.flatnonzero(np.diff(time_ms) > LONGEST_LEG_MS)
        self._gaps += zip(self._at(time_ms[gaps]).tolist(), self._at(time_ms[gaps + 1]).tolist(), strict=True)
        self._line.add(self._at(values.time_ms), values.value)
        self._last_ms = time_ms[-1:]

    def section(
        self,
        language: Language,
        words: ChartWords,
        *,
        speed: Values | None = None,
        with_mileage: bool = False,
        events: FuelEvents | None = None,
    ) -> Section:
        """Return the chart, with the lines and marks asked for."""
        axes = [Axis(words.name, words.measure)]
        lines = [Line(words.name, *self._line.points(), color=LEVEL_COLOR)]
        if speed is not None:
            axes.append(Axis(language.t(SPEED), measures.SPEED))
            line = Line(language.t(SPEED), self._at(speed.time_ms), speed.value, axis=len(axes) - 1, color=SPEED_COLOR)
            lines.append(line)
        if with_mileage:
            axes.append(Axis(language.t(DISTANCE), measures.MILEAGE))
            lines.append(self._mileage_line(language, len(axes) - 1))
        builder = LineChartBuilder(language, words.header, self._x, axes)
        for line in lines:
            builder.line(line)
        builder.gaps(*np.array(self._gaps, np.float64).reshape(-1, 2).T)
        if events is not None:
            self._mark(builder, events)
        return builder.section()

    def _mark(self, builder: LineChartBuilder, events: FuelEvents) -> None:
        labels: Sequence[str] = [str(place + 1) for place in range(len(events))]
        for place, is_filling in enumerate(events.is_filling.tolist()):
            mark = slice(place, place + 1)
            builder.markers(self._at(events.end_ms[mark]), labels[mark], "filling" if is_filling else "drain")

    def _mileage_line(self, language: Language, axis: int) -> Line:
        windows = self._mileage.windows
        moments = np.union1d(windows.edges_ms(), self._mileage.found.line.ms)
        inside = (
            moments[(moments >= windows.start_ms[0]) & (moments <= windows.end_ms[-1])] if len(windows) else moments
        )
        return Line(language.t(DISTANCE), inside, self._mileage.at(inside), axis=axis, color=MILEAGE_COLOR)

    def _at(self, time_ms: Ints) -> Floats:
        return self._mileage.at(time_ms) if self._x == "mileage" else time_ms.astype(np.float64)

    def _bounds_of(self) -> tuple[float, float]:
        windows = self._mileage.windows
        if not len(windows):
            return 0.0, 1.0
        start, end = self._at(np.array([windows.start_ms[0], windows.end_ms[-1]]))
        return float(start), float(end)
