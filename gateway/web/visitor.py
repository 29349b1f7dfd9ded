"""Visitor of the page: the account that is signed in, as documents need it."""

from dataclasses import dataclass

from daybook.account.v1.account_service_pb2 import GetProfileRequest, GetProfileResponse

from gateway.web.page_endpoint import PageRequest
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
    """First day of weeks, 1 for Monday to 7 for Sunday; 0 for that of the locale."""
    has_trackers: bool = True
    has_workspaces: bool = True


async def visitor_of(page: PageRequest) -> Visitor:
    """Return the account that is signed in. Documents read it beside their own call: its zone must be right.

    Raises AioRpcError for a session that has ended.
    """
    services = page.services
    return visitor_from(await services.call(services.accounts.GetProfile, GetProfileRequest(), page.caller), page.lang)


def visitor_from(profile: GetProfileResponse, lang: str) -> Visitor:
    """Return the visitor that a profile describes."""
    return Visitor(
        account_id=profile.account_id,
        login=profile.email,
        name=profile.name,
        locale=supported(lang),
        time_zone=profile.time_zone or "UTC",
        week_start=profile.week_start,
        has_workspaces=profile.default_workspace_id != 0,
    )
