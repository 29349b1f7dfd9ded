"""Requests about saved reports: v9 payloads and queries as messages (reference section 12).

The fields of payloads and queries are declared once, for their readers and for the OpenAPI document.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import web
from daybook.savedreport.v1.saved_report_pb2 import SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import (
    CreateSavedReportRequest,
    DeleteSavedReportsRequest,
    GetSavedReportRequest,
    ListSavedReportsRequest,
    UpdateSavedReportsRequest,
)

from gateway.requests import json_text
from gateway.requests.parameters import INT32
from gateway.requests.query_fields import MAX_PAGE_SIZE, PART, SWITCH, QueryField, count, read_values, skipped
from gateway.requests.toggl_requests import caller_of, json_of, object_of, report_id, struct, workspace_id
from gateway.shapes.json_schema import FLAG, OBJECT, TEXT, Schema, one_of
from gateway.toggl_errors import BAD_REQUEST, INVALID_JSON, KEPT, TYPE_OF_NEW_MISSING, TogglError, of_single_report
from services.runtime.enum_words import numbers_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class PayloadField:
    """Field of a payload: its schema, whether a value is right, and the error of a wrong value."""

    schema: Schema
    is_right: Callable[[object], bool]
    error: str


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


CHANGE = {
    "name": PayloadField({**TEXT, "pattern": r"\S"}, _is_text, "saved report name field can't be blank"),
    "fixed_daterange": PayloadField(FLAG, _is_flag, "saved report fixed_daterange can't be blank"),
    "public": PayloadField(FLAG, _is_flag, "saved report public can't be blank"),
    "show_emails": PayloadField(FLAG, _is_flag, "Invalid parameter show_emails."),
    "regenerate_token": PayloadField(FLAG, _is_flag, "Invalid parameter regenerate_token."),
}
CHANGE_SCHEMAS: Mapping[str, Schema] = {name: field.schema for name, field in CHANGE.items()} | {"params": OBJECT}


ORDERS = {text: number for text, number in sorted(numbers_of(ListSavedReportsRequest.Order.DESCRIPTOR).items()) if text}
DIRECTIONS = {"asc": False, "desc": True}
LISTING: Mapping[str, QueryField] = {
    "per_page": count(PAGE_SIZE, MAX_PAGE_SIZE),
    "page": count(1),
    "sort_field": QueryField(one_of(ORDERS), lambda text: ORDERS["id" if text is None else text]),
    "sort_direction": QueryField(one_of(DIRECTIONS), lambda text: DIRECTIONS["asc" if text is None else text.lower()]),
    "name": PART,
    "public": SWITCH,
    "fixed_dates": SWITCH,
    "scheduled": SWITCH,
}


def listing_of(query: Mapping[str, str], workspace: int) -> ListSavedReportsRequest:
    """Return the page that a query asks for. Raises TogglError 400 that names the first bad parameter."""
    values = read_values(query.items(), LISTING)
    size = values["per_page"]
    return ListSavedReportsRequest(
        workspace_id=workspace,
        page_size=size,
        skip=skipped(values["page"], size),
        name=values["name"],
        public=values["public"],
        fixed_daterange=values["fixed_dates"],
        scheduled=values["scheduled"],
        order_by=values["sort_field"],
        descending=values["sort_direction"],
    )


async def creation(request: web.Request) -> CreateSavedReportRequest:
    """Return the report to save. Raises TogglError 401 before any other error, and 400."""
    caller_of(request)
    change = await change_of(await object_of(request), new=True)
    return CreateSavedReportRequest(workspace_id=_callers_workspace(request), report=change)


async def single(request: web.Request) -> GetSavedReportRequest:
    """Return the report to show."""
    return GetSavedReportRequest(workspace_id=_callers_workspace(request), report_id=report_id(request))


async def update(request: web.Request) -> UpdateSavedReportsRequest:
    """Return the change of a single report. Raises TogglError 400."""
    change = await change_of(await object_of(request))
    change.id = report_id(request)
    return UpdateSavedReportsRequest(workspace_id=_callers_workspace(request), reports=[change])


async def updates(request: web.Request) -> UpdateSavedReportsRequest:
    """Return the changes of several reports. Raises TogglError 400 that names the report."""
    payloads = await json_of(request)
    if not isinstance(payloads, list) or not payloads:
        raise TogglError(*INVALID_JSON)
    changes = [await change_with_id(payload) for payload in payloads]
    return UpdateSavedReportsRequest(workspace_id=_callers_workspace(request), reports=changes)


async def deletion(request: web.Request) -> DeleteSavedReportsRequest:
    """Return the single report to delete."""
    listed = [report_id(request)]
    return DeleteSavedReportsRequest(workspace_id=_callers_workspace(request), report_ids=listed)


async def deletions(request: web.Request) -> DeleteSavedReportsRequest:
    """Return the reports to delete. Raises TogglError 400."""
    listed = ids_of((await object_of(request)).get("ids"))
    return DeleteSavedReportsRequest(workspace_id=_callers_workspace(request), report_ids=listed)


def _callers_workspace(request: web.Request) -> int:
    """Return the workspace in the path. Raises TogglError 401 for unreadable credentials before 400 for a bad id."""
    caller_of(request)
    return workspace_id(request)


async def change_of(payload: Mapping[str, object], *, new: bool = False) -> SavedReportChange:
    """Return the fields that a payload changes, but for the id. Raises TogglError 400."""
    message = SavedReportChange()
    for name, field in CHANGE.items():
        if name in payload or (new and name == "name"):
            if not field.is_right(payload.get(name)):
                raise TogglError(BAD_REQUEST, field.error)
            setattr(message, name, payload[name])
    if "params" in payload:
        message.params.CopyFrom(await struct(_params(payload["params"], new=new)))
    return message


async def change_with_id(payload: object) -> SavedReportChange:
    """Return the change in a payload that holds the id, too. Raises TogglError 400 that names the report."""
    if not isinstance(payload, dict):
        raise TogglError(*INVALID_JSON)
    number = _id_of(payload.get("id"))
    try:
        message = await change_of(payload)
    except TogglError as error:
        raise TogglError(error.status, of_single_report(number, error.text)) from None
    message.id = number
    return message


def ids_of(value: object) -> list[int]:
    """Return the ids of a bulk delete. Raises TogglError 400."""
    if not isinstance(value, list):
        raise TogglError(*INVALID_JSON)
    return [_id_of(listed) for listed in value]


def _id_of(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < INT32:
        raise TogglError(*INVALID_JSON)
    return value


def _params(value: object, *, new: bool) -> Mapping[str, object]:
    """Return the parameters without nulls; they may come as they are read, as JSON text."""
    if isinstance(value, str):
        try:
            value = json_text.parse(value)
        except ValueError:
            value = None
    if not isinstance(value, dict):
        raise TogglError(*(TYPE_OF_NEW_MISSING if new else KEPT["REPORT_TYPE_MISSING"]))
    return {name: given for name, given in value.items() if given is not None}
