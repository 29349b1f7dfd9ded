"""Access by links: what a token opens at this moment, and the limit of tokens that open nothing."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.errors import DaybookError, NotFound, TooMuch, Unavailable
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.account_store import LoginAttempts
from services.generation.accounts.audit import audited, used_credential
from services.generation.accounts.authentication import USE_STEP
from services.generation.accounts.credentials import digest_of
from services.generation.accounts.user import REPORTS_RIGHT, User
from services.generation.reporting.report import Report
from services.generation.reporting.report_store import Reports
from services.generation.sharing.link_store import ReportLinks
from services.generation.sharing.report_link import ReportLink
from services.generation.timetracking.saved_report_service import Opened, SavedReportService
from services.runtime.addresses import network_of

SCHEME = "link"
TOKEN = re.compile(r"[0-9a-fA-F]{32}")
MISSES_PER_ADDRESS = 30  # in the window of the port
REFUSED = "Too many unknown links, try again later"


@dataclass(frozen=True, slots=True)
class LinkSources:
    """Stores of the reports that links open, and the accounts of their owners."""

    reports: Reports
    saved_reports: SavedReportService
    accounts: AccountService


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link, its owner, and what it opens: a finished report, or a saved report over the link's window."""

    link: ReportLink
    owner: User
    report: Report | None = None
    saved: Opened | None = None

    @property
    def account_id(self) -> int | None:
        """The account that calls count for: the owner's where a delivery is made, none where readers come."""
        return self.owner.account_id if self.link.purpose == "delivery" else None


class LinkAccess:
    """Reader of what links open.

    A token that is malformed, unknown, deleted or expired, or whose report or owner's right is gone, fails in the same
    way, and counts against the address that shows it; a good one is opened in any case.
    """

    def __init__(
        self, links: ReportLinks, sources: LinkSources, misses: LoginAttempts, now: Callable[[], datetime]
    ) -> None:
        self._links = links
        self._sources = sources
        self._misses = misses
        self._now = now

    async def shown(self, authorization: str | None, address: str) -> OpenedLink | None:
        """Return what the link in a `Link` header opens; None for a header of another scheme.

        Raises NotFound, and TooMuch after 30 failures of the address in a minute.
        """
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        opened = await self._found(token.strip())
        if opened is None:
            await self._missed(address)
            raise NotFound
        used_credential.set({"link_id": opened.link.id})
        if self._is_due(opened.link):
            await self._links.record_use(opened.link.id, self._now(), 0)
        return opened

    async def opened(self, token: str, address: str, *, is_use: bool = True) -> OpenedLink | Opened:
        """Return what a token opens: a link, or a public saved report by its published token. It may count as a use.

        Raises NotFound, and TooMuch after 30 failures of the address in a minute.
        """
        with audited("open_link", address=address) as known:
            found = await self._found(token)
            if found is not None and found.link.purpose != "delivery":
                known["link_id"] = found.link.id
                if is_use:
                    await self._links.record_use(found.link.id, self._now() if self._is_due(found.link) else None, 1)
                return found
            published = await self._published(token)
            if published is None:
                await self._missed(address)
                raise NotFound
            known["report_id"] = published.report.id
        return published

    def _is_due(self, link: ReportLink) -> bool:
        """Return whether the use of a link is to be written, which is done once an hour; none is for deliveries."""
        is_old = link.last_use_time is None or self._now() - link.last_use_time >= USE_STEP
        return is_old and link.purpose != "delivery"

    async def _found(self, token: str) -> OpenedLink | None:
        link = await self._links.by_digest(digest_of(token)) if TOKEN.fullmatch(token) else None
        if link is None:
            return None
        try:
            return await self._of(link)
        except Unavailable:
            raise
        except DaybookError:  # its owner has left, or lost the saved report
            return None

    async def _of(self, link: ReportLink) -> OpenedLink | None:
        owner = await self._sources.accounts.by_id(link.owner_id)
        if link.window is not None:
            return OpenedLink(link, owner, saved=await self._sources.saved_reports.in_window(link.window))
        report = await self._sources.reports.find(owner.id, link.report_id)
        if report is None or report.state != "finished" or not owner.may(REPORTS_RIGHT):
            return None
        return OpenedLink(link, owner, report)

    async def _published(self, token: str) -> Opened | None:
        try:
            return await self._sources.saved_reports.published(token)
        except Unavailable:
            raise
        except DaybookError:
            return None

    async def _missed(self, address: str) -> None:
        """Count a token that opens nothing. Raises TooMuch after too many of the address."""
        name = f"link misses of {network_of(address)}"
        wait_s = await self._misses.count(name, secrets.token_hex(8), MISSES_PER_ADDRESS)
        if wait_s is not None:
            raise TooMuch(REFUSED, retry_after_s=wait_s)
