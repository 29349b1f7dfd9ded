"""The view of a report in a browser: tabs, tables of any length, charts, the map, keys, the address."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.builders.page_sheets import (
    HOSTILE,
    TRACKER,
    charts_sheet,
    empty_charts_sheet,
    hostile_sheet,
    long_sheet,
    trips_sheet,
    trips_table,
)
from tests.fakes.report_parts import MadeSheet
from tests.web.browser import WITHIN_MS
from tests.web.report_pages import ReportPages, opened_report_pages

NODES = "document.querySelectorAll('*').length"
MOST_NODES = 2_000
SELECTED = """() => {
  getSelection().selectAllChildren(document.getElementById("sheet"));
  return String(getSelection());
}"""
FILTERS_BELOW_HEADS = """() => {
  const [heads, fields] = document.querySelector("table.data").tHead.rows;
  const left = (cell) => cell.getBoundingClientRect().left;
  return [...heads.cells].every((cell, place) => left(cell) === left(fields.cells[place]));
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def pages() -> AsyncIterator[ReportPages]:
    """Give reports in a browser."""
    async with opened_report_pages() as opened:
        yield opened


async def _first_cells(page: Page, count: int = 3) -> list[str]:
    cells = page.locator("table.data tbody tr[data-kind=row] td:nth-child(2)")
    return [re.split(r"\s", await cells.nth(place).inner_text())[0] for place in range(count)]


@pytest.mark.parametrize(("dark", "width"), [(True, 360), (False, 1280)])
async def test_a_report_shows_tiles_tabs_tables_and_charts_that_all_can_use(pages, dark, width):
    path = pages.add(trips_sheet(40), charts_sheet(500))
    async with pages.tab(dark=dark, width=width) as tab:
        page = await tab.go(path)
        await expect(page.get_by_role("tab", name="Van 1")).to_have_attribute("aria-selected", "true")
        await expect(page.locator(".tile strong").first).to_have_text("40")
        await expect(page.get_by_role("status").get_by_text("40 rows")).to_be_visible()
        assert [] == await tab.violations()

        await page.get_by_role("tab", name="Charts").click()
        await expect(page.locator(".plot canvas")).to_be_visible()
        await expect(page.locator(".svg-plot svg")).to_have_count(2)
        assert [] == await tab.violations()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_report_of_50000_rows_is_a_window_that_sorts_filters_and_reaches_its_last_row(pages):
    path = pages.add(trips_sheet(50_000))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await expect(page.get_by_text("50,000 rows")).to_be_visible()
        assert MOST_NODES > await page.evaluate(NODES)
        assert "50003" == await page.locator("table.data").get_attribute("aria-rowcount")

        await page.locator("table.data thead button").nth(2).click()
        lengths = page.locator("table.data tbody tr[data-kind=row] td:nth-child(4)")
        first = [int(await lengths.nth(row).inner_text()) for row in range(5)]
        assert [0, *sorted(first)[1:]] == first
        await page.get_by_role("searchbox", name="Search in the sheet").fill("#49999")
        await expect(page.get_by_text("1 of 50,000")).to_be_visible()
        await page.get_by_role("searchbox", name="Search in the sheet").fill("")
        await page.locator("table.data thead button").nth(2).click()
        await page.locator("table.data thead button").nth(2).click()
        await expect(page.locator(".group-head")).to_have_count(1)

        await page.locator(".scroller").focus()
        await page.keyboard.press("End")
        await page.keyboard.press("End")
        await expect(page.get_by_text("#49999 ")).to_be_visible()
        assert MOST_NODES > await page.evaluate(NODES)


async def test_a_table_of_a_million_rows_opens_and_is_read_around_the_rows_that_are_seen(pages):
    path = pages.add(long_sheet(1_000_000))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await expect(page.get_by_text("1,000,000 rows", exact=True)).to_be_visible()
        await expect(page.get_by_text("sort and filter it in the XLSX file")).to_be_visible()
        pages.reports.parts_read.clear()
        await page.locator(".scroller").evaluate("one => { one.scrollTop = one.scrollHeight }")

        await expect(page.get_by_text("#999999 ")).to_be_visible()
        await expect(page.locator(".group-total")).to_have_text("Sum 666")
        assert len(pages.reports.parts_read) <= 3
        assert MOST_NODES > await page.evaluate(NODES)
        await page.locator(".scroller").evaluate("one => { one.scrollTop = one.scrollHeight / 2 }")
        await expect(page.get_by_text(re.compile("#50000[0-9] |#5000[0-9]{2} ")).first).to_be_visible()
        await page.locator(".scroller").evaluate("one => { one.scrollTop = 0 }")
        await expect(page.locator(".group-head").first).to_have_text("Week 0")


async def test_filters_of_columns_take_ranges_and_texts_and_totals_stay(pages):
    path = pages.add(trips_sheet(100))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await page.get_by_role("button", name="Filters").click()
        assert await page.evaluate(FILTERS_BELOW_HEADS)
        await page.get_by_role("searchbox", name="Filter: Total trips length, km").fill("0..10000")
        await expect(page.get_by_text("11 of 100")).to_be_visible()
        await expect(page).to_have_url(re.compile(r"f-length=0\.\.10000"))
        await page.get_by_role("searchbox", name="Filter: Movement start").fill("#1")
        await expect(page.get_by_text(re.compile(r"^\d of 100"))).to_be_visible()
        assert [] == await tab.violations()


async def test_the_address_bar_restores_the_view_and_back_leads_to_the_one_before(pages):
    path = pages.add(trips_sheet(20), trips_sheet(30, header="Van 2"))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await page.get_by_role("tab", name="Van 2").click()
        await page.get_by_role("button", name="Total trips length, km").click()
        await page.get_by_role("button", name="Total trips length, km").click()
        await page.locator("summary", has_text="Columns").click()
        await page.get_by_role("checkbox", name="Travel time").uncheck()
        await page.get_by_role("searchbox", name="Search in the sheet").fill("#2")
        await expect(page).to_have_url(re.compile(r"\?sheet=2&sort=-length&hide=time&q=%232$"))
        shown = await _first_cells(page)

        await page.reload()
        await expect(page.get_by_role("tab", name="Van 2")).to_have_attribute("aria-selected", "true")
        await expect(page.locator("th[aria-sort=descending]")).to_have_count(1)
        assert shown == await _first_cells(page)
        await expect(page.get_by_role("button", name="Travel time")).to_have_count(0)

        await page.go_back()
        await expect(page.locator("th[aria-sort=ascending]")).to_have_count(1)
        await page.go_back()
        await page.go_back()
        await expect(page.get_by_role("tab", name="Van 1")).to_have_attribute("aria-selected", "true")


async def test_rows_are_chosen_for_the_map_by_keys_alone(pages):
    path = pages.add(trips_sheet(20))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await page.locator(".scroller").focus()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")

        await expect(page.locator(".map canvas.map-labels")).to_be_visible()
        await expect(page.get_by_text("Map: Natural Earth. Towns: GeoNames")).to_be_visible()
        await expect(page.get_by_role("checkbox", name="Row 1 on the map")).to_be_checked()
        await expect(page.locator(".map .leaflet-control-scale-line")).to_be_visible()
        assert [] == await tab.violations()
        await page.keyboard.press("Escape")
        await expect(page.locator(".map")).to_be_hidden()


async def test_keys_lead_from_sheet_to_sheet_and_to_the_search(pages):
    path = pages.add(trips_sheet(5), trips_sheet(6, header="Van 2"))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await expect(page.get_by_text("5 rows")).to_be_visible()
        await page.keyboard.press("]")
        await expect(page.get_by_role("tab", name="Van 2")).to_have_attribute("aria-selected", "true")
        await expect(page.get_by_text("6 rows")).to_be_visible()
        await page.keyboard.press("/")
        await expect(page.get_by_role("searchbox", name="Search in the sheet")).to_be_focused()


async def test_a_planted_spike_is_seen_in_the_whole_chart_and_zoomed(pages):
    path = pages.add(charts_sheet(20_000))
    async with pages.tab() as tab:
        page = await tab.go(path)
        plot = page.locator(".plot[role=group]")
        await expect(plot).to_have_attribute("aria-label", re.compile("987"))
        await expect(plot.locator("canvas")).to_be_visible()
        await page.get_by_role("button", name="As a table").click()
        await page.locator(".chart-section thead button").nth(1).click()
        await page.locator(".chart-section thead button").nth(1).click()
        await expect(page.locator(".chart-section tbody tr[data-kind=row]").first).to_contain_text("987")
        await plot.focus()
        async with page.expect_response(re.compile(r"section=0&points=5000&from_x=\d+")):
            for _ in range(3):
                await page.keyboard.press("+")
        assert MOST_NODES > await page.evaluate(NODES)


async def test_charts_without_values_stand_beside_what_has_some(pages):
    path = pages.add(empty_charts_sheet())
    async with pages.tab() as tab:
        page = await tab.go(path)
        await expect(page.locator(".named-values dd")).to_have_text("0")
        assert [] == await tab.violations()


async def test_rows_are_found_selected_and_printed_however_few_elements_the_document_has(pages):
    tables = [trips_table(0, 400), *(trips_table(0, 60) for _ in range(12))]
    path = pages.add(MadeSheet("Van 1", tables, [TRACKER]))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await expect(page.locator(".far").last).to_be_attached()
        async with asyncio.timeout(WITHIN_MS / 1000):
            while (found := len(re.findall(r"#\d+ ", await page.evaluate(SELECTED)))) < 400 + 12 * 60:  # noqa: ASYNC110 - a browser is asked
                await asyncio.sleep(0.1)  # parts of the tables are still to come
        assert 400 + 12 * 60 == found
        assert MOST_NODES > await page.evaluate(NODES)
        assert await page.evaluate("window.find('#390 ', false, false, true)")

        await page.emulate_media(media="print")
        await page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert 400 + 12 * 60 == await page.locator("tr[data-kind=row]").count()
        await expect(page.get_by_role("button", name="Movement start").first).to_be_visible()
        await expect(page.get_by_role("button", name="Filters").first).to_be_hidden()
        await expect(page.get_by_role("searchbox")).to_be_hidden()
        await page.emulate_media(media="screen")
        await page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert MOST_NODES > await page.evaluate(NODES)


async def test_a_menu_closes_by_esc_and_by_a_press_elsewhere(pages):
    path = pages.add(trips_sheet(5))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await page.get_by_text("Download", exact=True).click()
        await expect(page.get_by_role("link", name="XLSX")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("link", name="XLSX")).to_be_hidden()
        await page.get_by_text("Columns", exact=True).click()
        await expect(page.get_by_role("checkbox", name="Travel time")).to_be_visible()
        await page.get_by_role("heading", name="Trip report").click()
        await expect(page.get_by_role("checkbox", name="Travel time")).to_be_hidden()


async def test_hostile_texts_are_shown_as_text_and_keep_the_layout(pages):
    path = pages.add(hostile_sheet(), hostile_sheet(), title=HOSTILE)
    async with pages.tab(width=360) as tab:
        page = await tab.go(path)
        await expect(page.locator("table.data tbody td").first).to_have_text(HOSTILE)
        await expect(page.locator("h1")).to_have_text(HOSTILE)
        assert 0 == await page.locator("main img").count()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_300_sheets_have_few_tabs_and_a_list_to_search_in(pages):
    path = pages.add(*(trips_sheet(2, header=f"Van {number}") for number in range(1, 301)))
    async with pages.tab() as tab:
        page = await tab.go(path)
        await page.get_by_role("button", name="All 300 sheets").click()
        await page.get_by_role("dialog").get_by_role("searchbox").fill("van 277")
        await page.get_by_role("dialog").get_by_role("button", name="Van 277").click()
        await expect(page.get_by_role("tab", name="Van 277")).to_have_attribute("aria-selected", "true")
        assert MOST_NODES > await page.evaluate(NODES)
        assert [] == await tab.violations()


async def test_a_report_without_sheets_says_so_with_its_period(pages):
    path = pages.add()
    async with pages.tab() as tab:
        page = await tab.go(path)
        await expect(page.get_by_text("There is nothing in the period 6 Oct 2020.")).to_be_visible()
        assert [] == await tab.violations()


async def test_a_report_that_is_not_there_is_a_document_that_says_so(pages):
    async with pages.tab(expected="404") as tab:
        page = await tab.go("/page/reports/424242")
        await expect(page.get_by_role("heading", name="Not found")).to_be_visible()
