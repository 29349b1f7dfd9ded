"""Use cases of links: what owners of reports do with them, and what the service makes for its own deliveries."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from services.errors import LONG_S, InvalidParameters, NotFound, TooMuch, Violation
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Principal, forbid_demo
from services.generation.accounts.credentials import digest_of, new_credential
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.domain.plain_text import is_plain
from services.generation.reporting.report import Report
from services.generation.reporting.report_service import ReportService, require_finished
from services.generation.sharing.link_store import ReportLinks
from services.generation.sharing.report_link import LinkSettings, NewLink, ReportLink
from services.generation.timetracking.time_report import SavedWindow

MAX_LINKS = 20  # of a report
MAX_NAME = 100
USUAL_LIFE = timedelta(days=7)


class LinkService:
    """Links of reports. The store keeps digests of their tokens only."""

    def __init__(self, links: ReportLinks, reports: ReportService, now: Callable[[], datetime]) -> None:
        self._links = links
        self._reports = reports
        self._now = now

    async def create(self, user: User, report_id: int, settings: LinkSettings, replaced_id: int = 0) -> NewLink:
        """Make a link to a user's finished report, or give one of its links a new token and these settings.

        Raises InvalidParameters, NotFound, NotNow, ReportFailed, and TooMuch when the report has 20 links.
        """
        with audited("create_link", user_id=user.id, report_id=report_id) as known:
            report = await self._reports.find(Principal(user), report_id)
            link, token = self._shared(report, settings, replaced_id), new_credential()
            stored: ReportLink | None = link
            if not replaced_id:
                stored = await self._links.add(link, digest_of(token), MAX_LINKS)
            elif not await self._links.replace(link, digest_of(token)):
                raise NotFound
            if stored is None:
                raise TooMuch(f"A report has at most {MAX_LINKS} links: delete one first", retry_after_s=LONG_S)
            known["link_id"] = stored.id
        return NewLink(stored, token)

    def _shared(self, report: Report, settings: LinkSettings, link_id: int) -> ReportLink:
        """Return a link to a report with these settings. Raises InvalidParameters, NotNow, ReportFailed."""
        require_finished(report)
        now, violations = self._now(), []
        if len(settings.name) > MAX_NAME or not is_plain(settings.name):
            violations.append(Violation("name", f"must have at most {MAX_NAME} characters, none of them controls"))
        if settings.expire_time is not None and settings.expire_time <= now:
            violations.append(Violation("expire_time", "must lie in the future"))
        if violations:
            raise InvalidParameters(violations)
        wanted = settings.expire_time or now + USUAL_LIFE
        return ReportLink(
            owner_id=report.owner_id,
            create_time=now,
            expire_time=min(wanted, report.expire_time or wanted),
            id=link_id,
            report_id=report.id,
            name=settings.name,
            formats=settings.formats,
            with_map=settings.with_map,
        )

    async def page(self, caller: Principal, report_id: int, page: Page) -> list[ReportLink]:
        """Return the links of one of the caller's reports by ascending id. Raises NotFound."""
        await self._reports.find(caller, report_id)
        return await self._links.page(report_id, page)

    async def delete(self, caller: Principal, link_id: int) -> None:
        """Delete a link of the caller's reports. Raises NotFound, DemoAccount."""
        with audited("delete_link", user_id=caller.user_id, link_id=link_id) as known:
            if caller.user is not None:
                forbid_demo(caller.user)
            removed = await self._links.remove(caller.user_id, link_id)
            if removed is None:
                raise NotFound
            known["report_id"] = removed.report_id

    async def issue(
        self,
        owner_id: int,
        target: int | SavedWindow,
        expire_time: datetime,
        purpose: Literal["mailed", "delivery"] = "delivery",
        token: str = "",
    ) -> NewLink:
        """Make a link to the report of this id, or to a saved report over a window, for the service's own use.

        It has no map, allows all formats and counts for no limit. One that is "mailed" stands in the lists of its
        owner, one for a "delivery" in none, and OpenLink does not know it. It opens what its owner may see when it is
        used. A `token` that the caller made, and that opens a link already, stays with that one; by default it is a
        new one. Raises NotFound when the owner is being removed.
        """
        known = await self._links.by_digest(digest_of(token)) if token else None
        if known is not None:
            return NewLink(known, token)
        token = token or new_credential()
        window = target if isinstance(target, SavedWindow) else None
        report_id = 0 if isinstance(target, SavedWindow) else target
        link = ReportLink(owner_id, self._now(), expire_time, purpose=purpose, report_id=report_id, window=window)
        stored = await self._links.add(link, digest_of(token), MAX_LINKS)
        if stored is None:  # which the port gives for shared links alone
            raise TooMuch
        return NewLink(stored, token)

    async def extend(self, link_id: int, expire_time: datetime) -> None:
        """Let a link end at another moment, such as the end of a lease that was extended. Raises NotFound."""
        if not await self._links.extend(link_id, expire_time):
            raise NotFound

    async def end(self, link_id: int) -> None:
        """End a link that the service made for its own use; one that is gone already stays so."""
        await self._links.remove(None, link_id)
