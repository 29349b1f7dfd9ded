"""Browser for tests: tabs that are signed in, whose console, requests and policy reports must stay clean."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, Route, async_playwright, expect

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
WITHIN_MS = 30_000  # until what a test waits for is there, on a busy machine
PASSWORD = "secret"
EXPECTED = re.compile(r"Failed to load resource")  # the console's line about an answer that a test provokes


@dataclass
class Tab:
    """A tab of a browser; `problems` are what its console and the network say against it."""

    page: Page
    base: str
    problems: list[str] = field(default_factory=list)

    async def go(self, path: str) -> Page:
        """Open a path of the page and wait until its modules have run."""
        await self.page.goto(self.base + path, wait_until="load")
        return self.page

    async def violations(self) -> list[str]:
        """Return what axe finds against the document as it stands (WCAG 2.1 A and AA, and best practices).

        A document that is about to load itself anew must be waited for first: axe never answers from one that is left.
        """
        async with asyncio.timeout(WITHIN_MS / 1000):
            found = await Axe().run(self.page)
        return [
            f"{one['id']} ({one['impact']}): {node['target']} {node['html'][:200]}"
            for one in found.response["violations"]
            for node in one["nodes"]
        ]


@dataclass
class Browsing:
    """A browser and the gateway that it looks at."""

    browser: Browser
    base: str

    @asynccontextmanager
    async def tab(
        self, login: str = "", *, dark: bool = False, width: int = 1280, expected: str = "", **context: Any
    ) -> AsyncIterator[Tab]:
        """Give a tab in a context of its own, signed in as `login`; its problems but the expected must be none.

        `expected` is a pattern of problems that the test provokes; the rest are options of a context of Playwright.
        """
        wanted = {"locale": "en-US", "viewport": {"width": width, "height": 800}} | context
        opened = await self.browser.new_context(color_scheme="dark" if dark else "light", **wanted)
        opened.set_default_timeout(WITHIN_MS)
        try:
            if login:
                await opened.add_cookies([{"name": "daybook", "value": self.session(login), "url": self.base}])
            page = await opened.new_page()
            tab = Tab(page, self.base)
            await self._watch(page, tab.problems)
            yield tab
        finally:
            await opened.close()
        left = [one for one in tab.problems if not (expected and re.search(expected, one))]
        assert [] == left

    def session(self, login: str) -> str:
        """Return a new session of an account whose password is `PASSWORD`."""
        return session_of(self.base, login)

    async def _watch(self, page: Page, problems: list[str]) -> None:
        page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        await page.route(_is_foreign(self.base), _refuse(problems))


def session_of(base: str, login: str) -> str:
    """Return a new session of an account whose password is `PASSWORD`."""
    body = {"login": login, "password": PASSWORD}
    return str(requests.post(f"{base}/user/auth", json=body, timeout=30).json()["hash"])


def _is_foreign(base: str) -> Callable[[str], bool]:
    own = urlsplit(base).netloc
    return lambda url: urlsplit(url).scheme in ("http", "https", "ws", "wss") and urlsplit(url).netloc != own


def _refuse(problems: list[str]) -> Callable[[Route], Any]:
    async def refuse(route: Route) -> None:
        problems.append(f"request to another host: {route.request.url}")
        await route.abort()

    return refuse


@asynccontextmanager
async def opened_browser(base: str) -> AsyncIterator[Browsing]:
    """Run Chromium without a screen for as long as the context lasts."""
    expect.set_options(timeout=WITHIN_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        try:
            yield Browsing(browser, base)
        finally:
            await browser.close()
