"""Fixtures of the browser tests: one browser for each test worker, on the stack that end-to-end tests use too."""

from collections.abc import AsyncIterator
from inspect import iscoroutinefunction
from pathlib import Path

import pytest
import pytest_asyncio

from tests.e2e.stack import Stack
from tests.web.browser import CHROMIUM, Browsing, opened_browser

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run all tests here in the loop of the session, in which the browser lives; without a browser skip them."""
    for item in items:
        if HERE in item.path.parents:
            if isinstance(item, pytest.Function) and iscoroutinefunction(item.function):
                item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.slow)
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason=f"browser tests need {CHROMIUM} (apt-get install chromium)"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsing(stack: Stack) -> AsyncIterator[Browsing]:
    """Give the browser."""
    async with opened_browser(stack.addresses["gateway"]) as running:
        yield running
