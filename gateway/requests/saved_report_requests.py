"""Saved reports as they are kept: v9 payloads and queries as messages, messages as v9 JSON (reference section 12)."""

from collections.abc import Mapping

import orjson
from daybook.savedreport.v1.saved_report_pb2 import SavedReport, SavedReportChange
from daybook.savedreport.v1.saved_report_service_pb2 import ListSavedReportsRequest
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.requests import json_text
from gateway.requests import toggl_requests as time_asks
from gateway.requests.parameters import INT32
from gateway.structs import from_struct
from gateway.toggl_errors import BAD_REQUEST, INVALID_JSON, KEPT, TYPE_OF_NEW_MISSING, TimeError, of_one

FLAGS = {"true": True, "false": False, "1": True, "0": False}
ORDERS = {"id", "name", "created_at", "updated_at"}
DIRECTIONS = {"asc": False, "desc": True}
PAGE_SIZE, MAX_PAGE_SIZE = 50, 200


async def change(payload: Mapping[str, object], *, new: bool = False) -> SavedReportChange:
    """Return what a payload chooses of a saved report, but for its id. Raises TimeError 400."""
    if ("name" in payload or new) and not _is_text(payload.get("name")):
        raise TimeError(BAD_REQUEST, "saved report name field can't be blank")
    for flag in ("fixed_daterange", "public"):
        if not isinstance(payload.get(flag, False), bool):
            raise TimeError(BAD_REQUEST, f"saved report {flag} can't be blank")
    if not isinstance(payload.get("regenerate_token", False), bool):
        raise _wrong("regenerate_token")
    message = SavedReportChange()
    for name in ("name", "public", "fixed_daterange", "regenerate_token"):
        if name in payload:
            setattr(message, name, payload[name])
    if "params" in payload:
        message.params.CopyFrom(await time_asks.struct(_params(payload["params"], new=new)))
    return message


async def change_of_several(payload: object) -> SavedReportChange:
    """Return what one payload of several chooses, with the id in it. Raises TimeError 400 that names the report."""
    if not isinstance(payload, dict):
        raise TimeError(*INVALID_JSON)
    number = number_of(payload.get("id"))
    try:
        message = await change(payload)
    except TimeError as error:
        raise TimeError(error.status, of_one(number, error.text)) from None
    message.id = number
    return message


def ids(value: object) -> list[int]:
    """Return the ids of a bulk delete. Raises TimeError 400."""
    if not isinstance(value, list):
        raise TimeError(*INVALID_JSON)
    return [number_of(one) for one in value]


def number_of(value: object) -> int:
    """Return an id in a body. Raises TimeError 400."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < INT32:
        raise TimeError(*INVALID_JSON)
    return value


def listing(query: Mapping[str, str], workspace_id: int) -> ListSavedReportsRequest:
    """Return the page that a query asks for. Raises TimeError 400 that names the first bad parameter."""
    size = _integer(query, "per_page", PAGE_SIZE, MAX_PAGE_SIZE)
    page = _integer(query, "page", 1, (INT32 - 1) // size)
    order, direction = query.get("sort_field", "id"), query.get("sort_direction", "asc").lower()
    if order not in ORDERS:
        raise _wrong("sort_field")
    if direction not in DIRECTIONS:
        raise _wrong("sort_direction")
    return ListSavedReportsRequest(
        workspace_id=workspace_id,
        page_size=size,
        skip=(page - 1) * size,
        name=query.get("name", ""),
        public=flag(query, "public"),
        fixed_daterange=flag(query, "fixed_dates"),
        order_by=order,
        descending=DIRECTIONS[direction],
    )


def flag(query: Mapping[str, str], name: str) -> bool | None:
    """Return a flag of a query, None when it is absent. Raises TimeError 400."""
    text = query.get(name, "").lower()
    if text and text not in FLAGS:
        raise _wrong(name)
    return FLAGS.get(text)


def saved_report(message: SavedReport) -> dict[str, object]:
    """Return a saved report; its parameters are JSON text."""
    return {
        "id": message.id,
        "uid": message.user_id,
        "name": message.name,
        "public": message.public,
        "fixed_daterange": message.fixed_daterange,
        "params": orjson.dumps(from_struct(message.params)).decode(),
        "token": message.token,
        "is_commenting_enabled": False,
        "isNAResource": False,
        "scheduled_email_uids": [],
        "scheduled_email_gids": [],
        "updated_at": moment(message.update_time),
        "updated_by": message.updated_by or None,
        "deleted_at": moment(message.delete_time) if message.HasField("delete_time") else None,
    }


def moment(time: Timestamp) -> str:
    """Return a moment in UTC as ISO 8601 to the second."""
    return time.ToDatetime().isoformat("T", "seconds") + "Z"


def _params(value: object, *, new: bool) -> Mapping[str, object]:
    """Return the parameters without nulls; they may come as they are read, as JSON text."""
    if isinstance(value, str):
        try:
            value = json_text.parse(value)
        except ValueError:
            value = None
    if not isinstance(value, dict):
        raise TimeError(*(TYPE_OF_NEW_MISSING if new else KEPT["REPORT_TYPE_MISSING"]))
    return {name: one for name, one in value.items() if one is not None}


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _integer(query: Mapping[str, str], name: str, default: int, high: int) -> int:
    text = query.get(name, "")
    if not text:
        return default
    number = int(text) if time_asks.DIGITS.fullmatch(text) else 0
    if not 0 < number <= high:
        raise _wrong(name)
    return number


def _wrong(name: str) -> TimeError:
    return TimeError(BAD_REQUEST, f"Invalid parameter {name}.")
