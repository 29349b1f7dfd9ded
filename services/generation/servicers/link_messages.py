"""Links to reports as messages."""

from daybook.generation.v1 import generation_service_pb2 as pb
from daybook.generation.v1.report_link_pb2 import LinkedTimeReport, ReportLink
from daybook.rendering.v1.rendering_service_pb2 import Format
from daybook.report.v1.report_pb2 import LocaleInfo
from daybook.savedreport.v1.time_report_pb2 import TimeReportType

from services.errors import InvalidParameters, Violation
from services.generation.accounts.account_service import AccountService
from services.generation.servicers.locale_messages import locale_values
from services.generation.servicers.record_messages import message_of
from services.generation.servicers.report_messages import message, moment_of
from services.generation.sharing.link_access import OpenedLink
from services.generation.sharing.report_link import LinkSettings
from services.generation.sharing.report_link import ReportLink as StoredLink
from services.generation.timetracking.memberships import locale_of
from services.generation.timetracking.saved_report_service import Opened
from services.runtime.enum_words import numbers_of, read_word

PURPOSES = numbers_of(ReportLink.Purpose.DESCRIPTOR)
FORMATS = numbers_of(Format.DESCRIPTOR)
REPORT_TYPES = numbers_of(TimeReportType.DESCRIPTOR)


def settings_of(request: pb.CreateReportLinkRequest) -> LinkSettings:
    """Read the settings of a new link. Raises InvalidParameters."""
    found: list[Violation] = []
    words = [read_word(Format.DESCRIPTOR, number, "formats", found) for number in request.formats]
    if not found and "" in words:
        found.append(Violation("formats", "must not be FORMAT_UNSPECIFIED"))
    if found:
        raise InvalidParameters(found[:1])
    expire_time = moment_of(request.expire_time, "expire_time") if request.HasField("expire_time") else None
    return LinkSettings(request.name, tuple(dict.fromkeys(words)), request.with_map, expire_time)


def link_message(link: StoredLink) -> ReportLink:
    """Return a link as a message."""
    return message_of(ReportLink, link, formats=format_numbers(link), purpose=PURPOSES[link.purpose])


def format_numbers(link: StoredLink) -> list[Format.ValueType]:
    """Return the formats that a link allows, none for all."""
    return [FORMATS[one] for one in link.formats]


async def opened_message(opened: OpenedLink | Opened, accounts: AccountService) -> pb.OpenLinkResponse:
    """Return what a token opens as a message."""
    if isinstance(opened, Opened):
        return pb.OpenLinkResponse(saved_report=await _time_report(opened, accounts))
    answer = message_of(pb.OpenLinkResponse, opened.link, formats=format_numbers(opened.link))
    if opened.report is not None:
        answer.report.CopyFrom(message(opened.report))
    elif opened.saved is not None and opened.link.window is not None:
        answer.time_report.CopyFrom(await _time_report(opened.saved, accounts))
        answer.time_report.fixed_daterange, answer.time_report.expire_date = True, ""
        answer.time_report.start_date = opened.link.window.first.isoformat()
        answer.time_report.end_date = opened.link.window.last.isoformat()
    return answer


async def _time_report(opened: Opened, accounts: AccountService) -> LinkedTimeReport:
    locale = await locale_of(accounts, opened.owner)
    return message_of(
        LinkedTimeReport,
        opened.report,
        report_type=REPORT_TYPES[opened.report.params.get("report_type", "")],
        workspace_name=opened.workspace.name,
        locale_info=LocaleInfo(**locale_values(locale)),
    )
