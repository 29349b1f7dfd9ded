"""Endpoints of the tracker side that list what an account has, by path."""

from gateway.endpoints.tracker_endpoint import TrackerEndpoint, gathering, listing, unary
from gateway.errors import NONEXISTENT_ENTITIES, Code
from gateway.requests import input_requests as requests
from gateway.requests import tracker_requests
from gateway.shapes import input_responses as responses
from gateway.shapes.tracker_responses import EMPLOYEE_LIST, TRACKER_LIST

INPUT_ENDPOINTS: dict[str, TrackerEndpoint] = {
    "tracker/list": listing(
        "The account's trackers, all or those whose labels contain some texts",
        tracker_requests.trackers,
        lambda to: to.inputs.List,
        {False: TRACKER_LIST},
    ),
    "tracker/group/list": listing(
        "The groups of the account's trackers",
        requests.groups,
        lambda to: to.inputs.List,
        {False: responses.GROUP_LIST},
    ),
    "employee/list": listing(
        "The account's employees, and how many match",
        tracker_requests.employees,
        lambda to: to.inputs.List,
        {False: EMPLOYEE_LIST},
    ),
    "vehicle/list": listing(
        "The account's vehicles", requests.vehicles, lambda to: to.inputs.List, {False: responses.VEHICLE_LIST}
    ),
    "zone/list": listing(
        "The account's zones, with their points where these are wanted",
        requests.zones,
        lambda to: to.inputs.List,
        responses.ZONE_LISTS,
    ),
    "zone/point/list": unary(
        "The points of a polygon or a corridor",
        requests.zone_points,
        lambda to: to.inputs.ReadZonePoints,
        responses.ZONE_POINTS,
        missing=Code.NOT_IN_DATABASE,
    ),
    "place/list": listing(
        "The account's places, and how many match",
        requests.places,
        lambda to: to.inputs.List,
        {False: responses.PLACE_LIST},
    ),
    "tracker/sensor/list": listing(
        "The sensors of a tracker",
        requests.sensors,
        lambda to: to.inputs.List,
        {False: responses.SENSOR_LIST},
        missing=Code.NOT_IN_DATABASE,
        missing_reason=NONEXISTENT_ENTITIES,
    ),
    "tracker/sensor/batch_list": gathering(
        "The sensors of some trackers",
        requests.batch_of_sensors,
        requests.pages_of_sensors,
        responses.SENSORS_BY_TRACKER,
    ),
}
