"""Scales of x: round moments on the clock of a time zone, round numbers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Quantity, XAxis

from services.rendering.charts.chart_data import drawable
from services.rendering.excel_formats import FULL_MOMENT
from services.rendering.values import BLUR, Reader, chart_text, kind_of, moment_text
from services.rendering.wall_clock import DAY_S, date_part, shows_date, time_part

MINUTE_S, HOUR_S = 60, 3600
STEPS_S = (
    *(MINUTE_S * n for n in (1, 2, 5, 10, 15, 30)),
    *(HOUR_S * n for n in (1, 2, 3, 6, 12)),
    *(DAY_S * n for n in (1, 2, 7)),
)
MONDAY_S = 4 * DAY_S  # 1970-01-05, from which days are counted
SHORTEST_MS = 10 * MINUTE_S * 1000.0


@dataclass(frozen=True, slots=True)
class Tick:
    """Tick of a scale: its x, its text, and a second line where a day begins."""

    x: float
    text: str
    day: str = ""


@dataclass(frozen=True, slots=True)
class XScale:
    """A scale from `low` to `high`; `step` is the distance of ticks in x, 0 without any."""

    low: float
    high: float
    step: float
    ticks: tuple[Tick, ...]

    def share(self, x: float) -> float:
        """Return how far along the scale an x is, 0 to 1."""
        return (x - self.low) / (self.high - self.low)


def x_scale(axis: XAxis, ends: tuple[float, float] | None, most: int, reader: Reader) -> XScale:
    """Return a scale over the ends of a chart with about so many ticks, at most; without ends it has none."""
    if ends is None:
        return XScale(0.0, 1.0, 0.0, ())
    if axis.kind == XAxis.KIND_TIME:
        return time_scale(*ends, most, axis.quantity, reader)
    low, high = ends
    if high <= low:
        low, high = low - 0.5, high + 0.5
    step = next(kind_of(axis.quantity).round_steps(axis.quantity, (high - low) / most))
    first, last = math.ceil(low / step - BLUR), math.floor(high / step + BLUR)
    values = [step * number for number in range(first, last + 1)]
    return XScale(low, high, step, tuple(Tick(value, chart_text(axis.quantity, value, reader)) for value in values))


def time_scale(start_ms: float, end_ms: float, most: int, quantity: Quantity, reader: Reader) -> XScale:
    """Return a scale over a period with at most so many ticks, a few more where clocks are changed."""
    start, end = (drawable(moment) if math.isfinite(moment) else 0.0 for moment in (start_ms, end_ms))
    spare = max(SHORTEST_MS - (end - start), 0.0) / 2
    low, high = start - spare, end + spare
    step = next(step for step in _steps() if (high - low) / 1000 / step <= most)
    pattern = quantity.pattern or FULL_MOMENT
    return XScale(low, high, step * 1000.0, tuple(_time_ticks(low, high, step, pattern, reader)))


def _steps() -> Iterator[int]:
    yield from STEPS_S
    step = STEPS_S[-1]
    while True:
        step *= 2
        yield step


def _time_ticks(low: float, high: float, step: int, pattern: str, reader: Reader) -> Iterator[Tick]:
    first, last = reader.clock.local_s([low, high])
    if math.isnan(first) or math.isnan(last):
        return
    date, time = date_part(pattern) or date_part(FULL_MOMENT), time_part(pattern) or "HH:mm"
    day = math.nan
    for number in range(math.ceil((first - MONDAY_S) / step), math.floor((last - MONDAY_S) / step) + 1):
        local_s = float(number * step + MONDAY_S)
        moment = reader.clock.moment_ms(local_s)
        if not low <= moment <= high:
            continue
        is_new_day = local_s // DAY_S != day
        day = local_s // DAY_S
        date_text = moment_text(date, local_s, reader.locale)
        if step >= DAY_S:
            yield Tick(moment, date_text)
        else:
            yield Tick(moment, moment_text(time, local_s, reader.locale), date_text if is_new_day else "")


def scale_pattern(scale: XScale, quantity: Quantity) -> str:
    """Return the CLDR pattern of a time scale whose ticks are all written alike."""
    pattern = quantity.pattern or FULL_MOMENT
    if scale.step >= DAY_S * 1000 and shows_date(pattern):
        return date_part(pattern)
    return (time_part(pattern) if scale.high - scale.low <= DAY_S * 1000 else "") or pattern
