"""Public page of a shared report, and its files."""

import re
from datetime import UTC, date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from babel.dates import format_date
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.rendering.v1.rendering_service_pb2 import Format
from google.protobuf.timestamp_pb2 import Timestamp

from gateway.errors import Code, PublicError
from gateway.files import FORMATS, format_word
from gateway.web.data import rendered, sheet_response
from gateway.web.documents import open_document
from gateway.web.page_endpoint import Access, Content, Endpoints, PageEndpoint, PageRequest
from gateway.web.report_outline import told_apart, view_of
from gateway.web.shared_content import Shared, content_of, shared_by
from gateway.web.static_sheets import static_sheet
from gateway.web.track_data import track_response
from gateway.web.translations import LOCALES, supported
from gateway.web.translations import mark as _

OF_TIME_REPORTS = (Format.FORMAT_PDF, Format.FORMAT_XLSX, Format.FORMAT_CSV)
OF_REPORTS = (Format.FORMAT_PDF, Format.FORMAT_XLSX, Format.FORMAT_XLS, Format.FORMAT_CSV, Format.FORMAT_JSON)
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
PERIODS = {
    "today": _("Today"),
    "yesterday": _("Yesterday"),
    "thisWeek": _("This week"),
    "prevWeek": _("Last week"),
    "thisMonth": _("This month"),
    "prevMonth": _("Last month"),
    "last7Days": _("Last 7 days"),
    "last30Days": _("Last 30 days"),
    "thisYear": _("This year"),
    "prevYear": _("Last year"),
}


async def _share(page: PageRequest) -> web.Response:
    """Return a sheet of a shared report as a document that needs no script."""
    shared = await shared_by(page)
    place = _place(page.query.get("sheet", "1"))
    head, parts = await content_of(page, shared, place)
    if place >= max(len(head.sheet_headers), 1):
        raise PublicError(Code.NOT_FOUND)
    address, wanted = f"/share/{shared.token}", page.query.get("lang", "")
    view = view_of(head, address, address, with_map=shared.opened.with_map) if shared.is_tracker_report else None
    locale = wanted if wanted in LOCALES else supported(shared.locale)
    return open_document(
        page,
        "share.html",
        locale=locale,
        **_facts(shared, head, locale),
        sheets=told_apart(head.sheet_headers),
        place=place,
        sheet=static_sheet(parts),
        address=address,
        view=view,
        kept=_kept(page),
        period=_chosen(page) if shared.has_period else None,
        periods=PERIODS,
    )


def _facts(shared: Shared, head: ReportHead, locale: str) -> dict[str, Any]:
    """Return what stands above and below the sheets."""
    opened, target = shared.opened, shared.opened.WhichOneof("target")
    formats = OF_REPORTS if shared.is_tracker_report else OF_TIME_REPORTS
    allowed = head.allowed_formats or opened.formats or formats
    named = head.report.title or (opened.report.title if target == "report" else getattr(opened, str(target)).name)
    return {
        "title": named,
        "conditions": list(head.report.conditions),
        "prepared_by": head.cover.author,
        "ends": _day(opened.expire_time, locale) if opened.HasField("expire_time") else _last_day(shared, locale),
        "no_data": head.cover.no_data,
        "files": [format_word(one) for one in formats if one in allowed],
        "report_locale": shared.locale.replace("_", "-"),
        "time_zone": head.report.locale_info.time_zone or "UTC",
    }


def _day(time: Timestamp, locale: str) -> str:
    return str(format_date(time.ToDatetime(tzinfo=UTC).date(), "long", locale=locale))


def _last_day(shared: Shared, locale: str) -> str:
    text = shared.opened.saved_report.expire_date
    return str(format_date(date.fromisoformat(text), "long", locale=locale)) if text else ""


def _kept(page: PageRequest) -> str:
    """Return what links within the page keep of its address, as the end of a query."""
    chosen = {name: page.query[name] for name in ("lang", "period", "from", "to") if page.query.get(name)}
    return f"&{urlencode(chosen)}" if chosen else ""


def _chosen(page: PageRequest) -> dict[str, str]:
    return {name: page.query.get(name, "") for name in ("period", "from", "to")}


def _place(text: str) -> int:
    """Return the place of the sheet that an address numbers from 1. Raises PublicError 204."""
    if not NUMBER.fullmatch(text):
        raise PublicError(Code.NOT_FOUND)
    return int(text) - 1


async def _sheet(page: PageRequest) -> web.StreamResponse:
    """Return rows of a sheet, as the view of a report does."""
    report_id, signed = await _opened_report(page)
    return await sheet_response(signed, report_id)


async def _track(page: PageRequest) -> web.StreamResponse:
    """Return points of rows where the link is one with a map."""
    report_id, signed = await _opened_report(page, with_map=True)
    return await track_response(signed, report_id)


async def _opened_report(page: PageRequest, *, with_map: bool = False) -> tuple[int, PageRequest]:
    """Return the id of the shared report, and the request with the link as its credentials. Raises PublicError 204."""
    shared = await shared_by(page, is_use=False)
    if not shared.is_tracker_report or (with_map and not shared.opened.with_map):
        raise PublicError(Code.NOT_FOUND)
    return shared.opened.report.id, PageRequest(page.http, page.words, shared.caller)


async def _file(page: PageRequest) -> web.StreamResponse:
    """Return a shared report as a file."""
    shared = await shared_by(page, is_use=False)
    format_ = FORMATS.get(page.words["suffix"])
    allowed = shared.opened.formats or (OF_REPORTS if shared.is_tracker_report else OF_TIME_REPORTS)
    if format_ is None or format_ not in allowed:
        raise PublicError(Code.NOT_FOUND)
    message = shared.render_request(format_, full=page.query.get("full") == "true")
    return await rendered(page, message, shared.caller)


async def _published(page: PageRequest) -> web.Response:
    """Refer from the path of published links to the page."""
    period = page.words.get("period", "")
    query = f"?period={period}" if period.isalnum() and period.isascii() else ""
    return web.Response(status=308, headers={"Location": f"/share/{_token(page)}{query}"})


def _token(page: PageRequest) -> str:
    token = page.words["token"]
    if not (token.isascii() and token.isalnum()):
        raise PublicError(Code.NOT_FOUND)
    return token


def _public(summary: str, respond: Any, content: Content = Content.DOCUMENT) -> dict[str, PageEndpoint]:
    return {"GET": PageEndpoint(summary, respond, Access.TOKEN, content)}


SHARE_ENDPOINTS: Endpoints = {
    "share/{token}.{suffix}": _public("A shared report as a file", _file, Content.FILE),
    "share/{token}": _public("A shared report", _share),
    "share/{token}/sheets/{sheet}": _public("Rows of a sheet of a shared report", _sheet, Content.DATA),
    "share/{token}/track": _public("Points of rows of a shared report", _track, Content.DATA),
    **{
        f"shared-report/{{token}}{kind}{period}": _public("A published link", _published, Content.FILE)
        for kind in ("", "/summary", "/detailed", "/weekly")
        for period in ("", "/period/{period}")
    },
}
