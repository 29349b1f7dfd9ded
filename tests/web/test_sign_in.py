"""Sign-in, sign-out and the frame of the page in a browser."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.web.browser import PASSWORD


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def login(add_client) -> str:
    return add_client("--time-zone", "Asia/Tokyo")[0]


@pytest.mark.parametrize(("dark", "width"), [(False, 360), (True, 1280)])
async def test_a_visitor_signs_in_and_comes_to_where_they_wanted_to_go(browsing, login, dark, width):
    async with browsing.tab(dark=dark, width=width) as tab:
        page = await tab.go("/page/reports?q=trips")
        assert [] == await tab.violations()
        await page.get_by_label("Login").fill(login)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Sign in").click()

        await expect(page).to_have_url(f"{tab.base}/page/reports?q=trips")
        await expect(page.get_by_text(login)).to_be_visible()
        assert [] == await tab.violations()
        assert "" == await page.evaluate("document.cookie")


async def test_wrong_credentials_say_so_in_the_form_and_keep_the_login(browsing, login):
    async with browsing.tab(expected="400") as tab:
        page = await tab.go("/page/sign-in?lang=de")
        await page.get_by_label("Anmeldename").fill(login)
        await page.get_by_label("Passwort").fill("wrong")
        await page.get_by_role("button", name="Anmelden").click()

        await expect(page.get_by_role("alert")).to_have_text("Anmeldename oder Passwort ist falsch.")
        await expect(page.get_by_label("Anmeldename")).to_have_value(login)
        assert [] == await tab.violations()


async def test_after_signing_out_neither_the_address_nor_the_back_button_shows_data(browsing, login):
    async with browsing.tab(login) as tab:
        page = await tab.go("/page/reports")
        await page.get_by_role("button", name="Sign out").click()
        await expect(page).to_have_url(f"{tab.base}/page/sign-in")
        await page.go_back()

        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_the_back_button_shows_no_data_of_a_session_that_ended_elsewhere(browsing, login):
    async with browsing.tab(login) as tab:
        page = await tab.go("/page/reports")
        await tab.go("/page/schedules")
        (cookie,) = [one for one in await page.context.cookies() if one["name"] == "daybook"]
        await page.request.post(f"{tab.base}/user/logout", data={"hash": cookie["value"]})
        await page.go_back()

        await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


async def test_the_theme_can_be_switched_and_is_remembered(browsing, login):
    async with browsing.tab(login) as tab:
        page = await tab.go("/page/reports")
        await page.get_by_role("button", name="Theme: as the system").click()
        await page.get_by_role("button", name="Theme: light").click()
        await page.reload()

        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_an_unknown_address_is_a_document_with_the_request_id(browsing, login):
    async with browsing.tab(login, expected="404") as tab:
        page = await tab.go("/page/nothing")

        await expect(page.get_by_role("heading", name="Not found")).to_be_visible()
        assert [] == await tab.violations()
