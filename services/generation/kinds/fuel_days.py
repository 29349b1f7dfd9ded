"""Fuel by day: rows that balance as they are shown, their figures and their total, for reports on fuel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Columns, Floats, Ints
from services.generation.domain.fuel_events import FuelEvents
from services.generation.domain.mileage import Mileage
from services.generation.domain.windows import Windows
from services.generation.kit.columns import dates
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure, Quotient
from services.generation.kit.fuel_units import FuelUnit
from services.generation.kit.measures import CONSUMPTION, MILEAGE, VOLUME, Measure
from services.generation.kit.sections import IN_TOTAL, columns_table, over_columns
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import half_up

BY_NORM, BY_LEVEL = _("By GPS and consumption rate"), _("By data from fuel level sensor")
FILLINGS, DRAINS = _("Fillings"), _("Drains")


@dataclass(frozen=True, slots=True)
class FuelDays(Columns):
    """Fuel of days, in the reader's units as it is shown, so that every row balances exactly."""

    start_ms: Ints  # of the day
    mileage: Floats
    norm: Floats  # consumption by norm, NaN without one
    start: Floats
    end: Floats
    consumed: Floats
    hours: Floats
    fillings_count: Floats
    fillings_volume: Floats
    drains_count: Floats
    drains_volume: Floats

    def with_total(self, *, connected: bool) -> "FuelDays":
        """Return the rows and their total; it has levels when each row begins with the level that ended the last."""
        sums = {field.name: np.array([getattr(self, field.name).sum()]) for field in fields(self)}
        sums = {name: half_up(values, 6) for name, values in sums.items()}
        if len(self):
            sums["start"] = self.start[:1] if connected else np.full(1, np.nan)
            sums["end"] = self.end[-1:] if connected else np.full(1, np.nan)
        else:
            sums |= {name: np.full(1, np.nan) for name in ("mileage", "norm", "start", "end", "consumed", "hours")}
            sums |= {name: np.full(1, np.nan) for name in ("fillings_volume", "drains_volume")}
        sums["start_ms"] = np.zeros(1, np.int64)
        return FuelDays.join([self, FuelDays(**sums)])


@dataclass(frozen=True, slots=True)
class DayRows:
    """Rows of a report, each in a local day, with the mileage and the hours that count for each."""

    rows: Windows
    days: Windows
    mileage: Mileage
    hours: Floats

    @property
    def day_ms(self) -> Ints:
        """The first moment of each row's day."""
        first_ms: Ints = self.days.start_ms[self.days.at(self.rows.start_ms)]
        return first_ms


def norm_of(data: TrackerData) -> float | None:
    """Return the consumption of a tracker's vehicle by norm in litres on 100 km, None where it is unknown."""
    vehicle = data.vehicle
    known = vehicle is not None and vehicle.HasField("norm_avg_fuel_consumption")
    return vehicle.norm_avg_fuel_consumption if known and vehicle is not None else None


def fuel_days(
    unit: FuelUnit, day_rows: DayRows, levels: tuple[Floats, Floats], events: FuelEvents, norm: float | None
) -> FuelDays:
    """Return the days on which a level is known; `levels` are those at the start and the end of each row."""
    language, rows = unit.language, day_rows.rows
    start, end = (unit.shown(one) for one in levels)
    row = rows.at(events.end_ms)
    volume = half_up(unit.shown(events.end_level) - unit.shown(events.start_level), VOLUME.decimals)
    sums = [
        np.bincount(row[own], weights, minlength=len(rows)).astype(np.float64)
        for own in ((row >= 0) & events.is_filling, (row >= 0) & ~events.is_filling)
        for weights in (None, np.abs(volume[own]))
    ]
    filled, drained = (half_up(one, VOLUME.decimals) for one in sums[1::2])
    km = day_rows.mileage.between(rows)
    by_norm = np.full(len(rows), np.nan) if norm is None else km * norm / 100
    found = FuelDays(
        start_ms=day_rows.day_ms,
        mileage=MILEAGE.rounded(language, km),
        norm=VOLUME.rounded(language, by_norm),
        start=start,
        end=end,
        consumed=half_up(start + filled - drained - end, VOLUME.decimals),
        hours=day_rows.hours,
        fillings_count=sums[0],
        fillings_volume=filled,
        drains_count=sums[2],
        drains_volume=drained,
    )
    return found[~np.isnan(start + end)]


@dataclass(frozen=True, slots=True)
class Shape:
    """Columns that a report on fuel has beside the others."""

    by_level: str  # title over the columns of the sensor, a msgid
    with_norm: float | None
    per_hour: bool = False
    with_events: bool = True
    fields: Sequence[str] = ()  # in this order, all where it is empty
    ends: tuple[str, str] = (_("Initial level"), _("Final level"))  # titles, msgids


def figures(unit: FuelUnit, shape: Shape) -> list[Figure[FuelDays]]:
    """Return the figures of rows in their order."""
    language, volume = unit.language, unit.volume
    mileage = Measure(decimals=MILEAGE.decimals, unit=MILEAGE.unit_text(language))
    by_norm = Measure(decimals=VOLUME.decimals, unit=VOLUME.unit_text(language))
    rate = CONSUMPTION.rounded(language, [shape.with_norm or 0]).item()
    consumed = Figure[FuelDays]("consumed", _("Consumed"), lambda rows: rows.consumed, volume)
    distance = Figure[FuelDays]("mileage_by_gps", _("Mileage"), lambda rows: rows.mileage, mileage)
    hours = Figure[FuelDays]("", "", lambda rows: rows.hours, Measure(decimals=9))
    norms = [
        Figure[FuelDays]("consumed_by_norm", _("Consumed by norm"), lambda rows: rows.norm, by_norm),
        Figure[FuelDays](
            "consumption_by_norm",
            _("Consumption by norm"),
            lambda rows: np.where(rows.mileage > 0, rate, np.nan),
            Measure(decimals=CONSUMPTION.decimals, unit=CONSUMPTION.unit_text(language)),
        ),
    ]
    per_hour = Figure("consumption_per_hour", _("Consumption per hour"), Quotient(consumed, hours), unit.per_hour)
    found = [
        distance,
        *(norms if shape.with_norm is not None else []),
        Figure[FuelDays]("start", shape.ends[0], lambda rows: rows.start, volume),
        Figure[FuelDays]("end", shape.ends[1], lambda rows: rows.end, volume),
        consumed,
        Figure("consumption_per_dist", _("Consumption"), Quotient(consumed, distance, 100), unit.per_distance),
        *([per_hour] if shape.per_hour else []),
        *(_event_figures(volume) if shape.with_events else []),
    ]
    if not shape.fields:
        return found
    return [next(one for one in found if one.field == name) for name in shape.fields]


def _event_figures(volume: Measure) -> list[Figure[FuelDays]]:
    number, amount = _("Count"), _("Volume")
    return [
        Figure("fillingsCount", number, lambda rows: rows.fillings_count),
        Figure("fillingsVolume", amount, lambda rows: rows.fillings_volume, volume),
        Figure("drainsCount", number, lambda rows: rows.drains_count),
        Figure("drainsVolume", amount, lambda rows: rows.drains_volume, volume),
    ]


def days_table(header: str, section_id: str, days: FuelDays, unit: FuelUnit, shape: Shape) -> Section:
    """Return the table of days; its last row is the total, which `days` end with."""
    language = unit.language
    date = dates(language, "date", _("Date"), days.start_ms)
    date.text[-1], date.raw[-1] = language.t(IN_TOTAL), np.nan
    section = columns_table(language, header, [date, *columns(unit, shape, days)])
    section.table.section_id = section_id
    section.table.total_row_count = 1
    return over_groups(language, section, shape)


def columns(unit: FuelUnit, shape: Shape, days: FuelDays) -> list[Column]:
    """Return the columns of the figures."""
    return [figure.column(unit.language, figure.parts(days)) for figure in figures(unit, shape)]


def over_groups(language: Language, section: Section, shape: Shape) -> Section:
    """Return a table with the titles over its columns that have some."""
    over: Mapping[str, Sequence[str]] = {
        BY_NORM: ("mileage_by_gps", "consumed_by_norm", "consumption_by_norm"),
        shape.by_level: ("start", "end", "consumed", "consumption_per_dist", "consumption_per_hour"),
        FILLINGS: ("fillingsCount", "fillingsVolume"),
        DRAINS: ("drainsCount", "drainsVolume"),
    }
    there = [column.field for column in section.table.columns]
    titles = {language.t(title): [name for name in own if name in there] for title, own in over.items()}
    return over_columns(section, {title: own for title, own in titles.items() if own})


def as_record(days: FuelDays) -> dict[str, Any]:
    """Return rows as plain values, for `from_record`."""
    return {field.name: getattr(days, field.name).tolist() for field in fields(days)}


def from_record(record: Mapping[str, Sequence[float]]) -> FuelDays:
    """Return the rows of a record."""
    return FuelDays(**{name: np.array(values) for name, values in record.items()})
