"""Requests for reports over time entries: bodies, paths and headers as messages. Generation judges the values."""

import asyncio
import re
from collections.abc import Mapping

from aiohttp import web
from daybook.savedreport.v1.time_report_pb2 import Source, TimeReportType, WorkspaceSource
from google.protobuf.struct_pb2 import Struct

from gateway.clients import SERVICES, Caller
from gateway.errors import MAX_FAULTS, MAX_NAME_LENGTH
from gateway.requests import json_text
from gateway.requests.bodies import body_of
from gateway.requests.parameters import INT32
from gateway.requests.shared_links import parameters_of
from gateway.toggl_errors import (
    BAD_REQUEST,
    INVALID_JSON,
    ROUTE,
    UNREADABLE_CREDENTIALS,
    TogglError,
    report_not_found,
    text_of,
)
from services.runtime.channel import AUTHORIZATION_KEY, call_metadata
from services.runtime.enum_words import numbers_of

REPORT_TYPES = numbers_of(TimeReportType.DESCRIPTOR)
DIGITS = re.compile(r"[0-9]{1,19}")


def caller_of(request: web.Request) -> Caller:
    """Return the caller. Raises TogglError 401 for credentials that metadata cannot carry: they may not be dropped."""
    offered = request.headers.getall("Authorization", [])
    carried = [dict(call_metadata(credentials)).get(AUTHORIZATION_KEY) for credentials in offered]
    if len(carried) > 1 or None in carried:
        raise TogglError(*UNREADABLE_CREDENTIALS)
    return Caller(carried[0] if carried else None)


async def json_of(request: web.Request) -> object:
    """Return the body, which is JSON whatever its type is said to be; an empty object without one.

    Raises TogglError 400 for a body that is not JSON, and PublicError 9 or 5 for one that is too long or unreadable.
    """
    body = await body_of(request, request.app[SERVICES].settings)
    if not body.strip():
        return {}
    try:
        return json_text.parse(body)
    except ValueError:
        raise TogglError(*INVALID_JSON) from None


async def object_of(request: web.Request) -> Mapping[str, object]:
    """Return the body as `json_of` does. Raises TogglError 400 when it is no object, too."""
    value = await json_of(request)
    if not isinstance(value, dict):
        raise TogglError(*INVALID_JSON)
    return value


async def saved(request: web.Request) -> Source:
    """Return the saved report that the path names, with the parameters of the body."""
    return Source(token=request[ROUTE].words["token"], params=await struct(await object_of(request)))


async def saved_by_query(request: web.Request) -> Source:
    """Return the saved report that the path names, with the parameters of the query."""
    return Source(token=request[ROUTE].words["token"], params=await struct(parameters_of(request)))


async def workspace(request: web.Request, report_type: str, **fixed: object) -> Source:
    """Return the workspace that the path names, with a kind of report and the parameters of the body."""
    source = WorkspaceSource(workspace_id=workspace_id(request), report_type=REPORT_TYPES[report_type])
    return Source(workspace=source, params=await struct({**await object_of(request), **fixed}))


async def struct(values: Mapping[str, object]) -> Struct:
    """Return parameters as a message. Raises TogglError 400 that names those which no message can hold."""
    faults: list[str] = []

    def note(name: str, error: str) -> None:
        faults.append(text_of(name[:MAX_NAME_LENGTH], error))

    made = await asyncio.to_thread(
        json_text.struct_of, values.items(), note
    )  # a long list takes longer than others may wait
    if faults:
        raise TogglError(BAD_REQUEST, "; ".join(faults[:MAX_FAULTS]))
    return made


def workspace_id(request: web.Request) -> int:
    """Return the workspace that the path names. Raises TogglError 400 when that is no id."""
    return id_in_path(request, "workspace", TogglError(BAD_REQUEST, "Invalid workspace id"))


def project_id(request: web.Request) -> int:
    """Return the project that the path names. Raises TogglError 400 when that is no id."""
    return id_in_path(request, "project", TogglError(BAD_REQUEST, "Invalid project id"))


def report_id(request: web.Request) -> int:
    """Return the saved report that the path names. Raises TogglError 404 when that is no id."""
    return id_in_path(request, "report", report_not_found(request[ROUTE].words["report"]))


def id_in_path(request: web.Request, word: str, wrong: TogglError) -> int:
    """Return the id that a word of the path is. Raises `wrong` when it is none."""
    text = request[ROUTE].words[word]
    number = int(text) if DIGITS.fullmatch(text) else 0
    if not 0 < number < INT32:
        raise wrong
    return number
