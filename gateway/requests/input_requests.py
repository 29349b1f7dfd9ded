"""Requests of the tracker side for records of the account as messages."""

from collections.abc import AsyncGenerator

from daybook.input.v1.input_service_pb2 import ListRequest, ListResponse, ReadZonePointsRequest

from gateway.clients import Caller, Services
from gateway.errors import Code, PublicError
from gateway.requests.parameters import Parameters
from gateway.requests.tracker_requests import LONGEST_FILTER, OFFSET, Listing, TrackerRequest, sorted_list

MOST_TRACKERS = 500
POINT_COUNT = 3, 1_024  # points of a zone, at least and at most
PLACE_ORDERS = {name: name for name in ("id", "label", "description", "external_id")}


def groups(_: TrackerRequest) -> Listing[ListRequest]:
    """Return the list of groups of trackers."""
    return Listing(ListRequest(kind="tracker_groups"))


def vehicles(request: TrackerRequest) -> Listing[ListRequest]:
    """Return the list of vehicles that is asked for."""
    return sorted_list(request, "vehicles")


def zones(request: TrackerRequest) -> Listing[ListRequest]:
    """Return the list of zones that is asked for, with their points or without."""
    parameters = request.parameters
    message, limit = _part_of(parameters, "zones")
    with_points = parameters.flag("with_points")
    parameters.check()
    return Listing(message, limit, with_points=bool(with_points))


def zone_points(request: TrackerRequest) -> ReadZonePointsRequest:
    """Return the points of a zone that are asked for."""
    parameters = request.parameters
    message = ReadZonePointsRequest(
        zone_id=parameters.integer("zone_id", low=1),
        point_count=parameters.optional_integer("count", *POINT_COUNT) or 0,
    )
    parameters.check()
    return message


def places(request: TrackerRequest) -> Listing[ListRequest]:
    """Return the list of places that is asked for."""
    parameters = request.parameters
    message, limit = _part_of(parameters, "places")
    order, ascending = parameters.optional_choice("order_by", PLACE_ORDERS), parameters.flag("ascending")
    message.ids.extend(parameters.integers("place_ids", low=1) or ())
    if order or ascending is False:
        message.order_by = f"{order or 'id'}{' desc' if ascending is False else ''}"
    parameters.check()
    return Listing(message, limit)


def _part_of(parameters: Parameters, kind: str) -> tuple[ListRequest, int | None]:
    """Return the part of a list by a filter and tags, and the number of entries at most."""
    offset, limit = parameters.optional_integer("offset", *OFFSET), parameters.optional_integer("limit", low=1)
    text, tags = parameters.text("filter", longest=LONGEST_FILTER), parameters.integers("tag_ids", low=0)
    message = ListRequest(kind=kind, text=text, tags=map(str, tags or ()), skip=offset or 0)
    return message, limit


def sensors(request: TrackerRequest) -> Listing[ListRequest]:
    """Return the list of a tracker's sensors."""
    tracker_id = request.parameters.integer("tracker_id", low=1)
    request.parameters.check()
    return Listing(ListRequest(kind="sensors", tracker_ids=[tracker_id]))


def batch_of_sensors(request: TrackerRequest) -> ListRequest:
    """Return the list of the sensors of some trackers. Raises PublicError 221 for too many trackers."""
    parameters = request.parameters
    if not parameters.has("trackers"):
        parameters.note("trackers", "is required")
    tracker_ids = parameters.integers("trackers", low=1)
    parameters.check()
    wanted = list(dict.fromkeys(tracker_ids or ()))
    if len(wanted) > MOST_TRACKERS:
        raise PublicError(Code.TOO_MANY_DEVICES)
    return ListRequest(kind="sensors", tracker_ids=wanted)


async def pages_of_sensors(
    services: Services, message: ListRequest, caller: Caller
) -> AsyncGenerator[ListResponse | ListRequest, None]:
    """Yield the request, then the pages of sensors; of no tracker there are none."""
    yield message
    if message.tracker_ids:
        async for page in services.pages(services.inputs.List, message, caller):
            yield page
