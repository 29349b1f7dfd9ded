"""Reports in a browser without services: a gateway before fakes, and tabs that are signed in."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from tests.fakes.gateway_services import HASH, running_gateway
from tests.fakes.report_parts import FakeReports, MadeSheet
from tests.web.browser import Browsing, Tab, opened_browser


@dataclass
class ReportPages:
    """A browser, a gateway, and the reports behind it."""

    browsing: Browsing
    reports: FakeReports

    def tab(self, **context: Any) -> AbstractAsyncContextManager[Tab]:
        """Give a tab that is signed in; see `Browsing.tab`."""
        cookie = {"name": "daybook", "value": HASH, "domain": "127.0.0.1", "path": "/", "expires": -1}
        cookie |= {"httpOnly": True, "secure": False, "sameSite": "Lax"}
        return self.browsing.tab(storage_state={"cookies": [cookie], "origins": []}, **context)

    def add(self, *sheets: MadeSheet, **report: Any) -> str:
        """Add a report and return its path."""
        return f"/page/reports/{self.reports.add(list(sheets), **report)}"


@asynccontextmanager
async def opened_report_pages() -> AsyncIterator[ReportPages]:
    """Run a gateway and a browser for as long as the context lasts."""
    async with running_gateway() as gateway, opened_browser(f"http://127.0.0.1:{gateway.port}") as browsing:
        yield ReportPages(browsing, FakeReports(gateway.services))
