"""Reports that list events: kinds 11, 13, 15 to 20 and 23 (reference 7.7, 7.15, 7.21)."""

from collections.abc import Sequence
from typing import Annotated, ClassVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Lane, Section
from pydantic import AfterValidator, WithJsonSchema

from services.generation.kinds.event_lists import EventListReport, EventRows
from services.generation.kit.charts import Spans, timeline
from services.generation.kit.dated_records import moments_of
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.event_types import EVENT_TYPES, name_of
from services.generation.kit.figures import Figure
from services.generation.kit.kind import Group, SheetContext
from services.generation.kit.options import Flag, Options, option
from services.generation.words.catalogue import mark as _

SECURITY = (
    *("alarmcontrol", "crash_alarm", "door_alarm", "hood_alarm", "ignition", "parking", "battery_off"),
    *("security_control", "gps_damp", "gsm_damp", "driver_identified", "driver_not_identified"),
    *("auto_geofence_in", "auto_geofence_out"),
)
SOS, FALL = ("sos",), ("g_sensor",)
DETACH = (
    *("detach", "attach", "case_opened", "case_closed", "lock_opened", "lock_closed", "obd_plug_in", "obd_unplug"),
    *("strap_bolt_cut", "strap_bolt_ins", "bracelet_open", "bracelet_close"),
)


def _known(event_type: str) -> str:
    if event_type not in EVENT_TYPES:
        raise ValueError(f"{event_type[:40]!r} is not a known type of events, such as speedup")
    return event_type


EventType = Annotated[str, AfterValidator(_known), WithJsonSchema({"type": "string", "enum": [*EVENT_TYPES]})]


class EventOptions(Options):
    """Options of reports on two types of events, which have none of their own."""

    group_by_type: ClassVar[bool] = False

    def has_summary(self, entity_count: int) -> bool:
        """Return whether there are two trackers or more."""
        return entity_count > 1


class EventListOptions(Options):
    """Options of lists of events."""

    group_by_type: Flag = option(
        False, _("Group by type"), _("Show a table for each type of event."), said=_("Grouped by type of event")
    )


class AllEventsOptions(EventListOptions):
    """Options of the report on all events."""

    event_types: list[EventType] = option(
        [], _("Types of events"), _("Show events of these types only; of all without any."), labels=EVENT_TYPES
    )


class StateReport(EventListReport[EventOptions]):
    """Events between two states, with a chart of the states.

    Attributes:
        chart_title: Header of the chart, a msgid.

    """

    Options = EventOptions
    group: ClassVar[Group] = Group.DEVICE_STATUS
    chart_title: ClassVar[str]

    def figures(self, options: EventOptions) -> Sequence[Figure[EventRows]]:
        """Return the numbers of the summary sheet, one for each type."""
        del options
        return [_count_of(event_type) for event_type in self.types]

    def sections(self, context: SheetContext[EventOptions], data: TrackerData, rows: EventRows) -> Sequence[Section]:
        """Return the chart of the states before all else."""
        return [self._states(context, rows), *super().sections(context, data, rows)]

    def _states(self, context: SheetContext[EventOptions], rows: EventRows) -> Section:
        """Return the states inside the windows: each until the next event of the period, the last until its end."""
        language, time_ms = context.language, moments_of(rows.period, "time")
        lanes = [Lane(id=one, name=name_of(language, one)) for one in self.types]
        states = np.array([self.types.index(one.event) for one in rows.period], np.int64)
        pieces = context.windows.cut(time_ms, np.append(time_ms[1:], context.end_ms))
        spans = Spans(states[pieces.span], pieces.start_ms, pieces.end_ms)
        return timeline(language, language.t(self.chart_title), (context.start_ms, context.end_ms), lanes, spans)


def _count_of(event_type: str) -> Figure[EventRows]:
    def values(rows: EventRows) -> list[float]:
        return [float(one == event_type) for one in rows.types]

    return Figure(event_type, EVENT_TYPES[event_type], values, in_rows=False)


class AllEventsReport(EventListReport[AllEventsOptions]):
    """Events of all types, or of those asked for, and their distribution over the period."""

    id: ClassVar[int] = 11
    title: ClassVar[str] = _("Report on all events")
    description: ClassVar[str] = _("Events of chosen types by day, and their distribution over time.")
    group: ClassVar[Group] = Group.ACTIVITY
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.event"
    ui_module: ClassVar[str] = "Event"
    Options = AllEventsOptions

    def wanted(self, options: AllEventsOptions) -> Sequence[str]:
        """Return the types asked for."""
        return options.event_types

    def charts(self, context: SheetContext[AllEventsOptions], rows: EventRows) -> Sequence[Section]:
        """Return the distribution, a lane for each type."""
        language, types = context.language, self.counted(context.options, rows)
        lanes = [Lane(id=one, name=name_of(language, one)) for one in types]
        period_ms = context.start_ms, context.end_ms
        spans = Spans([types.index(one) for one in rows.types], rows.time_ms)
        return [timeline(language, language.t(_("Event distribution")), period_ms, lanes, spans)]


class EventTypesReport(EventListReport[EventListOptions]):
    """Kind of report on events of fixed types."""

    group: ClassVar[Group] = Group.SAFETY_AND_SECURITY
    Options = EventListOptions


class CarSecurityReport(EventTypesReport):
    """Alarms of a vehicle."""

    id: ClassVar[int] = 15
    title: ClassVar[str] = _("Car security report")
    description: ClassVar[str] = _("Alarms of the vehicle by day: doors, hood, ignition, power, towing.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.car_security"
    ui_module: ClassVar[str] = "CarSecurity"
    types = SECURITY


class SosReport(EventTypesReport):
    """Uses of the emergency button."""

    id: ClassVar[int] = 16
    title: ClassVar[str] = _("Emergency button (SOS) report")
    description: ClassVar[str] = _("When and where the emergency button was pressed.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.sos"
    ui_module: ClassVar[str] = "Sos"
    types = SOS


class FallReport(EventTypesReport):
    """Falls."""

    id: ClassVar[int] = 17
    title: ClassVar[str] = _("Fall detection report")
    description: ClassVar[str] = _("When and where a fall was detected.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.fall"
    ui_module: ClassVar[str] = "Fall"
    types = FALL


class DetachReport(EventTypesReport):
    """Trackers taken off."""

    id: ClassVar[int] = 18
    title: ClassVar[str] = _("Tracker detach report")
    description: ClassVar[str] = _("Trackers taken off, and opened cases, locks and bracelets.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.detach"
    ui_module: ClassVar[str] = "Detach"
    types = DETACH


class SafetyReport(EventTypesReport):
    """All events of security."""

    id: ClassVar[int] = 19
    title: ClassVar[str] = _("Overall security report")
    description: ClassVar[str] = _("All events of security by day: alarms, emergency button, falls, tampering.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.safety"
    ui_module: ClassVar[str] = "Safety"
    types = (*SECURITY, *SOS, *FALL, *DETACH, "antenna_disconnect")


class LocationRequestReport(EventTypesReport):
    """Locations by request."""

    id: ClassVar[int] = 20
    title: ClassVar[str] = _("SMS locations report")
    description: ClassVar[str] = _("Locations that were sent on request.")
    group: ClassVar[Group] = Group.DEVICE_STATUS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.location_request"
    ui_module: ClassVar[str] = "LocationRequest"
    types = ("location_response", "force_location_request")


class ConnectionLostReport(StateReport):
    """Losses of connection."""

    id: ClassVar[int] = 13
    title: ClassVar[str] = _("GSM connection lost report")
    description: ClassVar[str] = _("When the connection was lost and restored.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.connection_lost"
    ui_module: ClassVar[str] = "ConnectionLost"
    types = ("offline", "online")
    chart_title: ClassVar[str] = _("Connection")


class DeviceSwitchingReport(StateReport):
    """Switching of a device."""

    id: ClassVar[int] = 23
    title: ClassVar[str] = _("Device switching ON/OFF report")
    description: ClassVar[str] = _("When the device was switched on and off.")
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.device_switching"
    ui_module: ClassVar[str] = "DeviceSwitching"
    types = ("poweroff", "poweron")
    chart_title: ClassVar[str] = _("Device power")
