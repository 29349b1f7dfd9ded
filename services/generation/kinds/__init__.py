"""Kinds of reports: one file each, listed here; distributions of third parties add theirs by entry points."""

import logging
from collections.abc import Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from services.errors.reports import PluginNotFound
from services.generation.domain.plain_text import ids_text
from services.generation.kinds.checkin_report import CheckinReport
from services.generation.kinds.driver_change_report import DriverChangeReport
from services.generation.kinds.eco_reports import EcoDriversReport, EcoTrackersReport
from services.generation.kinds.engine_hours_report import EngineHoursReport
from services.generation.kinds.equipment_report import EquipmentReport
from services.generation.kinds.event_reports import (
    AllEventsReport,
    CarSecurityReport,
    ConnectionLostReport,
    DetachReport,
    DeviceSwitchingReport,
    FallReport,
    LocationRequestReport,
    SafetyReport,
    SosReport,
)
from services.generation.kinds.flow_meter_report import FlowMeterReport
from services.generation.kinds.form_report import FormReport
from services.generation.kinds.fuel_2_report import Fuel2Report
from services.generation.kinds.fuel_report import FuelReport
from services.generation.kinds.point_report import PointReport
from services.generation.kinds.sensor_reports import SensorReport, VehicleReadingsReport
from services.generation.kinds.speed_violation_report import SpeedViolationReport
from services.generation.kinds.stops_report import StopsReport
from services.generation.kinds.task_report import TaskReport
from services.generation.kinds.trip_shifts_report import TripShiftsReport
from services.generation.kinds.trip_state_report import TripStateReport
from services.generation.kinds.trips_report import TripsReport
from services.generation.kinds.visit_reports import PlaceReport, ZoneReport, ZoneStayReport
from services.generation.kinds.work_status_report import WorkStatusReport
from services.generation.kinds.zone_event_report import ZoneEventReport
from services.generation.kit.kind import ReportKind
from services.generation.kit.kind_faults import faults_of

log = logging.getLogger("daybook.kinds")

ENTRY_POINTS = "daybook.report_plugins"
MAX_KNOWN = 90  # characters of the ids in an error

AnyKind = ReportKind[Any, Any, Any]

KINDS: tuple[AnyKind, ...] = (
    TripsReport(),
    StopsReport(),
    PointReport(),
    TripStateReport(),
    TripShiftsReport(),
    SpeedViolationReport(),
    FuelReport(),
    Fuel2Report(),
    FlowMeterReport(),
    SensorReport(),
    VehicleReadingsReport(),
    EngineHoursReport(),
    EquipmentReport(),
    TaskReport(),
    FormReport(),
    WorkStatusReport(),
    CheckinReport(),
    EcoTrackersReport(),
    EcoDriversReport(),
    ZoneReport(),
    ZoneStayReport(),
    PlaceReport(),
    ZoneEventReport(),
    CarSecurityReport(),
    SosReport(),
    FallReport(),
    DetachReport(),
    SafetyReport(),
    LocationRequestReport(),
    ConnectionLostReport(),
    DeviceSwitchingReport(),
    AllEventsReport(),
    DriverChangeReport(),
)


@cache
def all_kinds() -> dict[int, AnyKind]:
    """Return all kinds of reports by id; those listed here win over a third party's of the same id."""
    return {kind.id: kind for kind in (*_third_party_kinds(), *KINDS)}


def find_kind(kind_id: int) -> AnyKind:
    """Return a kind of report. Raises PluginNotFound."""
    try:
        return all_kinds()[kind_id]
    except KeyError:
        known = ids_text(all_kinds(), MAX_KNOWN)
        error = PluginNotFound(plugin_id=str(kind_id), known=known)
        raise error.naming("plugin.plugin_id", f"is none of {known}") from None


def _third_party_kinds() -> Iterator[AnyKind]:
    """Yield the kinds of installed distributions; those that cannot serve are left out, with the reason in the log."""
    for point in entry_points(group=ENTRY_POINTS):
        kind = _loaded(point)
        faults = list(faults_of(kind))
        if isinstance(kind, ReportKind) and not faults:
            yield kind
        elif kind is not None:
            log.error("the report %s is refused: %s", point.name, "; ".join(faults))


def _loaded(point: EntryPoint) -> object:
    """Return an installed kind, or None after logging why there is none."""
    try:
        return point.load()()
    except Exception:
        log.exception("the report %s cannot be loaded", point.name)
        return None
