"""Visitor of the page: the account that is signed in, as documents need it."""

from dataclasses import dataclass

from daybook.account.v1.account_service_pb2 import GetProfileRequest, GetProfileResponse, Right
from daybook.report.v1.locale_pb2 import HourMode

from gateway.web.page_endpoint import PageRequest
from gateway.web.regional_forms import pattern_of, week_start_of
from gateway.web.translations import supported


@dataclass(frozen=True, slots=True)
class Visitor:
    """Account that is signed in. `locale` is one of those that the page has."""

    account_id: int
    login: str
    name: str
    locale: str
    time_zone: str
    week_start: int
    """First day of weeks, 1 for Monday to 7 for Sunday."""
    date_pattern: str
    """Form of dates as a CLDR pattern."""
    twelve_hours: bool = False
    has_trackers: bool = True
    may_report: bool = True
    """Whether it has the right to reports by trackers."""
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
        week_start=profile.week_start or week_start_of(profile.locale),
        date_pattern=pattern_of(profile.date_format, profile.locale),
        twelve_hours=profile.hour_mode == HourMode.HOUR_MODE_TWELVE_HOURS,
        has_trackers=profile.tracker_count > 0,
        may_report=not profile.master_id or Right.RIGHT_REPORTS in profile.rights,
        has_workspaces=bool(profile.workspaces),
        is_demo=profile.demo,
    )
