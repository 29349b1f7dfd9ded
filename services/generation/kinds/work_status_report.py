"""Work statuses report: kind 47 (reference 7.19)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from daybook.input.v1.field_service_pb2 import StatusChange
from daybook.report.v1.sheet_pb2 import Column, MapRow, Section

from services.generation.domain.columnar import Floats, Ints
from services.generation.inputs.statuses import STATUSES
from services.generation.kit import measures
from services.generation.kit.columns import address, text, time_of_day
from services.generation.kit.dated_records import in_time_order, moments_of
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Options
from services.generation.kit.sections import lines_table, table
from services.generation.kit.spots import places_of_moments, spots_at
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN

ORIGINS: Mapping[int, str] = {
    StatusChange.ORIGIN_EMPLOYEE: _("Employee"),
    StatusChange.ORIGIN_SUPERVISOR: _("Supervisor"),
}


@dataclass(frozen=True, slots=True)
class StatusRows:
    """Changes to a status in time order, and how long each lasted."""

    changes: Sequence[StatusChange]
    start_ms: Ints
    duration_s: Floats

    def __len__(self) -> int:
        return len(self.changes)


DURATION = Figure[StatusRows]("duration", _("Duration"), lambda rows: rows.duration_s, measures.DURATION)


class WorkStatusOptions(Options):
    """Options of the work statuses report, which has none of its own."""


class WorkStatusReport(TrackerKind[WorkStatusOptions, StatusRows]):
    """Changes of the work status by day, and the total time of each status."""

    id: ClassVar[int] = 47
    title: ClassVar[str] = _("Work statuses report")
    description: ClassVar[str] = _("Changes of the work status by day, and how long each status lasted.")
    group: ClassVar[Group] = Group.BUSINESS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.work_status"
    ui_module: ClassVar[str] = "WorkStatus"
    Options = WorkStatusOptions
    inputs: ClassVar[tuple[str, ...]] = ("points", "trackers", "employees", "statuses")

    def rows(self, context: SheetContext[WorkStatusOptions], data: TrackerData) -> StatusRows:
        """Return the changes inside the windows; each status lasts until the next change, or the period's end."""
        period = (context.start_ms, context.end_ms)
        changes = in_time_order(data.records(STATUSES, tracker_id=data.entity_id, changed=period), "changed")
        start_ms = moments_of(changes, "changed")
        until_ms = np.append(start_ms[1:], context.end_ms)[: len(start_ms)]
        has_status = np.array([one.new_status_id > 0 for one in changes], np.bool_)
        kept = np.flatnonzero(has_status & (context.windows.at(start_ms) >= 0))
        return StatusRows(
            [changes[place] for place in kept.tolist()],
            start_ms[kept],
            ((until_ms - start_ms)[kept] // 1000).astype(np.float64),
        )

    def sections(
        self, context: SheetContext[WorkStatusOptions], data: TrackerData, rows: StatusRows
    ) -> Sequence[Section]:
        """Return the table by day and the time of each status."""
        language, changes = context.language, rows.changes
        locations = [one.location for one in changes]
        places = places_of_moments(context, data, rows.start_ms, locations)
        columns: list[Column | Figure[StatusRows]] = [
            time_of_day(language, "time", _("Time"), rows.start_ms),
            text(language, "status", _("Status"), [one.label for one in changes]),
            DURATION,
            text(language, "origin", _("Changed by"), [_origin(language, one) for one in changes]),
            address(language, "address", _("Address"), spots_at(context, data, rows.start_ms, locations, places)),
        ]
        days = Groups.by_day(language, rows.start_ms)
        return [
            table(language, language.t(_("Work statuses")), columns, rows, days),
            lines_table(language.t(_("Total time by status")), _lines(language, rows)),
        ]


def _origin(language: Language, change: StatusChange) -> str:
    return language.t(ORIGINS[change.origin]) if change.origin in ORIGINS else UNKNOWN


def _lines(language: Language, rows: StatusRows) -> list[MapRow]:
    """Return the total time of each status in the order of first appearance, under its last label."""
    labels = {one.new_status_id: one.label for one in rows.changes}
    totals_s = dict.fromkeys(labels, 0.0)
    for change, duration_s in zip(rows.changes, rows.duration_s.tolist(), strict=True):
        totals_s[change.new_status_id] += duration_s
    texts, quantity = language.durations(list(totals_s.values())), measures.DURATION.quantity(language)
    return [
        MapRow(field=f"status_{status_id}", name=label, text=words, raw=total_s, quantity=quantity)
        for (status_id, label), words, total_s in zip(labels.items(), texts, totals_s.values(), strict=True)
    ]
