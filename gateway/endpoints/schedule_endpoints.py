"""Endpoints of the tracker side about scheduled reports, by path."""

from gateway.endpoints.tracker_endpoint import TrackerEndpoint, listing, unary
from gateway.errors import Code
from gateway.requests import schedule_requests as requests
from gateway.shapes import schedule_responses as responses
from gateway.shapes.tracker_responses import NOTHING

GONE = Code.NOT_IN_DATABASE

SCHEDULE_ENDPOINTS: dict[str, TrackerEndpoint] = {
    "report/schedule/create": unary(
        "Schedule a report: it is made on the days of the schedule, and mailed where the schedule names addresses",
        requests.creation,
        lambda to: to.schedules.CreateSchedule,
        responses.CREATED,
        missing=GONE,
    ),
    "report/schedule/update": unary(
        "Replace a schedule by another one of the same id",
        requests.change,
        lambda to: to.schedules.UpdateSchedule,
        NOTHING,
        missing=GONE,
    ),
    "report/schedule/list": listing(
        "The caller's schedules by id",
        requests.schedules,
        lambda to: to.schedules.ListSchedules,
        responses.SCHEDULE_LISTS,
    ),
    "report/schedule/delete": unary(
        "Delete a schedule; its reports stay",
        requests.deletion,
        lambda to: to.schedules.DeleteSchedule,
        NOTHING,
        missing=GONE,
    ),
    "report/schedule/run": unary(
        "Make and deliver the report of a schedule now",
        requests.run,
        lambda to: to.schedules.RunNow,
        responses.RUNNING,
        missing=GONE,
    ),
    "report/schedule/test": unary(
        "Make the report of a schedule now, and send it as a test to some addresses, the caller's own without any",
        requests.test,
        lambda to: to.schedules.SendTest,
        responses.RUNNING,
        missing=GONE,
    ),
    "report/schedule/runs/list": listing(
        "The runs of a schedule, newest first, with what came of each delivery; they are kept for 90 days",
        requests.runs,
        lambda to: to.schedules.ListRuns,
        responses.RUN_LISTS,
        missing=GONE,
    ),
    "report/schedule/runs/resolve": unary(
        "Send a delivery again that is in doubt or has failed, or drop one in doubt",
        requests.resolution,
        lambda to: to.schedules.ResolveDelivery,
        NOTHING,
        missing=GONE,
    ),
}
