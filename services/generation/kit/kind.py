"""Kinds of reports: base classes that declare a report and build its sheets."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar
from zoneinfo import ZoneInfo

from daybook.report.v1.sheet_pb2 import Section, Sheet

from services.generation.domain.detection import Detection
from services.generation.domain.windows import Daily, Windows
from services.generation.kit.columns import text
from services.generation.kit.entity_data import EntityData, TrackerData
from services.generation.kit.figures import Figure, Totals
from services.generation.kit.options import Options
from services.generation.kit.sections import (
    ENTITY,
    IN_TOTAL,
    NO_DATA,
    SUMMARY,
    columns_table,
    lines_table,
    mark_as_summary,
    mark_row_track,
    sentence,
)
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language

TRACKER, EMPLOYEE = _("Tracker"), _("Employee")


class Group(StrEnum):
    """Groups of kinds in lists."""

    ACTIVITY = "activity"
    LANDMARKS = "landmarks"
    SAFETY_AND_SECURITY = "safety_and_security"
    TRANSPORT_USAGE = "transport_usage"
    DRIVING_QUALITY = "driving_quality"
    DEVICE_STATUS = "device_status"
    CONNECTED_DEVICES = "connected_devices"
    BUSINESS = "business"


GROUP_TITLES: Mapping[Group, str] = {
    Group.ACTIVITY: _("Activity"),
    Group.LANDMARKS: _("Landmarks"),
    Group.SAFETY_AND_SECURITY: _("Safety and security"),
    Group.TRANSPORT_USAGE: _("Transport usage"),
    Group.DRIVING_QUALITY: _("Driving quality"),
    Group.DEVICE_STATUS: _("Device status"),
    Group.CONNECTED_DEVICES: _("Connected devices"),
    Group.BUSINESS: _("Business"),
}


class Entity(StrEnum):
    """Subject of a report: trackers, employees, or sensors of trackers."""

    TRACKER = "tracker"
    EMPLOYEE = "employee"
    SENSOR = "sensor"

    @property
    def noun(self) -> str:
        """The entity that sheets are about: those of sensors are about their trackers."""
        return "employee" if self is Entity.EMPLOYEE else "tracker"


AnyOptions = TypeVar("AnyOptions", bound=Options)
Data = TypeVar("Data", bound=EntityData)
Rows = TypeVar("Rows", bound=Sized)
SummaryRow = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SheetContext(Generic[AnyOptions]):
    """Report that a sheet belongs to, as far as its computation needs it."""

    language: Language
    zone: ZoneInfo
    windows: Windows
    start_ms: int  # of the period
    end_ms: int  # the first moment after the period, or of creation where the period reaches into the future
    detection: Detection
    options: AnyOptions
    daily: Daily = field(default_factory=Daily)  # the time filter that the windows come from


@dataclass(frozen=True, slots=True)
class Built:
    """Sheet of an entity, None when it is left out, its row of the summary, and whether it has rows of its own."""

    sheet: Sheet | None
    summary_row: SummaryRow | None = None
    has_rows: bool = False


class ReportKind(ABC, Generic[AnyOptions, Data, Rows]):
    """Kind of report: its declaration, and the computation that runs in worker processes.

    Attributes:
        id: Number in the public API.
        title, description: Name and one line about it, msgids.
        group: Group in lists.
        module, ui_module: Names in the public API's list of plugins.
        Options: Model of the options.
        inputs: Names of the kinds of input and of the series that the report reads.
        entity: Subject of the report.
        max_time_span: Longest period, when it is shorter than the service's.
        max_entities: Most entities of a report, when they are fewer than the service allows.
        no_rows: Sentence of an empty sheet, a msgid, unless `empty_sentence` chooses another.
        all_rows: Name of the table of all rows in a workbook, a msgid.

    """

    id: ClassVar[int]
    title: ClassVar[str]
    description: ClassVar[str]
    group: ClassVar[Group]
    module: ClassVar[str]
    ui_module: ClassVar[str]
    Options: type[AnyOptions]
    inputs: ClassVar[tuple[str, ...]]
    entity: ClassVar[Entity]
    max_time_span: ClassVar[timedelta | None] = None
    max_entities: ClassVar[int | None] = None
    no_rows: ClassVar[str] = NO_DATA
    all_rows: ClassVar[str] = _("All rows")

    @abstractmethod
    def rows(self, context: SheetContext[AnyOptions], data: Data) -> Rows:
        """Return the rows of an entity's sheet; their number is 0 when there is nothing to show."""

    @abstractmethod
    def sections(self, context: SheetContext[AnyOptions], data: Data, rows: Rows) -> Sequence[Section]:
        """Return the sections of a sheet that has rows."""

    def empty_sentence(self, context: SheetContext[AnyOptions], data: Data, rows: Rows) -> str:
        """Return the sentence of a sheet without rows, a msgid."""
        del context, data, rows
        return self.no_rows

    def closing_sections(self, context: SheetContext[AnyOptions], rows: Rows) -> Sequence[Section]:
        """Return the sections at the end of every sheet, also of one without rows."""
        del context, rows
        return ()

    def figures(self, options: AnyOptions) -> Sequence[Figure[Any]]:
        """Return the figures of the summary sheet."""
        del options
        return ()

    def summed(self, rows: Rows) -> Any:
        """Return the rows in the form that the figures of the summary take."""
        return rows

    def summary_row(self, context: SheetContext[AnyOptions], data: Data, rows: Rows) -> SummaryRow | None:
        """Return what the summary sheet needs to know of an entity, as plain values; None without a summary.

        Of an entity without rows all but counts is unknown.
        """
        figures = self._in_summary(context.options)
        if not figures:
            return None
        if not len(rows):
            return {"object": data.label, **{figure.field: [0.0] for figure in figures if figure.is_count}}
        (record,) = Totals.of(context.language, figures, self.summed(rows)).records()
        return {"object": data.label, **record}

    def summary_sections(self, context: SheetContext[AnyOptions], rows: Sequence[SummaryRow]) -> Sequence[Section]:
        """Return the sections of the summary sheet: a row for each entity, and their totals."""
        language = context.language
        figures = [figure.as_total for figure in self._in_summary(context.options)]
        totals = Totals.of_records(language, figures, rows)
        title = EMPLOYEE if self.entity is Entity.EMPLOYEE else TRACKER
        names = text(language, "object", title, [row["object"] for row in rows])
        return [
            columns_table(language, language.t(SUMMARY), [names, *totals.columns()]),
            lines_table(language.t(IN_TOTAL), totals.together().lines()),
        ]

    def _in_summary(self, options: AnyOptions) -> list[Figure[Any]]:
        return [figure for figure in self.figures(options) if figure.in_summary]

    def sheet(self, context: SheetContext[AnyOptions], data: Data) -> Built:
        """Build an entity's sheet and its row of the summary."""
        rows, options = self.rows(context, data), context.options
        summary_row = self.summary_row(context, data, rows)
        if summary_row is not None:
            summary_row = {**summary_row, ENTITY: (data.entity_id, data.label)}
        if options.is_summary_only or (options.hide_empty_tabs and not len(rows)):
            return Built(None, summary_row, bool(len(rows)))
        if len(rows):
            sections = self.sections(context, data, rows)
        else:
            sections = [sentence(context.language.t(self.empty_sentence(context, data, rows)))]
        for section in sections:
            if section.HasField("table"):
                mark_row_track(section.table, has_own_tracker=self.entity is not Entity.EMPLOYEE)
        sheet = Sheet(
            header=data.header,
            entity_ids=[data.entity_id],
            entity_kind=self.entity.noun,
            entity_label=data.label,
            time_zone=context.language.clock.zone,
            sections=[*sections, *self.closing_sections(context, rows)],
        )
        return Built(sheet, summary_row, bool(len(rows)))

    def summary(self, context: SheetContext[AnyOptions], rows: Sequence[SummaryRow]) -> Sheet | None:
        """Build the summary sheet over the entities' rows, None when it is left out."""
        language = context.language
        if not rows and context.options.hide_empty_tabs:
            return None
        sections = self.summary_sections(context, rows) if rows else [sentence(language.t(self.no_rows))]
        for section in sections:
            if section.HasField("table"):
                mark_as_summary(section.table, rows)
        zone = language.clock.zone
        return Sheet(header=language.t(SUMMARY), entity_kind=self.entity.noun, time_zone=zone, sections=sections)

    def entity_ids(self, options: AnyOptions, tracker_ids: Sequence[int], employee_ids: Sequence[int]) -> Sequence[int]:
        """Return the entities of a report, each once, from what was asked."""
        del options
        return tuple(dict.fromkeys(employee_ids if self.entity is Entity.EMPLOYEE else tracker_ids))


class TrackerKind(ReportKind[AnyOptions, TrackerData, Rows]):
    """Kind of report by trackers."""

    entity: ClassVar[Entity] = Entity.TRACKER


class EmployeeKind(ReportKind[AnyOptions, EntityData, Rows]):
    """Kind of report by employees."""

    entity: ClassVar[Entity] = Entity.EMPLOYEE
