"""Requests of the tracker side as messages. All type errors of a request are named at once."""

import re
from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import uuid4

from aiohttp import web
from daybook.account.v1.account_service_pb2 import GetProfileRequest, LogInRequest
from daybook.generation.v1.generation_service_pb2 import (
    DeleteReportRequest,
    GenerateReportRequest,
    GetReportRequest,
    ListKindsRequest,
    ListReportsRequest,
)
from daybook.input.v1.input_service_pb2 import GetParkingRequest, ListRequest, UpdateParkingRequest
from daybook.rendering.v1.rendering_service_pb2 import Format, RenderRequest
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.message import Message

from gateway.clients import Caller, shows_bearer
from gateway.errors import Code, PublicError
from gateway.files import FORMATS
from gateway.requests.bodies import values_of
from gateway.requests.parameters import Parameters, TextsLimit
from gateway.requests.report_parameters import report_of
from gateway.settings import Settings

Q = TypeVar("Q", bound=Message)
HASH = re.compile(r"[0-9a-fA-F]{32}")
SORT = re.compile(r"\w+=(asc|desc)")
LABELS, ORDER = TextsLimit(1, 1024, shortest=1, longest=60), TextsLimit(0, 2)
LONGEST_FILTER = 100
OFFSET = 0, 1_000_000  # entries of a list that are passed over, at least and at most
PROGRESS = FieldMask(paths=["state", "percent"])
REPEAT_KEY = "Idempotency-Key"


@dataclass(frozen=True, slots=True)
class TrackerRequest:
    """Parameters of a request and its caller."""

    parameters: Parameters
    caller: Caller


async def read(request: web.Request, settings: Settings, *, signed: bool = True) -> TrackerRequest:
    """Return the parameters and the caller of a request.

    Raises PublicError 9 or 5 for a bad body and, when it must be signed, 3 for a missing or malformed hash.
    """
    values = await values_of(request, settings)
    values.setdefault("iso_datetime", request.headers.get("NVX-ISO-DateTime"))
    values[REPEAT_KEY] = request.headers.get(REPEAT_KEY)  # a header only
    caller = Caller(_authorization(request, values)) if signed else Caller()
    return TrackerRequest(Parameters(values), caller)


def _authorization(request: web.Request, values: dict[str, object]) -> str:
    """Return the hash from header, body or query, in this order (reference section 1.2).

    A bearer token without a hash is passed on: generation refuses, counts and audits it.
    """
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    candidate = token.strip() if scheme.upper() == "NVX" else values.get("hash")
    if isinstance(candidate, str) and HASH.fullmatch(candidate):
        return f"NVX {candidate}"
    if shows_bearer(header):
        return header
    raise PublicError(Code.WRONG_HASH)


@dataclass(frozen=True, slots=True)
class Listing(Generic[Q]):
    """Request for a list: its message, the number of entries at most, and the form of the entries.

    They have dates with "T" and offset, or their points, or neither.
    """

    message: Q
    limit: int | None = None
    iso: bool = False
    with_points: bool = False

    @property
    def form(self) -> bool:
        """Return whether the entries are of the other form than usual."""
        return self.iso or self.with_points


def reports(request: TrackerRequest) -> Listing[ListReportsRequest]:
    """Return the list of reports that is asked for."""
    wanted = request.parameters.flag("iso_datetime")
    request.parameters.check()
    return Listing(ListReportsRequest(), iso=bool(wanted))


def kinds(_: TrackerRequest) -> Listing[ListKindsRequest]:
    """Return the list of kinds of reports."""
    return Listing(ListKindsRequest())


def trackers(request: TrackerRequest) -> Listing[ListRequest]:
    """Return the list of trackers that is asked for."""
    labels = request.parameters.texts("labels", LABELS)
    request.parameters.check()
    return Listing(ListRequest(kind="trackers", texts=labels))


def employees(request: TrackerRequest) -> Listing[ListRequest]:
    """Return the list of employees that is asked for; `sort` has entries such as `last_name=desc`."""
    return sorted_list(request, "employees")


def sorted_list(request: TrackerRequest, kind: str) -> Listing[ListRequest]:
    """Return the list of records of a kind that is asked for by a filter, an order and a part."""
    parameters = request.parameters
    offset, limit = parameters.optional_integer("offset", *OFFSET), parameters.optional_integer("limit", low=1)
    sort, text = parameters.texts("sort", ORDER), parameters.text("filter", longest=LONGEST_FILTER)
    if not all(map(SORT.fullmatch, sort)):
        parameters.note("sort", "must be fields with a direction each, such as `last_name=desc`")
    parameters.check()
    order = ", ".join(one.replace("=", " ") for one in sort)
    return Listing(ListRequest(kind=kind, text=text, order_by=order, skip=offset or 0), limit)


def profile(request: TrackerRequest) -> GetProfileRequest:
    """Return the request for the caller's account."""
    request.parameters.flag("iso_datetime")
    request.parameters.check()
    return GetProfileRequest()


def login(request: TrackerRequest) -> LogInRequest:
    """Return the login and the password."""
    parameters = request.parameters
    message = LogInRequest(
        login=parameters.text("login", required=True), password=parameters.text("password", required=True)
    )
    parameters.check()
    return message


def progress(request: TrackerRequest) -> GetReportRequest:
    """Return the report whose progress is asked for."""
    return GetReportRequest(report_id=_report_id(request), read_mask=PROGRESS)


def deletion(request: TrackerRequest) -> DeleteReportRequest:
    """Return the report to delete."""
    return DeleteReportRequest(report_id=_report_id(request))


def _report_id(request: TrackerRequest) -> int:
    number = request.parameters.integer("report_id", low=1)
    request.parameters.check()
    return number


def parking_of(request: TrackerRequest) -> GetParkingRequest:
    """Return the tracker whose trip detection is asked for."""
    tracker_id = request.parameters.integer("tracker_id", low=1)
    request.parameters.check()
    return GetParkingRequest(tracker_id=tracker_id)


def parking_change(request: TrackerRequest) -> UpdateParkingRequest:
    """Return the settings of trip detection to change; those left out stay as they are."""
    parameters = request.parameters
    message = UpdateParkingRequest(tracker_id=parameters.integer("tracker_id", low=1))
    values: dict[str, float | bool | None] = {
        "min_idle_minutes": parameters.optional_integer("min_idle_duration_minutes"),
        "idle_speed_kmh": parameters.number("idle_speed_threshold"),
        "ignition_aware": parameters.flag("ignition_aware"),
        "motion_sensor_aware": parameters.flag("motion_sensor_aware"),
    }
    parameters.check()
    for name, value in values.items():
        if value is not None:
            setattr(message.parking, name, value)
            message.update_mask.paths.append(name)
    return message


def retrieval(request: TrackerRequest) -> RenderRequest:
    """Return the report to render as the public JSON."""
    return _rendering(request.parameters, json=True)


def download(request: TrackerRequest) -> RenderRequest:
    """Return the report to render and its format."""
    return _rendering(request.parameters, json=False)


def _rendering(parameters: Parameters, *, json: bool) -> RenderRequest:
    message = RenderRequest(
        report_id=parameters.integer("report_id", low=1),
        headless=bool(parameters.flag("headless")),
        full=bool(parameters.flag("full")),
        iso_datetime=bool(parameters.flag("iso_datetime")),
        format=Format.FORMAT_JSON if json else parameters.choice("format", FORMATS) or Format.FORMAT_UNSPECIFIED,
        accept_zstd=json,
    )
    parameters.check()
    return message


def generation(request: TrackerRequest) -> GenerateReportRequest:
    """Return the report to generate.

    Generation judges the values (dates, options, trackers). It also answers for the parameters noted here as of a
    wrong type, so that one response names all that is bad.
    """
    parameters = request.parameters
    message = report_of(parameters)
    message.request_id = parameters.text(REPEAT_KEY) or uuid4().hex  # safe to repeat at another replica
    message.period_start = parameters.text("from", required=True)
    message.period_end = parameters.text("to", required=True)
    return message
