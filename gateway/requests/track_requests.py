"""Requests of the tracker side about tracks as messages."""

from daybook.input.v1.track_service_pb2 import ListTracksRequest, ReadMileageRequest, ReadTrackRequest

from gateway.requests.parameters import Parameters
from gateway.requests.tracker_requests import Listing, Q, TrackerRequest

NEVER_SEEN = ("include_gsm_lbs", "cluster_single_reports")  # flags about points that Daybook does not have
POINT_LIMIT = 2, 3_000  # points of a track, at least and at most


def tracks(request: TrackerRequest) -> Listing[ListTracksRequest]:
    """Return the list of tracks that is asked for."""
    parameters = request.parameters
    for name in NEVER_SEEN:
        parameters.flag(name)
    message = ListTracksRequest(
        tracker_id=parameters.integer("tracker_id", low=1),
        period_start=parameters.text("from", required=True),
        period_end=parameters.text("to", required=True),
        unfiltered=_is_off(parameters, "filter"),
        unsplit=_is_off(parameters, "split"),
        omit_addresses=bool(parameters.flag("omit_addresses")),
        count_events=bool(parameters.flag("count_events")),
        with_points=bool(parameters.flag("with_points")),
        point_limit=parameters.optional_integer("point_limit", *POINT_LIMIT) or 0,
    )
    return _listing(parameters, message)


def track(request: TrackerRequest) -> Listing[ReadTrackRequest]:
    """Return the points that are asked for."""
    parameters = request.parameters
    parameters.flag(NEVER_SEEN[0])
    message = ReadTrackRequest(
        tracker_id=parameters.integer("tracker_id", low=1),
        period_start=parameters.text("from", required=True),
        period_end=parameters.text("to", required=True),
        track_id=parameters.optional_integer("track_id", low=1) or 0,
        unfiltered=_is_off(parameters, "filter"),
        unsimplified=_is_off(parameters, "simplify"),
        point_limit=parameters.optional_integer("point_limit", *POINT_LIMIT) or 0,
    )
    return _listing(parameters, message)


def mileage(request: TrackerRequest) -> ReadMileageRequest:
    """Return the mileage that is asked for."""
    parameters = request.parameters
    message = ReadMileageRequest(
        tracker_ids=parameters.integers("trackers", low=1),
        period_start=parameters.text("from", required=True),
        period_end=parameters.text("to", required=True),
    )
    parameters.check()
    return message


def _is_off(parameters: Parameters, name: str) -> bool:
    """Return whether a flag that is on without a word is switched off."""
    return parameters.flag(name) is False


def _listing(parameters: Parameters, message: Q) -> Listing[Q]:
    iso = parameters.flag("iso_datetime")
    parameters.check()
    return Listing(message, iso=bool(iso))
