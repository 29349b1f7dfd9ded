"""The page in every language: no English in the others, no violation of WCAG, nothing wider than the screen."""

from itertools import cycle

import pytest
from playwright.async_api import Page, expect

from gateway.web.translations import LOCALES, SOURCE
from tests.builders.page_words import catalogue
from tests.e2e.imports import add_tracker

TRANSLATED = [locale for locale in LOCALES if locale != SOURCE]


async def english_lines(page: Page, locale: str) -> set[str]:
    """Return lines of the document that are msgids with another text in the locale."""
    english = {one.id for one in catalogue(locale) if one.id and isinstance(one.id, str) and one.id != one.string}
    return {line.strip() for line in (await page.inner_text("body")).splitlines()} & english


@pytest.mark.parametrize(("locale", "width"), list(zip(TRANSLATED, cycle([360, 1280]), strict=False)))
async def test_the_page_speaks_the_language_of_the_account(browsing, add_client, stack, locale, width):
    login, _ = add_client("--locale", locale)
    add_tracker(stack, login, "Ж")
    async with browsing.tab(login, width=width, dark=width < 400) as tab:
        page = await tab.go("/page/reports")
        assert set() == await english_lines(page, locale)
        await page.locator("button[data-new-report]").first.click()
        await expect(page.locator("dialog .kinds input").first).to_be_visible()
        await expect(page.locator("dialog .picks input").first).to_be_attached()
        assert set() == await english_lines(page, locale)
        assert [] == await tab.violations()
        await page.locator("dialog footer button").click()
        await expect(page.locator("dialog .fault").first).to_be_visible()
        assert set() == await english_lines(page, locale)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("locale", LOCALES)
async def test_the_sign_in_form_speaks_the_language_of_the_browser(browsing, locale):
    async with browsing.tab(locale=locale, width=360) as tab:
        page = await tab.go("/page/reports")
        await expect(page.locator("html")).to_have_attribute("lang", locale)
        assert locale == SOURCE or set() == await english_lines(page, locale)
        assert [] == await tab.violations()
