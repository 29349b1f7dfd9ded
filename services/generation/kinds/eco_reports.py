"""Eco-driving reports: kinds 46 by trackers and 82 by drivers (reference 6.5, 7.14)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Columns, Flags, Floats, Ints
from services.generation.domain.penalties import ratings
from services.generation.domain.tracks import MS_PER_DAY
from services.generation.domain.windows import Windows, local_days
from services.generation.kinds.eco_options import EcoOptions
from services.generation.kinds.eco_tables import HARSH, IDLING, PENALTY, SPEEDING, violation_tables
from services.generation.kinds.eco_violations import Violations, violations_of
from services.generation.kinds.trips_report import NO_MOVEMENTS
from services.generation.kit import measures
from services.generation.kit.charts import Bars, simple_bars, stacked_bars
from services.generation.kit.columns import text
from services.generation.kit.entity_data import EntityData, TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.groups import Groups
from services.generation.kit.kind import EMPLOYEE, TRACKER, Data, Entity, Group, ReportKind, SheetContext, SummaryRow
from services.generation.kit.measures import Measure
from services.generation.kit.sections import SUMMARY, lines, lines_table, table
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import half_up

SHORTEST_KM = 1.0  # below it there is no rating
STARS = 5
COLORS = {"speeding": "#c9503f", "harsh_driving": "#d99a2b", "idling": "#2f6fb0"}
TITLES: Mapping[str, str] = {"speeding": SPEEDING, "harsh_driving": HARSH, "idling": IDLING}
INPUTS = ("points", "trackers", "vehicles", "events", "sensors", "readings", "employees", "assignments")


@dataclass(frozen=True, slots=True)
class EcoRows:
    """Violations of an entity, none when it drove too short a way for a rating."""

    found: Violations

    def __len__(self) -> int:
        return int(self.found.mileage_km >= SHORTEST_KM)


@dataclass(frozen=True, slots=True)
class EcoTotals(Columns):
    """Penalties of entities by kind, the number of rows with a penalty, and the mileage."""

    speeding: Floats
    harsh_driving: Floats
    idling: Floats
    number: Floats
    mileage_km: Floats

    @classmethod
    def of(cls, rows: EcoRows) -> "EcoTotals":
        """Return the totals of an entity."""
        penalties = [_points(one) for one in _penalties(rows.found).values()]
        number = sum(int((points > 0).sum()) for points in penalties)
        values = [*(points.sum() for points in penalties), number, rows.found.mileage_km]
        return cls(*(np.array([value], np.float64) for value in values))

    @property
    def total(self) -> Floats:
        """All penalties."""
        return self.speeding + self.harsh_driving + self.idling

    @property
    def average(self) -> Floats:
        """Penalty of a row, 0 without any."""
        return np.divide(self.total, self.number, out=np.zeros(len(self)), where=self.number > 0)


def _penalties(found: Violations) -> dict[str, tuple[Ints, Floats]]:
    """Return the starts and the penalties of the rows of each kind."""
    return {
        "speeding": (found.speeding.start_ms, found.speeding.penalty),
        "harsh_driving": (found.harsh.start_ms, found.harsh.penalty),
        "idling": (found.idling.start_ms, found.idling.penalty),
    }


def _points(rows: tuple[Ints, Floats]) -> Floats:
    """Return penalties as they are shown, so that a total is the sum of its rows."""
    return half_up(rows[1], PENALTY.exact_decimals)


def _stars(language: Language, shown: Floats, decimals: int) -> list[str]:
    numbers = np.clip(np.ceil(np.nan_to_num(shown) * STARS / 100), 1, STARS).astype(np.int64).tolist()
    return [f"{'★' * number} ({text})" for number, text in zip(numbers, language.numbers(shown, decimals), strict=True)]


STARRED = Measure(decimals=1, raw_decimals=2, words=_stars)
RATING = Figure[EcoTotals]("rating", _("Rating"), lambda rows: ratings(rows.total, rows.mileage_km), STARRED, "first")
TOTAL = Figure[EcoTotals]("total_penalty", _("Total penalty"), lambda rows: rows.total, PENALTY)
NUMBER = Figure[EcoTotals]("penalties_number", _("Number of penalties"), lambda rows: rows.number)
MILEAGE = Figure[EcoTotals]("mileage", _("Mileage"), lambda rows: rows.mileage_km, measures.MILEAGE)
AVERAGE = Figure[EcoTotals]("avg_penalty", _("Average penalty"), lambda rows: rows.average, PENALTY)
PER_100_KM = Figure[EcoTotals](
    "penalty_per_100_km", _("Penalty per 100 km"), lambda rows: 100 * rows.total / rows.mileage_km, PENALTY
)


class EcoReport(ReportKind[EcoOptions, Data, EcoRows]):
    """Penalties for speeding, harsh driving and idling, and the rating that follows from them."""

    group: ClassVar[Group] = Group.DRIVING_QUALITY
    Options = EcoOptions
    inputs: ClassVar[tuple[str, ...]] = INPUTS
    no_rows: ClassVar[str] = NO_MOVEMENTS

    def sections(self, context: SheetContext[EcoOptions], data: Data, rows: EcoRows) -> Sequence[Section]:
        """Return the penalties by day, the summary, and a table of each kind of violations."""
        language = context.language
        figures = [RATING, TOTAL, NUMBER, MILEAGE, AVERAGE, PER_100_KM]
        return [
            _chart_by_day(context, rows.found),
            lines_table(language.t(SUMMARY), lines(language, figures, EcoTotals.of(rows))),
            *violation_tables(context, data, rows.found, with_object=self.entity is Entity.EMPLOYEE),
        ]

    def summary_row(self, context: SheetContext[EcoOptions], data: Data, rows: EcoRows) -> SummaryRow | None:
        """Return the totals of an entity, None without a rating."""
        del context
        totals = EcoTotals.of(rows)
        values = {name: getattr(totals, name).item() for name in EcoTotals.__slots__}
        return {"object": data.label, **values} if len(rows) else None

    def summary_sections(self, context: SheetContext[EcoOptions], rows: Sequence[SummaryRow]) -> Sequence[Section]:
        """Return the charts and the table of the entities."""
        language, names = context.language, [row["object"] for row in rows]
        totals = EcoTotals(*(np.array([row[name] for row in rows], np.float64) for name in EcoTotals.__slots__))
        bars = [Bars(name, language.t(title), getattr(totals, name), COLORS[name]) for name, title in TITLES.items()]
        title = EMPLOYEE if self.entity is Entity.EMPLOYEE else TRACKER
        columns: list[Column | Figure[EcoTotals]] = [text(language, "name", title, names), RATING, MILEAGE, NUMBER]
        shown = ratings(totals.total, totals.mileage_km)
        return [
            stacked_bars(language, language.t(_("Penalties")), names, bars, PENALTY),
            simple_bars(language, language.t(RATING.title), names, shown, STARRED),
            table(language, language.t(SUMMARY), [*columns, AVERAGE], totals, Groups.single(len(rows))),
        ]


def _chart_by_day(context: SheetContext[EcoOptions], found: Violations) -> Section:
    language = context.language
    days = local_days(context.start_ms, context.end_ms, context.zone)
    bars = [
        Bars(name, language.t(TITLES[name]), np.bincount(days.at(rows[0]), _points(rows), len(days)), COLORS[name])
        for name, rows in _penalties(found).items()
    ]
    return stacked_bars(language, language.t(_("Penalties by day")), days.start_ms, bars, PENALTY)


class EcoTrackersReport(EcoReport[TrackerData]):
    """Eco driving by trackers."""

    id: ClassVar[int] = 46
    title: ClassVar[str] = _("Eco-driving report by trackers")
    description: ClassVar[str] = _("Penalties for speeding, harsh driving and idling, and a rating of each object.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.eco_trackers"
    ui_module: ClassVar[str] = "EcoTrackers"
    entity: ClassVar[Entity] = Entity.TRACKER

    def rows(self, context: SheetContext[EcoOptions], data: TrackerData) -> EcoRows:
        """Return the violations of a tracker."""

        def belongs_at(time_ms: Ints) -> Flags:
            return np.ones(len(time_ms), np.bool_)

        return EcoRows(Violations.join([violations_of(context, data, context.windows, belongs_at)]))


class EcoDriversReport(EcoReport[EntityData]):
    """Eco driving by drivers: only the times count in which a tracker was assigned to the driver."""

    id: ClassVar[int] = 82
    title: ClassVar[str] = _("Eco-driving report by drivers")
    description: ClassVar[str] = _("Penalties for speeding, harsh driving and idling, and a rating of each driver.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.eco_drivers"
    ui_module: ClassVar[str] = "EcoDrivers"
    entity: ClassVar[Entity] = Entity.EMPLOYEE

    def rows(self, context: SheetContext[EcoOptions], data: EntityData) -> EcoRows:
        """Return the violations that began while the driver had a tracker."""
        windows = context.windows
        spans = [*zip(windows.start_ms.tolist(), windows.end_ms.tolist(), strict=True)]
        spans += [(start_ms - MS_PER_DAY, start_ms) for start_ms, _end_ms in spans]  # a violation may begin before
        return EcoRows(
            Violations.join([_of_driver(context, data, *found) for found in data.trackers(Windows.of(spans))])
        )


def _of_driver(context: SheetContext[Any], data: EntityData, tracker: TrackerData, assigned: Windows) -> Violations:
    own = context.windows.cut(assigned.start_ms, assigned.end_ms)

    def belongs_at(time_ms: Ints) -> Flags:
        belongs: Flags = tracker.driver_ids_at(time_ms) == data.entity_id
        return belongs

    return violations_of(context, tracker, Windows(own.start_ms, own.end_ms), belongs_at)
