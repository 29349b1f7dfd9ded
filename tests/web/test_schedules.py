"""Schedules, saved reports, the mailbox and unsubscribing in a browser."""

import re

import pytest
import requests
from playwright.async_api import Page, expect

from tests.e2e.mail_host import until


def status_of(address: str) -> int:
    """Return the HTTP status of an address, as somebody without an account meets it."""
    return requests.get(address, timeout=30).status_code


async def choose_report(page: Page, title: str) -> None:
    """Choose trips of all objects as the report of a schedule."""
    await page.get_by_role("button", name="Choose the report").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("checkbox", name="All", exact=True)).to_be_enabled()
    await dialog.get_by_role("checkbox", name="All", exact=True).check()
    await dialog.get_by_label("Title").fill(title)
    await dialog.get_by_role("button", name="Choose", exact=True).click()


async def test_a_schedule_is_made_run_paused_and_deleted(browsing, vans, mails):
    """Its mail arrives, and the run says what the server answered."""
    title, address = "<b>Weekly</b> trips", "page.weekly@example.com"
    async with browsing.tab(vans.client.login) as tab:
        page = await tab.go("/page/schedules/new")
        assert [] == await tab.violations()
        await choose_report(page, title)
        await page.get_by_label("Period of each report").select_option("previous_week")
        await page.get_by_role("checkbox", name="Tue").check()
        await page.get_by_label("E-mail addresses").fill(address)
        await page.get_by_role("button", name="Save").click()

        await expect(page.get_by_role("heading", name=title)).to_be_visible()
        await expect(page.get_by_text("covers")).to_be_visible()
        assert [] == await tab.violations()
        await page.get_by_role("button", name="Run now").click()
        run = page.locator("li.run")
        await expect(run.locator(".run-head .badge")).to_have_text("Sent")
        await expect(run.get_by_text(address)).to_be_visible()
        await run.locator("summary").click()
        await expect(run.locator(".attempts")).to_contain_text("250 taken")
        assert [] == await tab.violations()
        (mail,) = mails.mails(address)
        assert title in mail["Subject"]

        await page.get_by_role("button", name="Pause").click()
        await expect(page.get_by_role("button", name="Resume")).to_be_visible()
        page = await tab.go("/page/schedules")
        line = page.get_by_role("row").filter(has_text=title)
        await expect(line).to_contain_text("Paused")
        await expect(line).to_contain_text(address)
        assert [] == await tab.violations()
        await line.get_by_role("button", name="Delete").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("row").filter(has_text=title)).to_have_count(0)


async def test_faults_of_a_schedule_stand_at_their_fields(browsing, vans):
    """In the visitor's language; what was entered stays, and the first bad field has the focus."""
    async with browsing.tab(vans.client.login, expected="400") as tab:
        page = await tab.go("/page/schedules/new")
        await choose_report(page, "Faults")
        await page.get_by_label("E-mail addresses").fill("good@example.com\nnowhere")
        await page.get_by_role("checkbox", name="Mon").uncheck()
        await page.get_by_role("button", name="Save").click()

        await expect(page.get_by_text("nowhere: must be an e-mail address")).to_be_visible()
        await expect(page.get_by_text("must name weekdays or month_days, at least one")).to_be_visible()
        await expect(page.get_by_label("E-mail addresses")).to_have_value("good@example.com\nnowhere")
        focused = await page.evaluate("document.activeElement.getAttribute('aria-invalid')")
        assert "true" == focused
        assert [] == await tab.violations()


async def test_a_mail_that_failed_is_sent_again(browsing, vans, mails):
    address = "page.again@example.com"
    report = {"trackers": vans.trackers, "plugin": {"plugin_id": 4}, "title": "Again"}
    days = {"type": "weekdays", "weekdays": [1]}
    parameters = {"period": "1d", "schedule": days, "report": report, "emails": [address]}
    made = vans.client.post("report/schedule/create", schedule={"parameters": parameters}).json()["id"]
    mails.server.answers_with(f"rcpt {address}", "550 no such user")
    vans.client.post("report/schedule/run", schedule_id=made)

    def last() -> str:
        runs = vans.client.post("report/schedule/runs/list", schedule_id=made).json()["list"]
        return str(runs[0]["state"])

    until(lambda: last() == "failed", "the refusal")
    async with browsing.tab(vans.client.login) as tab:
        page = await tab.go(f"/page/schedules/{made}")
        delivery = page.locator("li[data-number]").filter(has_text=address)
        await expect(delivery).to_contain_text("550 no such user")
        await delivery.get_by_role("button", name="Send again").click()
        await expect(delivery.locator(".badge")).to_have_text("Sent")
        assert [] == await tab.violations()


@pytest.mark.parametrize(("locale", "dark", "width"), [("ru", True, 360), ("de", False, 1280)])
async def test_the_pages_hold_in_every_language_and_on_phones(browsing, add_client, locale, dark, width):
    login, _ = add_client("--locale", locale)
    async with browsing.tab(login, dark=dark, width=width) as tab:
        for path in ("/page/schedules", "/page/schedules/new", "/page/saved", "/page/mailbox"):
            page = await tab.go(path)
            await expect(page.locator("h1")).to_be_visible()
            assert width >= await page.evaluate("document.documentElement.scrollWidth"), path
            assert [] == await tab.violations(), path


async def test_a_saved_report_is_run_shared_and_scheduled(browsing, office, mails):
    """Its owner runs it while it is private; the link works once it is shared, and ends with a new one."""
    token = office.save({"report_type": "summary", "start_date": "2026-01-05", "end_date": "2026-01-11"})
    share = f"{browsing.base}/share/{{}}"
    async with browsing.tab(office.ann.login) as tab:
        page = await tab.go("/page/saved")
        assert [] == await tab.violations()
        await page.get_by_role("link", name="Saved", exact=True).last.click()
        await expect(page.get_by_role("heading", name="Share it")).to_be_visible()
        assert [] == await tab.violations()
        assert 404 == status_of(share.format(token))
        await page.get_by_label("Everybody who has the link can open it").check()
        await expect(page.get_by_label("Link", exact=True)).to_have_value(share.format(token))
        assert 200 == status_of(share.format(token))

        await page.get_by_role("button", name="New link").click()
        await page.get_by_role("dialog").get_by_role("button", name="New link").click()
        await expect(page.get_by_label("Link", exact=True)).not_to_have_value(share.format(token))
        assert 404 == status_of(share.format(token))
        await page.get_by_label("Period").select_option("custom")
        await page.get_by_label("First day").fill("2026-01-05")
        await page.get_by_label("Last day", exact=True).fill("2026-01-06")
        async with page.expect_download() as download:
            await page.get_by_role("link", name="XLSX").click()
        assert "2026-01-05_2026-01-06" in (await download.value).suggested_filename

        await page.get_by_role("link", name="Open").click()
        await expect(page.get_by_role("table").last).to_contain_text("Website (Acme)")
        await page.go_back()
        await page.get_by_role("link", name="Schedule", exact=True).click()
        await page.get_by_label("Bob").check()
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("heading", name="Runs")).to_be_visible()
        await page.wait_for_load_state("load")  # the modules that listen to buttons have run
        await page.get_by_role("button", name="Run now").click()
        await expect(page.locator("li.run .run-head .badge")).to_have_text("Sent")
        assert 1 == len(mails.mails(office.bob.login))


async def test_unsubscribing_needs_neither_account_nor_script(browsing, mails, vans):
    """The page of the link in a mail asks first; afterwards the schedule says so."""
    address = "page.bye@example.com"
    report = {"trackers": vans.trackers, "plugin": {"plugin_id": 4}, "title": "Bye"}
    days = {"type": "weekdays", "weekdays": [1]}
    parameters = {"period": "1d", "schedule": days, "report": report, "emails": [address]}
    made = vans.client.post("report/schedule/create", schedule={"parameters": parameters}).json()["id"]
    vans.client.post("report/schedule/run", schedule_id=made)
    (mail,) = mails.mails(address)
    found = re.search(r"/u/[0-9a-f]{32}", mail.get_body(("plain",)).get_content())
    if found is None:
        pytest.skip("mails have no links without PUBLIC_URL")
    async with browsing.tab(java_script_enabled=False) as tab:
        page = await tab.go(found.group())
        await page.get_by_role("button", name="Unsubscribe").click()
        await expect(page.get_by_text("You get no more mails with this report.")).to_be_visible()
        await page.get_by_role("button", name="Stop everything from this sender").click()
        await expect(page.get_by_text("You get no more mails from this sender.")).to_be_visible()
    async with browsing.tab(vans.client.login) as tab:
        page = await tab.go(f"/page/schedules/{made}")
        await expect(page.locator("dl.facts")).to_contain_text("unsubscribed on")
