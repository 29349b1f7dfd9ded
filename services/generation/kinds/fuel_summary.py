"""Summary sheets of reports on fuel: a row for each sensor."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.kinds.fuel_days import FuelDays, Shape, as_record, columns, from_record, over_groups
from services.generation.kinds.fuel_sheet import FuelRows
from services.generation.kit.columns import text
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.fuel_units import FuelUnit
from services.generation.kit.kind import TRACKER, SummaryRow
from services.generation.kit.measures import CONSUMPTION
from services.generation.kit.sections import SUMMARY, columns_table
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN

IN_UNITS_OF_LEVEL = (
    "start",
    "end",
    "consumed",
    "consumption_per_dist",
    "consumption_per_hour",
    "fillingsVolume",
    "drainsVolume",
)


def summary_row_of(data: TrackerData, rows: FuelRows, shape: Shape, *, connected: bool) -> SummaryRow:
    """Return a tracker's totals for the summary sheet, sensor by sensor; of a tracker without any an empty one."""
    parts = [
        (part.sensor.name, part.unit.litres, as_record(part.days.with_total(connected=connected)[-1:]))
        for part in rows.found
    ]
    return {"object": data.label, "norm": shape.with_norm, "parts": parts}


def summary_sections_of(language: Language, rows: Sequence[SummaryRow], shape: Shape) -> list[Section]:
    """Return the summary sheet's table: a row for each sensor, or one for a tracker without data."""
    names, sensors, records, is_percent = [], [], [], []
    empty = (UNKNOWN, 1.0, as_record(FuelDays.empty().with_total(connected=True)))
    for row in rows:
        for sensor, litres, record in row["parts"] or [empty]:
            names.append(row["object"])
            sensors.append(sensor)
            records.append(from_record(record))
            is_percent.append(litres is None)
    unit = FuelUnit(language, 1.0)
    norms = [row["norm"] for row in rows if row["norm"] is not None]
    own = replace(shape, with_norm=norms[0] if norms else None)
    counted = columns(unit, own, FuelDays.join(records))
    by_row = [norm for row in rows for norm in [row["norm"]] * max(len(row["parts"]), 1)]
    _settle_norms(language, counted, by_row)
    first = [text(language, "object", TRACKER, names), text(language, "sensor", _("Sensor"), sensors)]
    _mark_percent(counted, is_percent)
    section = columns_table(language, language.t(SUMMARY), [*first, *counted])
    section.table.section_id = "summary"
    return [over_groups(language, section, own)]


def _settle_norms(language: Language, counted: Sequence[Column], norms: Sequence[float | None]) -> None:
    """Put the norm of each row's own vehicle into the column of norms."""
    for column in counted:
        if column.field == "consumption_by_norm":
            own = np.array([np.nan if norm is None else norm for norm in norms])
            shown = CONSUMPTION.rounded(language, np.where(np.isnan(column.raw), np.nan, own))
            column.raw[:], column.text[:] = shown.tolist(), CONSUMPTION.texts(language, shown)


def _mark_percent(counted: Sequence[Column], is_percent: Sequence[bool]) -> None:
    """Show the unit in the cells of sensors that measure in percent."""
    for column in counted:
        if column.field in IN_UNITS_OF_LEVEL:
            for place, percent in enumerate(is_percent):
                if percent and column.text[place] != UNKNOWN:
                    column.text[place] += "%"
