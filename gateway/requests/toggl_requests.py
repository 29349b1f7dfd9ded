"""What is asked of the timesheet side: bodies, paths and headers as messages. What values mean is not judged here."""

import asyncio
import re
from collections.abc import Mapping

from aiohttp import web
from daybook.savedreport.v1.time_report_pb2 import Source, WorkspaceSource
from google.protobuf.struct_pb2 import Struct

from gateway.clients import SERVICES, Caller
from gateway.errors import MAX_FAULTS, MAX_NAME_LENGTH
from gateway.requests import json_text
from gateway.requests.bodies import body_of
from gateway.requests.parameters import INT32
from gateway.structs import struct_of
from gateway.toggl_errors import (
    BAD_REQUEST,
    INVALID_JSON,
    PLACE,
    UNREADABLE_CREDENTIALS,
    TimeError,
    not_there,
    words_of,
)
from services.runtime.channel import AUTHORIZATION_KEY, call_metadata

DIGITS = re.compile(r"[0-9]{1,19}")


def caller_of(request: web.Request) -> Caller:
    """Return who asks. Raises TimeError 401 for credentials that metadata cannot carry: they are not ours to drop."""
    offered = request.headers.getall("Authorization", [])
    carried = [dict(call_metadata(one)).get(AUTHORIZATION_KEY) for one in offered]
    if len(carried) > 1 or None in carried:
        raise TimeError(*UNREADABLE_CREDENTIALS)
    return Caller(carried[0] if carried else None, request.remote or "")


async def json_of(request: web.Request) -> object:
    """Return the body, which is JSON whatever its type is said to be; an empty object without one.

    Raises TimeError 400 for what is not JSON, and PublicError 9 or 5 for a body that is too long or cannot be read.
    """
    body = await body_of(request, request.app[SERVICES].settings)
    if not body.strip():
        return {}
    try:
        return json_text.parse(body)
    except ValueError:
        raise TimeError(*INVALID_JSON) from None


async def object_of(request: web.Request) -> Mapping[str, object]:
    """Return the body as `json_of` does. Raises TimeError 400 when it is no object, too."""
    value = await json_of(request)
    if not isinstance(value, dict):
        raise TimeError(*INVALID_JSON)
    return value


async def saved(request: web.Request) -> Source:
    """Return the saved report that the path names, with the parameters of the body."""
    return Source(token=request[PLACE].words["token"], params=await struct(await object_of(request)))


async def workspace(request: web.Request, report_type: str, **fixed: object) -> Source:
    """Return the workspace that the path names, with a kind of report and the parameters of the body."""
    source = WorkspaceSource(workspace_id=workspace_id(request), report_type=report_type)
    return Source(workspace=source, params=await struct({**await object_of(request), **fixed}))


async def struct(values: Mapping[str, object]) -> Struct:
    """Return parameters as a message. Raises TimeError 400 that names those which no message can hold."""
    faults: list[str] = []

    def note(name: str, error: str) -> None:
        faults.append(words_of(name[:MAX_NAME_LENGTH], error))

    made = await asyncio.to_thread(struct_of, values.items(), note)  # a long list takes longer than others may wait
    if faults:
        raise TimeError(BAD_REQUEST, "; ".join(faults[:MAX_FAULTS]))
    return made


def workspace_id(request: web.Request) -> int:
    """Return the workspace that the path names. Raises TimeError 400 when that is no id."""
    return _id(request, "workspace", TimeError(BAD_REQUEST, "Invalid workspace id"))


def project_id(request: web.Request) -> int:
    """Return the project that the path names. Raises TimeError 400 when that is no id."""
    return _id(request, "project", TimeError(BAD_REQUEST, "Invalid project id"))


def report_id(request: web.Request) -> int:
    """Return the saved report that the path names. Raises TimeError 404 when that is no id."""
    return _id(request, "report", not_there(request[PLACE].words["report"]))


def _id(request: web.Request, word: str, wrong: TimeError) -> int:
    text = request[PLACE].words[word]
    number = int(text) if DIGITS.fullmatch(text) else 0
    if not 0 < number < INT32:
        raise wrong
    return number
