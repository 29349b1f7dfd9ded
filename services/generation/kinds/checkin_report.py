"""Check-ins report: kind 80 (reference 7.20)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from daybook.input.v1.field_service_pb2 import Checkin
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Ints
from services.generation.inputs.checkins import CHECKINS
from services.generation.kit.columns import address, coordinates, text, time_of_day
from services.generation.kit.dated_records import inside_windows
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.form_lookup import forms_of_checkins
from services.generation.kit.form_values import answer_columns
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.landmark_columns import landmark_columns
from services.generation.kit.options import Flag, Options, option
from services.generation.kit.sections import table
from services.generation.kit.spots import spots_at
from services.generation.words.catalogue import mark as _
from services.generation.words.numbers import UNKNOWN


@dataclass(frozen=True, slots=True)
class CheckinRows:
    """Check-ins in time order."""

    checkins: Sequence[Checkin]
    time_ms: Ints

    def __len__(self) -> int:
        return len(self.checkins)


class CheckinOptions(Options):
    """Options of the check-ins report."""

    show_coordinates: Flag = option(
        False, _("Coordinates"), _("Show latitude and longitude beside addresses."), layout=True
    )
    show_forms: Flag = option(False, _("Forms"), _("Show the values of the submitted forms."), layout=True)
    show_places_and_zones: Flag = option(
        False, _("Places and zones"), _("Show the places and the zones that contain the point."), layout=True
    )


class CheckinReport(TrackerKind[CheckinOptions, CheckinRows]):
    """Check-ins by day: who was where, and what was said."""

    id: ClassVar[int] = 80
    title: ClassVar[str] = _("Check-ins report")
    description: ClassVar[str] = _("What employees reported from where, by day, with comments, files and forms.")
    group: ClassVar[Group] = Group.BUSINESS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.checkin"
    ui_module: ClassVar[str] = "Checkin"
    Options = CheckinOptions
    inputs: ClassVar[tuple[str, ...]] = (
        "trackers",
        "checkins",
        "tasks",
        "forms",
        "employees",
        "assignments",
        "places",
        "zones",
    )
    all_rows: ClassVar[str] = _("All check-ins")

    def rows(self, context: SheetContext[CheckinOptions], data: TrackerData) -> CheckinRows:
        """Return the check-ins inside the windows."""
        period = (context.start_ms, context.end_ms)
        found = data.records(CHECKINS, tracker_id=data.entity_id, marker_time=period)
        return CheckinRows(*inside_windows(context, found, "marker_time"))

    def sections(
        self, context: SheetContext[CheckinOptions], data: TrackerData, rows: CheckinRows
    ) -> Sequence[Section]:
        """Return the table by day."""
        language = context.language
        days = replace(Groups.by_day(language, rows.time_ms), with_totals=False)
        return [table(language, language.t(_("Check-ins")), _columns(context, data, rows), rows, days)]


def _columns(
    context: SheetContext[CheckinOptions], data: TrackerData, rows: CheckinRows
) -> list[Column | Figure[CheckinRows]]:
    language, options, checkins = context.language, context.options, rows.checkins
    spots = spots_at(context, data, rows.time_ms, [one.location for one in checkins])
    drivers = data.driver_ids_at(rows.time_ms).tolist()
    employees = [one.employee_id or driver for one, driver in zip(checkins, drivers, strict=True)]
    columns: list[Column | Figure[CheckinRows]] = [
        time_of_day(language, "time", _("Time"), rows.time_ms),
        text(language, "employee", _("Employee"), data.employee_names(employees)),
        address(language, "address", _("Address"), spots),
    ]
    if options.show_coordinates:
        columns += coordinates(language, "", (_("Latitude"), _("Longitude")), spots)
    columns.append(text(language, "comment", _("Comment"), [one.comment or UNKNOWN for one in checkins]))
    if options.show_places_and_zones:
        columns += landmark_columns(language, data, spots.lat, spots.lng)
    if options.show_forms:
        forms = forms_of_checkins(data, checkins)
        columns += answer_columns(language, "form_", [forms[one.id] for one in checkins], lambda field: field.label)
    files = [", ".join(file.name for file in one.files if file.name) or UNKNOWN for one in checkins]
    columns.append(text(language, "files", _("Files"), files))
    return columns
