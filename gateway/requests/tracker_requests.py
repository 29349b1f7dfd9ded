"""What is asked: parameters and headers of a request as messages. All type errors of a request are named at once."""

import re
from dataclasses import dataclass

from aiohttp import web
from daybook.account.v1.account_service_pb2 import LogInRequest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderReportRequest
from daybook.report.v1.report_pb2 import Plugin, TimeFilter

from gateway.errors import Code, PublicError
from gateway.requests.bodies import values_of
from gateway.requests.parameters import Parameters
from gateway.settings import Settings
from gateway.structs import to_struct

HASH = re.compile(r"[0-9a-fA-F]{32}")
WHOLE_WEEK = range(1, 8)
REPEAT_KEY = "Idempotency-Key"
FORMATS = {
    "xlsx": Format.FORMAT_XLSX,
    "xls": Format.FORMAT_XLS,
    "pdf": Format.FORMAT_PDF,
    "csv": Format.FORMAT_CSV,
    "json": Format.FORMAT_JSON,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request brings: its parameters, and who asks as `NVX <hash>`; None where nobody needs to be known."""

    parameters: Parameters
    authorization: str | None


async def read(request: web.Request, settings: Settings, *, signed: bool = True) -> Asked:
    """Return what a request brings.

    Raises PublicError 9 or 5 for a bad body and, when it must be signed, 3 for a missing or malformed hash.
    """
    values = await values_of(request, settings)
    values.setdefault("iso_datetime", request.headers.get("NVX-ISO-DateTime"))
    values[REPEAT_KEY] = request.headers.get(REPEAT_KEY)  # a header only
    return Asked(Parameters(values), _authorization(request, values) if signed else None)


def _authorization(request: web.Request, values: dict[str, object]) -> str:
    """Return the hash from header, body or query, in this order (reference section 1.2)."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    candidate = token.strip() if scheme.upper() == "NVX" else values.get("hash")
    if not isinstance(candidate, str) or not HASH.fullmatch(candidate):
        raise PublicError(Code.WRONG_HASH)
    return f"NVX {candidate}"


def report_id(asked: Asked) -> int:
    """Return the id of the report that a request is about."""
    number = asked.parameters.integer("report_id", low=1)
    asked.parameters.check()
    return number


def wants_iso(asked: Asked) -> bool:
    """Say whether dates are wanted with "T" and offset."""
    wanted = asked.parameters.flag("iso_datetime")
    asked.parameters.check()
    return bool(wanted)


def login(asked: Asked) -> LogInRequest:
    """Return the login and the password."""
    parameters = asked.parameters
    message = LogInRequest(
        login=parameters.text("login", required=True), password=parameters.text("password", required=True)
    )
    parameters.check()
    return message


def rendering(asked: Asked, *, json: bool = False) -> RenderReportRequest:
    """Return the report and the format asked for; with `json`, the public JSON whatever format is named."""
    parameters = asked.parameters
    number = parameters.integer("report_id", low=1)
    headless, iso = parameters.flag("headless"), parameters.flag("iso_datetime")
    wanted = Format.FORMAT_JSON if json else FORMATS.get(parameters.text("format").lower())
    if wanted is None:
        parameters.note("format", f"must be one of {', '.join(FORMATS)}")
        wanted = Format.FORMAT_UNSPECIFIED
    parameters.check()
    return RenderReportRequest(report_id=number, format=wanted, headless=bool(headless), iso_datetime=bool(iso))


def generation(asked: Asked) -> GenerateReportRequest:
    """Return the report asked for.

    What its values mean (dates, options, trackers) is for generation to judge. It also answers for the parameters that
    are of a wrong type here, so that one answer names all that is bad.
    """
    parameters = asked.parameters
    message = GenerateReportRequest(
        plugin=_plugin(parameters),
        time_filter=_time_filter(parameters),
        tracker_ids=parameters.integers("trackers", low=1),
        employee_ids=parameters.integers("employees", low=1),
        include_places_in_address=parameters.flag("include_places_in_address"),
        include_zones_in_address=parameters.flag("include_zones_in_address"),
        request_id=parameters.text(REPEAT_KEY),
        period_start=parameters.text("from", required=True),
        period_end=parameters.text("to", required=True),
    )
    for name in ("title", "geocoder", "type", "locale"):
        setattr(message, name, parameters.text(name))
    return message


def _plugin(parameters: Parameters) -> Plugin | None:
    """Return the plugin, whose id may also stand beside it (reference section 2.1)."""
    plugin = parameters.inner("plugin")
    if plugin is None and not parameters.has("plugin_id"):
        parameters.note("plugin", "is required")
        return None
    inside = plugin is not None and (plugin.has("plugin_id") or not parameters.has("plugin_id"))
    holder = plugin if plugin is not None and inside else parameters
    return Plugin(id=holder.integer("plugin_id"), options=None if plugin is None else to_struct(plugin))


def _time_filter(parameters: Parameters) -> TimeFilter | None:
    """Return the daily window; what it leaves out is the whole day and the whole week (reference section 1.4)."""
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
