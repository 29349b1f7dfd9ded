"""Parameters that describe a report to generate, its period aside, as a message."""

from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.report.v1.report_pb2 import Geocoder, Plugin, ReportType, TimeFilter

from gateway.requests import json_text
from gateway.requests.parameters import Parameters
from services.runtime.enum_words import numbers_of

WHOLE_WEEK = range(1, 8)
GEOCODERS = {word: number for word, number in numbers_of(Geocoder.DESCRIPTOR).items() if word}
TYPES = {word: number for word, number in numbers_of(ReportType.DESCRIPTOR).items() if word}


def report_of(parameters: Parameters) -> GenerateReportRequest:
    """Return the report that parameters describe, without its period; parameters of a wrong type are noted."""
    return GenerateReportRequest(
        plugin=_plugin(parameters),
        time_filter=_time_filter(parameters),
        tracker_ids=parameters.integers("trackers", low=1),
        employee_ids=parameters.integers("employees", low=1),
        include_places_in_address=parameters.flag("include_places_in_address"),
        include_zones_in_address=parameters.flag("include_zones_in_address"),
        geocoder=parameters.optional_choice("geocoder", GEOCODERS) or Geocoder.GEOCODER_UNSPECIFIED,
        type=parameters.optional_choice("type", TYPES) or ReportType.REPORT_TYPE_UNSPECIFIED,
        title=parameters.text("title"),
        locale=parameters.text("locale"),
    )


def _plugin(parameters: Parameters) -> Plugin | None:
    """Return the plugin, whose id may also stand beside it (reference section 2.1)."""
    plugin = parameters.inner("plugin")
    if plugin is None and not parameters.has("plugin_id"):
        parameters.note("plugin", "is required")
        return None
    inside = plugin is not None and (plugin.has("plugin_id") or not parameters.has("plugin_id"))
    holder = plugin if plugin is not None and inside else parameters
    number = holder.integer("plugin_id")
    if plugin is None:
        return Plugin(id=number)
    options = ((name, value) for name, value in plugin.items() if name != "plugin_id" and value is not None)
    return Plugin(id=number, options=json_text.struct_of(options, plugin.note))


def _time_filter(parameters: Parameters) -> TimeFilter | None:
    """Return the daily window; parts left out are the whole day and the whole week (reference section 1.4)."""
    window = parameters.inner("time_filter")
    if window is None:
        return None
    weekdays = window.integers("weekdays", 1, 7)
    if weekdays == []:
        window.note("weekdays", "must name at least one day")
    return TimeFilter(
        start_time_of_day=window.text("from") or "00:00:00",
        end_time_of_day=window.text("to") or "23:59:59",
        weekdays=WHOLE_WEEK if weekdays is None else weekdays,
    )
