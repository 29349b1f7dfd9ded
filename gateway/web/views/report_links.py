"""Links that share a report: list, create, renew and delete them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import (
    CreateReportLinkRequest,
    DeleteReportLinkRequest,
    ListReportLinksRequest,
)
from daybook.generation.v1.report_link_pb2 import ReportLink

from gateway.files import FORMATS, format_word
from gateway.http_responses import json_response
from gateway.requests.bodies import values_of
from gateway.requests.parameters import Parameters
from gateway.shapes.json_schema import FLAG, INTEGER, MOMENT, TEXT, nullable, several
from gateway.shapes.shape import Key, Shape, value
from gateway.shapes.tracker_responses import NOTHING
from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.session import is_secure

DAYS, LONGEST_DAYS = 7, 366


def _moment(name: str) -> Key:
    def text(time: Any) -> str | None:
        return time.ToDatetime(tzinfo=UTC).isoformat(timespec="seconds") if time.seconds else None

    return Key(nullable(MOMENT), name, text)


def _formats(formats: Any) -> list[str]:
    return [format_word(one) for one in formats]


LINK = Shape(
    "",
    {
        "id": value(INTEGER),
        "name": value(TEXT),
        "formats": value(several(TEXT), "formats", _formats),
        "with_map": value(FLAG),
        "expire_time": _moment("expire_time"),
        "create_time": _moment("create_time"),
        "last_use_time": _moment("last_use_time"),
        "use_count": value(INTEGER),
    },
)


async def _links(page: PageRequest) -> web.Response:
    """Return the links that the account made for people, without their tokens."""
    services, message = page.services, ListReportLinksRequest(report_id=page.id("report"))
    found = await services.call(services.generation.ListReportLinks, message, page.caller)
    shown = [link for link in found.links if link.purpose != ReportLink.PURPOSE_MAILED]
    return json_response({"links": LINK.write_all(shown)})


async def _create(page: PageRequest) -> web.Response:
    """Create a link, or give one a new token, and return it with its address, which is told this once."""
    services = page.services
    parameters = Parameters(await values_of(page.http, services.settings))
    days = parameters.optional_integer("days", low=1)
    if days is not None and days > LONGEST_DAYS:
        parameters.note("days", f"must be at most {LONGEST_DAYS}")
    words = parameters.texts("formats")
    if not all(word in FORMATS for word in words):
        parameters.note("formats", f"must be some of {', '.join(FORMATS)}")
    message = CreateReportLinkRequest(
        report_id=page.id("report"),
        name=parameters.text("name"),
        with_map=bool(parameters.flag("with_map")),
        replaced_link_id=parameters.optional_integer("replaces", low=1) or 0,
    )
    parameters.check()
    message.formats.extend(FORMATS[word] for word in words)
    message.expire_time.FromDatetime(datetime.now(UTC) + timedelta(days=days or DAYS))
    made = await services.call(services.generation.CreateReportLink, message, page.caller)
    return json_response({"link": LINK.write(made.link), "address": f"{_origin(page)}/share/{made.token}"})


def _origin(page: PageRequest) -> str:
    scheme = "https" if is_secure(page.http) else "http"
    return page.frame.public_origin or f"{scheme}://{page.http.host}"


async def _delete(page: PageRequest) -> web.Response:
    services, message = page.services, DeleteReportLinkRequest(link_id=page.id("link"))
    return json_response(NOTHING.write(await services.call(services.generation.DeleteReportLink, message, page.caller)))


REPORT_LINK_ENDPOINTS: Endpoints = {
    "page/reports/{report}/links": {
        "GET": PageEndpoint("Links that share a report", _links, content=Content.DATA),
        "POST": PageEndpoint("Create a link, or renew one", _create, content=Content.DATA),
    },
    "page/reports/{report}/links/{link}": {"DELETE": PageEndpoint("Delete a link", _delete, content=Content.DATA)},
}
