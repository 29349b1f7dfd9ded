"""Visitor of the page: the account that is signed in, as documents need it."""

from collections.abc import Mapping
from dataclasses import dataclass

from daybook.account.v1.account_service_pb2 import GetProfileRequest, GetProfileResponse
from daybook.report.v1.locale_pb2 import DateFormat, HourMode

from gateway.web.page_endpoint import PageRequest
from gateway.web.translations import supported

DATE_PATTERNS: Mapping[DateFormat.ValueType, str] = {
    DateFormat.DATE_FORMAT_DDMMYYYY_DOTS: "dd.MM.yyyy",
    DateFormat.DATE_FORMAT_DDMMYYYY_SLASHES: "dd/MM/yyyy",
    DateFormat.DATE_FORMAT_MMDDYYYY_HYPHENS: "MM-dd-yyyy",
    DateFormat.DATE_FORMAT_YYYYMMDD_HYPHENS: "yyyy-MM-dd",
    DateFormat.DATE_FORMAT_DMMMY: "d MMM y",
    DateFormat.DATE_FORMAT_DMMMMY: "d MMMM y",
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Account that is signed in. `locale` is one of those that the page has."""

    account_id: int
    login: str
    name: str
    locale: str
    time_zone: str
    week_start: int
    """First day of weeks, 1 for Monday to 7 for Sunday; 0 for that of the locale."""
    date_pattern: str = ""
    """Form of dates as Unicode patterns have it, empty for that of the locale."""
    twelve_hours: bool = False
    has_trackers: bool = True
    has_workspaces: bool = True
    is_demo: bool = False


async def visitor_of(page: PageRequest) -> Visitor:
    """Return the account that is signed in. Documents read it beside their own call: its zone must be right.

    Raises AioRpcError for a session that has ended.
    """
    services = page.services
    return visitor_from(await services.call(services.accounts.GetProfile, GetProfileRequest(), page.caller))


def visitor_from(profile: GetProfileResponse) -> Visitor:
    """Return the visitor that a profile describes."""
    return Visitor(
        account_id=profile.account_id,
        login=profile.email,
        name=profile.name,
        locale=supported(profile.locale),
        time_zone=profile.time_zone or "UTC",
        week_start=profile.week_start,
        date_pattern=DATE_PATTERNS.get(profile.date_format, ""),
        twelve_hours=profile.hour_mode == HourMode.HOUR_MODE_TWELVE_HOURS,
        has_trackers=profile.tracker_count > 0,
        has_workspaces=bool(profile.workspaces),
        is_demo=profile.demo,
    )
