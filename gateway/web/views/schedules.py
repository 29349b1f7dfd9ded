"""Scheduled reports: the list, a schedule with its form and its runs, and what is done with them."""

import asyncio
from collections.abc import Sequence

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import GetReportRequest
from daybook.savedreport.v1.saved_report_service_pb2 import GetSavedReportRequest
from daybook.schedule.v1 import schedule_pb2, schedule_service_pb2

from gateway.errors import Code, PublicError
from gateway.http_responses import json_response
from gateway.requests.bodies import values_of
from gateway.requests.parameters import Parameters
from gateway.requests.schedule_requests import RESOLUTIONS
from gateway.shapes.tracker_responses import NOTHING
from gateway.web import schedule_forms
from gateway.web.documents import document
from gateway.web.labels import MOST_NAMED, labels_of, members_of
from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.schedule_entries import Names, choices_of, entry_of, form_of, request_of, run_of
from gateway.web.visitor import Visitor, visitor_of

PAGE_SIZE = 100
RUNS_SHOWN = 20
USUAL = schedule_pb2.Schedule(
    enabled=True,
    period="1w",
    rule=schedule_pb2.Rule(weekdays=schedule_pb2.Weekdays(days=[1])),
    sending_time="06:00",
)


async def _list(page: PageRequest) -> web.Response:
    services = page.services
    message = schedule_service_pb2.ListSchedulesRequest(
        page_size=PAGE_SIZE, page_token=page.query.get("page_token", "")
    )
    visitor, found = await asyncio.gather(
        visitor_of(page), services.call(services.schedules.ListSchedules, message, page.caller)
    )
    names = await _names(page, visitor, found.schedules)
    return document(
        page,
        "schedules.html",
        visitor,
        schedules=[entry_of(one, visitor, names) for one in found.schedules],
        is_first_page=not message.page_token,
        next_page_token=found.next_page_token,
    )


async def _names(page: PageRequest, visitor: Visitor, schedules: Sequence[schedule_pb2.Schedule]) -> Names:
    """Return the names of what schedules mean by ids, of members where some are receivers."""
    with_members = [one for one in schedules if any(to.user_id for to in one.recipients)]
    return await _known(page, visitor, schedules, [one.time_report.workspace_id for one in with_members])


async def _known(
    page: PageRequest, visitor: Visitor, schedules: Sequence[schedule_pb2.Schedule], workspaces: Sequence[int]
) -> Names:
    """Return the names of what schedules mean by ids, and of all members of workspaces."""
    reports = [one.tracker_report for one in schedules]
    labels, kinds, members = await asyncio.gather(
        labels_of(
            page,
            [number for report in reports for number in report.tracker_ids[:MOST_NAMED]],
            [number for report in reports for number in report.employee_ids[:MOST_NAMED]],
        ),
        page.frame.kinds.of(page.services, visitor.locale),
        members_of(page, workspaces),
    )
    titles = {kind.id: kind.title for kind in kinds}
    return Names(titles, labels, {one.user_id: one.name or one.email for one in members}, members)


async def _new(page: PageRequest) -> web.Response:
    """Return the form of a new schedule, filled from the report or the saved report that the query names."""
    visitor, schedule = await asyncio.gather(visitor_of(page), _proposed(page))
    if not visitor.may_report and not schedule.HasField("time_report"):
        raise PublicError(Code.NOT_PERMITTED)
    return await _form(page, visitor, schedule)


async def _proposed(page: PageRequest) -> schedule_pb2.Schedule:
    proposed = schedule_pb2.Schedule()
    proposed.CopyFrom(USUAL)
    services, number, workspace = page.services, _number(page, "report"), _number(page, "workspace")
    if workspace:
        asked = GetSavedReportRequest(workspace_id=workspace, report_id=_number(page, "saved"))
        saved = (await services.call(services.saved_reports.GetSavedReport, asked, page.caller)).report
        chosen = schedule_pb2.SavedReportRef(workspace_id=workspace, report_id=saved.id, name=saved.name)
        proposed.time_report.CopyFrom(chosen)
    elif number:
        wanted = GetReportRequest(report_id=number)
        found = await services.call(services.generation.GetReport, wanted, page.caller)
        proposed.tracker_report.CopyFrom(request_of(found.report))
    return proposed


def _number(page: PageRequest, name: str) -> int:
    text = page.query.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(2**63)) else 0


async def _form(page: PageRequest, visitor: Visitor, schedule: schedule_pb2.Schedule) -> web.Response:
    of_time = [schedule.time_report.workspace_id] if schedule.HasField("time_report") else []
    names = await _known(page, visitor, [schedule], of_time)
    return document(
        page,
        "schedule_form.html",
        visitor,
        schedule=entry_of(schedule, visitor, names),
        form=form_of(schedule, visitor),
        choices=choices_of(visitor),
        members=names.people,
    )


async def _read(page: PageRequest) -> schedule_pb2.Schedule:
    message = schedule_service_pb2.GetScheduleRequest(schedule_id=page.id("schedule"))
    return (await page.services.call(page.services.schedules.GetSchedule, message, page.caller)).schedule


async def _edit(page: PageRequest) -> web.Response:
    visitor, schedule = await asyncio.gather(visitor_of(page), _read(page))
    return await _form(page, visitor, schedule)


async def _show(page: PageRequest) -> web.Response:
    """Return a schedule with its last runs. While one of them is not over, a module asks for it again and again."""
    services = page.services
    message = schedule_service_pb2.ListRunsRequest(schedule_id=page.id("schedule"), page_size=RUNS_SHOWN)
    visitor, schedule, runs = await asyncio.gather(
        visitor_of(page), _read(page), services.call(services.schedules.ListRuns, message, page.caller)
    )
    entry = entry_of(schedule, visitor, await _names(page, visitor, [schedule]))
    return _runs(page, visitor, "schedule.html", runs, schedule=entry, form=form_of(schedule, visitor))


async def _history(page: PageRequest) -> web.Response:
    """Return a page of the runs of a schedule."""
    services = page.services
    message = schedule_service_pb2.ListRunsRequest(
        schedule_id=page.id("schedule"), page_size=RUNS_SHOWN, page_token=page.query.get("page_token", "")
    )
    visitor, runs = await asyncio.gather(
        visitor_of(page), services.call(services.schedules.ListRuns, message, page.caller)
    )
    return _runs(page, visitor, "schedule_runs.html", runs, schedule={"id": message.schedule_id})


def _runs(
    page: PageRequest,
    visitor: Visitor,
    template: str,
    found: schedule_service_pb2.ListRunsResponse,
    **context: object,
) -> web.Response:
    return document(
        page,
        template,
        visitor,
        runs=[run_of(one, visitor) for one in found.runs],
        run_count=found.total_count,
        next_page_token=found.next_page_token,
        **context,
    )


async def _parameters(page: PageRequest) -> Parameters:
    return Parameters(await values_of(page.http, page.services.settings))


async def _create(page: PageRequest) -> web.Response:
    parameters = await _parameters(page)
    message = schedule_service_pb2.CreateScheduleRequest(schedule=schedule_forms.schedule_of(parameters))
    services = page.services
    made = await services.call(services.schedules.CreateSchedule, message, page.caller, parameters.faults)
    return json_response({"success": True, "id": made.schedule.id, "webhook_secret": made.webhook_secret})


async def _change(page: PageRequest) -> web.Response:
    parameters = await _parameters(page)
    message = schedule_forms.change_of(parameters, page.id("schedule"))
    services = page.services
    made = await services.call(services.schedules.UpdateSchedule, message, page.caller, parameters.faults)
    return json_response({"success": True, "id": made.schedule.id, "webhook_secret": made.webhook_secret})


async def _delete(page: PageRequest) -> web.Response:
    message = schedule_service_pb2.DeleteScheduleRequest(schedule_id=page.id("schedule"))
    return json_response(
        NOTHING.write(await page.services.call(page.services.schedules.DeleteSchedule, message, page.caller))
    )


async def _run(page: PageRequest) -> web.Response:
    message = schedule_service_pb2.RunNowRequest(schedule_id=page.id("schedule"))
    made = await page.services.call(page.services.schedules.RunNow, message, page.caller)
    return json_response({"success": True, "run_id": made.run_id})


async def _test(page: PageRequest) -> web.Response:
    parameters = await _parameters(page)
    emails = parameters.texts("emails")
    parameters.check()
    message = schedule_service_pb2.SendTestRequest(schedule_id=page.id("schedule"), emails=emails)
    made = await page.services.call(page.services.schedules.SendTest, message, page.caller)
    return json_response({"success": True, "run_id": made.run_id})


async def _resolve(page: PageRequest) -> web.Response:
    """Decide about a delivery that is in doubt or has failed."""
    parameters = await _parameters(page)
    resolution = parameters.choice("resolution", RESOLUTIONS)
    parameters.check()
    number = page.id("number")
    if number >= 2**31:
        raise PublicError(Code.NOT_FOUND)
    message = schedule_service_pb2.ResolveDeliveryRequest(
        run_id=page.id("run"), number=number, resolution=resolution or RESOLUTIONS["drop"]
    )
    await page.services.call(page.services.schedules.ResolveDelivery, message, page.caller)
    return json_response({"success": True})


SCHEDULE_ENDPOINTS: Endpoints = {
    "page/schedules": {
        "GET": PageEndpoint("The list of schedules", _list),
        "POST": PageEndpoint("Create a schedule", _create, content=Content.DATA),
    },
    "page/schedules/new": {"GET": PageEndpoint("The form of a new schedule", _new)},
    "page/schedules/{schedule}": {
        "GET": PageEndpoint("A schedule with its last runs", _show),
        "POST": PageEndpoint("Change, pause or resume a schedule", _change, content=Content.DATA),
        "DELETE": PageEndpoint("Delete a schedule", _delete, content=Content.DATA),
    },
    "page/schedules/{schedule}/edit": {"GET": PageEndpoint("The form of a schedule", _edit)},
    "page/schedules/{schedule}/run": {"POST": PageEndpoint("Run a schedule now", _run, content=Content.DATA)},
    "page/schedules/{schedule}/test": {"POST": PageEndpoint("Send a test", _test, content=Content.DATA)},
    "page/schedules/{schedule}/runs": {"GET": PageEndpoint("The runs of a schedule", _history)},
    "page/schedules/{schedule}/runs/{run}/deliveries/{number}": {
        "POST": PageEndpoint("Send a delivery again, or drop it", _resolve, content=Content.DATA)
    },
}
