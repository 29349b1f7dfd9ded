"""Public pages of shared reports: without an account, without JavaScript, and what they give away."""

import asyncio
import re
from collections.abc import Callable

import pytest
import requests
from playwright.async_api import expect

from tests.web.browser import session_of

PERIOD = ("2019-05-27 00:00:00", "2019-05-28 23:59:59")
OWN = {"Sec-Fetch-Site": "same-origin"}
NUMBER = re.compile(r"<code>\w+</code>")


@pytest.fixture(scope="module")
def report_id(vans) -> int:
    made = vans.client.generate(vans.trackers, PERIOD, title="<b>To share</b>")
    vans.client.wait(made)
    return made


@pytest.fixture(scope="module")
def base(stack) -> str:
    return stack.addresses["gateway"]


@pytest.fixture(scope="module")
def cookies(base, vans) -> dict[str, str]:
    return {"daybook": session_of(base, vans.client.login)}


@pytest.fixture(scope="module")
def links(base, report_id) -> str:
    return f"{base}/page/reports/{report_id}/links"


@pytest.fixture
def new_link(links, cookies) -> Callable[..., str]:
    """Give a way to make a link: its address."""

    def make(**body: object) -> str:
        return requests.post(links, json=body, cookies=cookies, headers=OWN, timeout=30).json()["address"]

    return make


async def test_a_shared_report_is_complete_without_javascript(browsing, new_link):
    address = new_link()
    async with browsing.tab(java_script_enabled=False) as tab:
        page = await tab.go(address.removeprefix(browsing.base) + "?sheet=2")
        await expect(page.get_by_role("heading", name="<b>To share</b>")).to_be_visible()
        await expect(page.get_by_role("table")).to_contain_text("In total:")
        files = page.get_by_role("link", name=re.compile("^(PDF|XLSX|XLS|CSV|JSON)$"))
        await expect(files).to_have_count(5)
        async with page.expect_download() as download:
            await files.first.click()
        assert (await download.value).suggested_filename.endswith(".pdf")


@pytest.mark.parametrize("width", [1280, 360])
async def test_the_page_of_a_share_can_be_read_by_all(browsing, new_link, width):
    address = new_link()
    async with browsing.tab(width=width, dark=width < 400) as tab:
        await tab.go(address.removeprefix(browsing.base))
        assert [] == await tab.violations()


def test_unknown_deleted_and_malformed_tokens_are_answered_alike(base, links, cookies, new_link):
    address = new_link(name="gone")
    (gone,) = [one for one in requests.get(links, cookies=cookies, timeout=30).json()["links"] if one["name"] == "gone"]
    headers = {**OWN, "Content-Type": "application/json"}
    assert requests.delete(f"{links}/{gone['id']}", cookies=cookies, headers=headers, timeout=30).ok

    addresses = [address, f"{base}/share/{'0' * 32}", f"{base}/share/nonsense", f"{address}.pdf"]
    answers = [requests.get(one, timeout=30) for one in addresses]
    assert {404} == {answer.status_code for answer in answers}
    assert 1 == len({NUMBER.sub("", answer.text) for answer in answers})


def test_only_the_formats_of_a_link_can_be_downloaded(new_link):
    address = new_link(formats=["csv"])

    assert 200 == requests.get(f"{address}.csv", timeout=30).status_code
    assert 404 == requests.get(f"{address}.pdf", timeout=30).status_code


def test_a_session_opens_nothing_more_on_a_share(base, cookies, new_link):
    """The page reads no cookie, and the token is no session."""
    address = new_link()
    answers = [requests.get(address, cookies=some, timeout=30) for some in (cookies, {})]
    session = {"daybook": address.rpartition("/")[2]}

    assert NUMBER.sub("", answers[0].text) == NUMBER.sub("", answers[1].text)
    assert "Set-Cookie" not in answers[0].headers
    assert ("no-referrer", "noindex") == tuple(answers[0].headers[name] for name in ("Referrer-Policy", "X-Robots-Tag"))
    refused = requests.get(f"{base}/page/reports", cookies=session, allow_redirects=False, timeout=30)
    assert 303 == refused.status_code


def test_a_published_link_leads_to_the_page(base):
    token = "0" * 32
    for path, wanted in (("", ""), ("/summary", ""), ("/detailed/period/thisWeek", "?period=thisWeek")):
        answer = requests.get(f"{base}/shared-report/{token}{path}", allow_redirects=False, timeout=30)
        assert (308, f"/share/{token}{wanted}") == (answer.status_code, answer.headers["Location"])


async def test_a_saved_report_is_read_with_its_published_token_and_another_period(browsing, office):
    params = {"report_type": "summary", "start_date": "2020-01-01", "end_date": "2020-01-31"}
    token = await asyncio.to_thread(office.save, params, "--public")
    async with browsing.tab() as tab:
        page = await tab.go(f"/share/{token}")
        await expect(page.get_by_role("heading", name="Saved")).to_be_visible()
        await page.get_by_label("First day").fill("2026-01-01")
        await page.get_by_label("Last day").fill("2026-01-31")
        await page.get_by_role("button", name="Show").last.click()
        await expect(page).to_have_url(re.compile("from=2026-01-01&to=2026-01-31"))
        assert [] == await tab.violations()
