"""From the list of reports to a new one: the dialog, its faults, progress, and what the list does with reports."""

import re

from playwright.async_api import Page, expect

FIRST, LAST = "2019-05-27", "2019-05-28"


async def open_dialog(page: Page) -> None:
    await page.locator("body").press("n")
    await expect(page.get_by_role("dialog").get_by_role("checkbox", name="All", exact=True)).to_be_enabled()


async def choose_days(page: Page, first: str = FIRST, last: str = LAST) -> None:
    await page.get_by_label("First day").fill(first)
    await page.get_by_label("Last day").fill(last)


async def test_a_report_is_asked_for_with_the_keyboard_and_appears_in_the_list(browsing, vans):
    async with browsing.tab(vans.client.login) as tab:
        page = await tab.go("/page/reports")
        await open_dialog(page)
        assert [] == await tab.violations()
        await page.get_by_role("checkbox", name="All", exact=True).press("Space")
        await choose_days(page)
        await page.get_by_label("Title").fill("<img src=x onerror=alert(1)> \u202eRTL")
        await page.get_by_label("Title").press("Enter")
        await expect(page).to_have_url(re.compile(r"/page/reports/\d+$"))
        await expect(page.get_by_role("table").first).to_be_visible()  # before, the document may load itself anew
        assert [] == await tab.violations()

        page = await tab.go("/page/reports")
        line = page.get_by_role("row").filter(has_text="<img src=x")
        await expect(line).to_contain_text("Finished")
        await expect(line).to_contain_text(re.compile("27.+28 May 2019"))
        assert [] == await tab.violations()


async def test_a_fault_stands_at_its_field_and_the_first_one_has_the_focus(browsing, vans):
    async with browsing.tab(vans.client.login, expected="400") as tab:
        page = await tab.go("/page/reports")
        await open_dialog(page)
        await page.get_by_role("button", name="Create report").click()
        await expect(page.get_by_text("Choose at least one.")).to_be_visible()

        await page.get_by_role("checkbox", name="All", exact=True).check()
        await choose_days(page, LAST, FIRST)
        await page.get_by_role("button", name="Create report").click()
        last = page.get_by_label("Last day")
        await expect(last).to_have_attribute("aria-invalid", "true")
        await expect(last).to_be_focused()
        assert [] == await tab.violations()


async def test_again_fills_the_dialog_with_the_request_of_a_report(browsing, vans):
    report_id = vans.client.generate(
        vans.trackers[:1],
        (f"{FIRST} 06:00:00", f"{LAST} 18:00:00"),
        plugin={"plugin_id": 6, "show_coordinates": True},
        time_filter={"from": "08:00:00", "to": "17:00:00", "weekdays": [1, 2]},
        title="To repeat",
    )
    async with browsing.tab(vans.client.login) as tab:
        page = await tab.go(f"/page/reports?again={report_id}")
        dialog = page.get_by_role("dialog")
        await expect(dialog.get_by_label("Title")).to_have_value("To repeat")
        await expect(dialog.get_by_role("radio", name="Stops report")).to_be_checked()
        await expect(dialog.get_by_role("checkbox", name="Coordinates")).to_be_checked()
        await expect(dialog.get_by_label("Each day from")).to_have_value("08:00")
        await expect(dialog.get_by_text("From 06:00:00 on the first day to 18:00:00 on the last.")).to_be_visible()
        await expect(dialog.get_by_text("1 chosen")).to_be_visible()
        await expect(dialog.get_by_role("checkbox", name="Sunday")).not_to_be_checked()


async def test_a_report_is_deleted_after_a_question(browsing, vans):
    report_id = vans.client.generate(vans.trackers[:1], (f"{FIRST} 00:00:00", f"{FIRST} 23:59:59"), title="To delete")
    vans.client.wait(report_id)
    async with browsing.tab(vans.client.login, width=360) as tab:
        page = await tab.go("/page/reports")
        assert [] == await tab.violations()
        await page.get_by_role("button", name="Delete: To delete").click()
        await page.get_by_role("button", name="Keep").click()
        await page.get_by_role("button", name="Delete: To delete").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_text("To delete")).to_have_count(0)
        await expect(page.locator("main :focus")).to_have_count(1)  # the focus is at what has come in its place

    assert vans.client.post("report/tracker/status", report_id=report_id).status_code == 404


async def test_a_narrow_screen_has_one_pane_of_the_dialog_at_a_time(browsing, vans):
    async with browsing.tab(vans.client.login, width=360, dark=True) as tab:
        page = await tab.go("/page/reports")
        await page.get_by_role("button", name="New report").first.click()
        await expect(page.get_by_role("radio", name="Trips report")).to_be_visible()
        await expect(page.get_by_label("First day")).not_to_be_visible()
        await page.get_by_role("button", name="Settings").click()
        await expect(page.get_by_label("First day")).to_be_visible()
        assert [] == await tab.violations()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_sub_user_without_the_right_reads_one_plain_sentence(browsing, stack, vans):
    stack.command("user", "add", "clerk", "--password", "secret", "--master", vans.client.login)
    async with browsing.tab("clerk", expected="403") as tab:
        page = await tab.go("/page/reports")
        await expect(page.get_by_text("Your account has no right to reports.")).to_be_visible()


async def test_a_session_that_ends_in_mid_form_loses_nothing(browsing, vans):
    async with browsing.tab(vans.client.login, expected="401") as tab:
        page = await tab.go("/page/reports")
        await open_dialog(page)
        await page.get_by_role("checkbox", name="All", exact=True).check()
        await choose_days(page)
        await page.get_by_label("Title").fill("Kept")
        cookies = await page.context.cookies()
        await page.context.clear_cookies()
        await page.get_by_role("button", name="Create report").click()
        await expect(page.get_by_role("alert")).to_contain_text("Your session has ended.")
        await expect(page.get_by_label("Title")).to_have_value("Kept")

        await page.context.add_cookies(cookies)
        await page.get_by_role("button", name="Create report").click()
        await expect(page).to_have_url(re.compile(r"/page/reports/\d+$"))
