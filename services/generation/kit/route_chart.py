"""Chart of a route: its speed and the mileage so far, over time."""

import numpy as np
from daybook.report.v1.sheet_pb2 import Section

from services.generation.domain.route import Route
from services.generation.domain.thinning import Thinner
from services.generation.domain.windows import Windows
from services.generation.kit import measures
from services.generation.kit.charts import DISTANCE, Axis, Line, LineChartBuilder
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

LONGEST_LEG_MS = 1_800_000  # over which a line is drawn
SPEED, SPEED_LIMIT = _("Speed"), _("Speed limit")
SPEED_COLOR, MILEAGE_COLOR, LIMIT_COLOR = "#2f6fb0", "#3d9a6c", "#c9503f"


class RouteChart:
    """Speeds and mileage of a route that comes in pieces, inside windows and thinned where there are many points."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows
        bounds = (windows.start_ms[0], windows.end_ms[-1]) if len(windows) else (0, 1)
        self._speed, self._mileage = Thinner(bounds), Thinner(bounds)
        self._gaps: list[tuple[int, int]] = []
        self._last = Route.empty()  # the last point inside
        self._last_window, self._mileage_km = -1, 0.0

    def add(self, piece: Route) -> None:
        """Add the next points."""
        window = self._windows.at(piece.time_ms)
        inside, window = piece[window >= 0], window[window >= 0]
        if not len(inside):
            return
        known = Route.join([self._last, inside])
        window = np.append(self._last_window, window)[-len(known) :]
        steps_km = np.where(np.diff(window) == 0, np.diff(known.way_km), 0.0)
        mileage_km = self._mileage_km + np.append(0.0, np.cumsum(steps_km))[-len(inside) :]
        gaps = np.flatnonzero(np.diff(known.time_ms) > LONGEST_LEG_MS)
        self._gaps += zip(known.time_ms[gaps].tolist(), known.time_ms[gaps + 1].tolist(), strict=True)
        self._speed.add(inside.time_ms, inside.speed_kmh.astype(np.float64))
        self._mileage.add(inside.time_ms, mileage_km)
        self._last, self._last_window, self._mileage_km = inside[-1:], int(window[-1]), float(mileage_km[-1])

    def section(self, language: Language, header: str, limit_kmh: float) -> Section:
        """Return the chart with a line at a speed limit; `header` is a translated text."""
        axes = [Axis(language.t(SPEED), measures.SPEED), Axis(language.t(DISTANCE), measures.MILEAGE)]
        builder = LineChartBuilder(language, header, "time", axes)
        builder.line(Line(language.t(SPEED), *self._speed.points(), color=SPEED_COLOR))
        builder.line(Line(language.t(DISTANCE), *self._mileage.points(), axis=1, color=MILEAGE_COLOR))
        starts, ends = np.array(self._gaps, np.int64).reshape(-1, 2).T
        builder.gaps(starts, ends)
        builder.threshold(limit_kmh, language.t(SPEED_LIMIT), color=LIMIT_COLOR)
        return builder.section()
