"""Working time of engines and equipment: figures, charts and tables that their reports share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.line import Line
from services.generation.domain.on_intervals import States, find_intervals
from services.generation.domain.recordings import find
from services.generation.domain.windows import Windows, local_days
from services.generation.domain.working_time import WorkingTime, working_time
from services.generation.kit import measures
from services.generation.kit.charts import Bars, pie, stacked_bars
from services.generation.kit.columns import Spots, address, dates, time_of_day
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Quotient
from services.generation.kit.groups import Groups
from services.generation.kit.kind import SheetContext
from services.generation.kit.sections import over_columns, table
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

OFF_COLOR, MOVING_COLOR, IDLE_COLOR = "#9aa5b1", "#c9503f", "#2f6fb0"
IN_MOVEMENT, IDLE, OFF = _("In movement"), _("Idle"), _("Off")
HOURS, PERCENT = _("Hours"), _("%")
BELOW_A_TIE = 100 * (1 - 1e-9)  # of a tie both shares would be rounded up, and come to 100.1 % together


@dataclass(frozen=True, slots=True)
class Worked:
    """Working time inside the windows of a report, and on each day of its period."""

    pieces: WorkingTime
    days: WorkingTime
    starts: tuple[Floats, Floats]  # latitudes and longitudes where the pieces start
    ends: tuple[Floats, Floats]
    length_s: float  # of the windows

    def __len__(self) -> int:
        return len(self.pieces)

    @property
    def active_days(self) -> WorkingTime:
        """The days with working time."""
        return self.days[self.days.on_ms > 0]


def worked(
    context: SheetContext[Any], data: TrackerData, states: Sequence[States], rules: Rules, least_s: float
) -> list[Worked]:
    """Return the working time by each of some states of a tracker: intervals that last at least so long."""
    windows, days = context.windows, Windows.empty()
    if context.start_ms < context.end_ms:
        days = local_days(context.start_ms, context.end_ms, context.zone)
    intervals = [find_intervals(one, windows, least_s) for one in states]
    ends_ms = [moments for one in intervals for moments in (one.start_ms, one.end_ms)]
    edges_ms = np.unique(np.concatenate([windows.edges_ms(), days.edges_ms(), *ends_ms]))
    found = find(data.recording, windows, Detector(rules, edges_ms), data.on_progress)
    length_s = float((windows.end_ms - windows.start_ms).sum()) / 1000
    result = []
    for one in intervals:
        pieces = working_time(one, found, windows)
        by_day = working_time(one, found, windows, days).by_day(days)
        starts, ends = (_places(found.line, moments) for moments in (pieces.start_ms, pieces.end_ms))
        result.append(Worked(pieces, by_day, starts, ends, length_s))
    return result


def _places(line: Line, time_ms: Ints) -> tuple[Floats, Floats]:
    """Return the last places before some moments, NaN without any."""
    if len(line):
        return line.last_places_before(time_ms)
    return np.full(len(time_ms), np.nan), np.full(len(time_ms), np.nan)


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures of working time.

    `title` is the msgid of its name. Without `divided` the parts in movement and idle are for programs only.
    """

    title: str
    divided: bool = True

    @property
    def duration(self) -> Figure[WorkingTime]:
        """Return the working time."""
        return Figure("duration", self.title, lambda rows: rows.on_s, measures.DURATION)

    @property
    def moving(self) -> Figure[WorkingTime]:
        """Return its part in movement."""
        return self._part("in_movement", IN_MOVEMENT, lambda rows: rows.moving_s)

    @property
    def idle(self) -> Figure[WorkingTime]:
        """Return its part outside of trips."""
        return self._part("idle", IDLE, lambda rows: rows.idle_s)

    @property
    def details(self) -> list[Figure[WorkingTime]]:
        """Return the figures of an interval."""
        return [self.duration, self.moving, self.idle]

    @property
    def daily(self) -> list[Figure[WorkingTime]]:
        """Return the figures of a day, which are those of the summary too."""
        intervals = Figure[WorkingTime]("intervals", _("Intervals"), lambda rows: rows.count)
        mileage = Figure[WorkingTime]("mileage", _("Mileage"), lambda rows: rows.way_km, measures.MILEAGE)
        return [
            self.duration,
            *self._halves(self.moving, 100),
            *self._halves(self.idle, BELOW_A_TIE),
            Figure("avg_interval", _("Average interval"), Quotient(self.duration, intervals), measures.DURATION),
            mileage,
            Figure("avg_speed", _("Average speed"), Quotient(mileage, self.moving, 3600), measures.SPEED),
            intervals,
        ]

    def _part(self, field: str, title: str, values: Callable[[WorkingTime], Floats]) -> Figure[WorkingTime]:
        return Figure(field, title, values, measures.DURATION, hidden=not self.divided)

    def _halves(self, part: Figure[WorkingTime], scale: float) -> list[Figure[WorkingTime]]:
        """Return a part of the working time with its share, under a title over both."""
        if not self.divided:
            return [part]
        share = Figure(
            f"{part.field}_percent", PERCENT, Quotient(part, self.duration, scale), measures.PERCENT, in_lines=False
        )
        return [replace(part, title=HOURS, line_title=part.title), share]


def over_halves(language: Language, section: Section) -> Section:
    """Return a table of daily figures with a title over each part of the working time and its share."""
    fields = {"in_movement": IN_MOVEMENT, "idle": IDLE}
    return over_columns(section, {language.t(title): (name, f"{name}_percent") for name, title in fields.items()})


@dataclass(frozen=True, slots=True)
class Words:
    """Headers of the sections of a sheet, and the names of the states, as texts of the reader's language."""

    pie: str
    histogram: str
    daily: str
    details: str
    on: str
    off: str


def charts(language: Language, rows: Worked, words: Words, *, divided: bool) -> list[Section]:
    """Return the pie of the whole period and the bars of its days."""
    whole, days = rows.pieces, rows.days
    off = Bars("off", words.off, rows.length_s - whole.on_s.sum(), OFF_COLOR)
    if divided:
        moving, idle = language.t(IN_MOVEMENT), language.t(IDLE)
        parts = [
            Bars("in_movement", moving, whole.moving_s.sum(), MOVING_COLOR),
            Bars("idle", idle, whole.idle_s.sum(), IDLE_COLOR),
        ]
        bars = [
            Bars("in_movement", moving, days.moving_s, MOVING_COLOR),
            Bars("idle", idle, days.idle_s, IDLE_COLOR),
        ]
    else:
        parts = [Bars("duration", words.on, whole.on_s.sum(), MOVING_COLOR)]
        bars = [Bars("duration", words.on, days.on_s, MOVING_COLOR)]
    return [
        pie(language, words.pie, [off, *parts], measures.DURATION),
        stacked_bars(language, words.histogram, days.start_ms, bars, measures.DURATION),
    ]


def daily_table(language: Language, rows: Worked, words: Words, figures: Figures) -> Section:
    """Return the table of the days with working time, with a total."""
    days = rows.active_days
    columns: list[Column | Figure[WorkingTime]] = [dates(language, "date", _("Date"), days.start_ms), *figures.daily]
    section = table(language, words.daily, columns, days, Groups.single(len(days), with_total=True))
    return over_halves(language, section) if figures.divided else section


def details_table(language: Language, data: TrackerData, rows: Worked, words: Words, figures: Figures) -> Section:
    """Return the table of intervals by the day of their start."""
    pieces, count = rows.pieces, len(rows)
    lat, lng = (np.append(*values) for values in zip(rows.starts, rows.ends, strict=True))
    addresses = data.addresses(lat, lng)
    starts = Spots(pieces.start_ms, *rows.starts, addresses[:count])
    ends = Spots(pieces.end_ms, *rows.ends, addresses[count:])
    columns: list[Column | Figure[WorkingTime]] = [
        *figures.details,
        time_of_day(language, "start_time", _("Start time"), pieces.start_ms),
        time_of_day(language, "end_time", _("End time"), pieces.end_ms, start_field="start_time"),
        address(language, "start", _("Start address"), starts),
        address(language, "end", _("End address"), ends),
    ]
    return table(language, words.details, columns, pieces, Groups.by_day(language, pieces.start_ms))
