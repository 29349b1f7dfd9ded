"""Modules of the page, run in a browser: periods, and forms of every kind's schema."""

from datetime import UTC, date, datetime

import pytest
import pytest_asyncio
from babel import Locale
from babel.dates import format_date
from daybook.report.v1.sheet_pb2 import Quantity
from playwright.async_api import Page

from gateway.web.assets import Assets
from gateway.web.translations import LOCALES
from services.generation.kinds import all_kinds
from services.generation.kit.options import options_schema
from services.rendering.charts.x_scale import time_scale
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock
from services.runtime.date_patterns import DATE_FORMATS, date_pattern

FORMS = "[1, 2, 5, 21].map((n) => m.ngettext('{number} object', '{number} objects', n))"
JS = f"/page/assets/{Assets().hash}/js"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def page(browsing):
    async with browsing.tab(timezone_id="America/New_York", expected="401") as tab:
        yield await tab.go("/page/sign-in")


async def call(page: Page, module: str, expression: str, *arguments: object) -> object:
    """Return what an expression of a module's exports `m` and of arguments `a` gives."""
    script = f"async (a) => {{ const m = await import('{JS}/{module}.js'); return {expression}; }}"
    return await page.evaluate(script, list(arguments))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-03-01", "2026-03-01"),
        ("yesterday", "2026-02-28", "2026-02-28"),
        ("this_week", "2026-02-23", "2026-03-01"),
        ("last_week", "2026-02-16", "2026-02-22"),
        ("this_month", "2026-03-01", "2026-03-31"),
        ("last_month", "2026-02-01", "2026-02-28"),
        ("last_7_days", "2026-02-23", "2026-03-01"),
        ("last_30_days", "2026-01-31", "2026-03-01"),
    ],
)
async def test_presets_are_civil_days(page, name, first, last):
    assert {"from": first, "to": last} == await call(page, "period", f"m.preset('{name}', '2026-03-01', 1)")


async def test_weeks_begin_on_the_day_of_the_account(page):
    found = await call(page, "period", "m.preset('this_week', '2026-03-04', 7)")

    assert {"from": "2026-03-01", "to": "2026-03-07"} == found


@pytest.mark.parametrize(
    ("period", "direction", "shifted"),
    [
        (("2026-01-01", "2026-01-31"), 1, ("2026-02-01", "2026-02-28")),
        (("2024-03-01", "2024-03-31"), -1, ("2024-02-01", "2024-02-29")),
        (("2025-12-01", "2025-12-31"), 1, ("2026-01-01", "2026-01-31")),
        (("2026-03-23", "2026-03-29"), 1, ("2026-03-30", "2026-04-05")),  # over the clock change of Europe
        (("2026-10-19", "2026-10-25"), 1, ("2026-10-26", "2026-11-01")),
        (("2026-03-28", "2026-03-30"), 1, ("2026-03-31", "2026-04-02")),
        (("2026-03-05", "2026-03-05"), -1, ("2026-03-04", "2026-03-04")),
    ],
)
async def test_arrows_shift_months_weeks_and_other_periods(page, period, direction, shifted):
    sent = {"from": period[0], "to": period[1]}
    found = await call(page, "period", f"m.shift(a[0], {direction}, 1)", sent)

    assert {"from": shifted[0], "to": shifted[1]} == found


async def test_the_day_is_that_of_the_accounts_zone_and_not_of_the_browser(page):
    moment = "new Date('2026-03-01T20:00:00Z')"

    assert "2026-03-02" == await call(page, "period", f"m.today('Asia/Tokyo', {moment})")
    assert "2026-03-01" == await call(page, "period", f"m.today('America/New_York', {moment})")


async def test_axes_of_time_have_the_ticks_of_the_files(page):
    """Over changes of clocks at 02:00 and at midnight, and with offsets of minutes."""
    periods = [
        (zone, datetime(2026, month, 24, 21, tzinfo=UTC).timestamp() * 1000, hours * 3_600_000, most)
        for zone in ("Europe/Berlin", "Africa/Cairo", "Asia/Kathmandu", "America/St_Johns")
        for month in (3, 4, 10)
        for hours, most in ((3, 6), (48, 8), (240, 5))
    ]
    expected = [
        [tick.x for tick in time_scale(low, low + span, most, Quantity(), Reader(WallClock(zone))).ticks]
        for zone, low, span, most in periods
    ]
    ticks = (
        "a.map(([zone, low, span, most]) => new m.Clock(zone).ticks(low, low + span, most).ticks.map((one) => one.x))"
    )

    assert expected == await call(page, "clock", ticks, *periods)


async def test_dates_are_written_as_in_the_files(page):
    patterns = [
        (date_pattern(form, Locale(locale)), locale)
        for form in ("", *DATE_FORMATS)
        for locale in ("en", "ru", "es", "de")
    ]
    day = date(2026, 9, 5)
    expected = [format_date(day, pattern, locale=locale) for pattern, locale in patterns]
    texts = "a.map(([pattern, locale]) => m.dateText(pattern, Date.UTC(2026, 8, 5), locale))"

    assert expected == await call(page, "clock", texts, *patterns)


async def test_a_map_of_numbers_is_a_list_of_pairs(page):
    number = {"type": "number", "minimum": 0}
    schema = {"type": "object", "properties": {"penalties": {"type": "object", "additionalProperties": number}}}
    edit = """(() => {
      const form = m.objectForm(a[0], { penalties: { "10": 2, "20": 5 } });
      const buttons = [...form.element.querySelectorAll("button")];
      for (const name of ["Remove", "Add"]) buttons.find((one) => one.textContent === name).click();
      const inputs = [...form.element.querySelectorAll("input")];
      [inputs.at(-2).value, inputs.at(-1).value] = ["30", "7.5"];
      return form.read();
    })()"""

    assert {"penalties": {"20": 5, "30": 7.5}} == await call(page, "form", edit, schema)


@pytest.mark.parametrize("kind", all_kinds().values(), ids=lambda kind: str(kind.id))
async def test_the_form_of_every_kind_sends_its_defaults(page, kind):
    """The values of an untouched form mean the same as no options at all."""
    schema = options_schema(kind.Options)
    read = await call(page, "form", "m.objectForm(a[0], {}).read()", schema)
    needed = set(schema.get("required", []))

    assert set(read) <= set(schema["properties"])
    assert {name: one["default"] for name, one in schema["properties"].items() if "default" in one} == {
        name: value for name, value in read.items() if name not in needed
    }


async def test_a_kind_of_a_third_party_with_nested_objects_has_a_form(page):
    schema = {
        "type": "object",
        "properties": {
            "limits": {"type": "object", "properties": {"low": {"type": "number"}, "deep": {"type": "object"}}},
            "mode": {"type": "string", "enum": ["a", "b", "c", "d"], "default": "b"},
            "anything": {"type": "array", "items": {"type": "array"}},
            "perhaps": {"oneOf": [{"type": "integer"}, {"type": "null"}]},
        },
    }
    values = {"limits": {"low": 1.5, "deep": {"x": [1]}}, "anything": [[1]], "perhaps": 3}
    read = await call(page, "form", "m.objectForm(a[0], a[1]).read()", schema, values)

    assert {**values, "mode": "b"} == read


async def test_ten_thousand_objects_fit_into_a_picker(page):
    script = "((p) => [p.element.querySelectorAll('*').length, p.chosen()])(m.picker('x', a[0], [3, 99999]))"
    items = [{"id": number, "label": f"Van {number}"} for number in range(10_000)]
    count, chosen = await call(page, "picker", script, items)

    assert count < 2_000
    assert [3] == [one["id"] for one in chosen]


@pytest.mark.parametrize("locale", LOCALES)
async def test_modules_have_the_words_of_the_document(browsing, locale):
    async with browsing.tab() as tab:
        page = await tab.go(f"/page/sign-in?lang={locale}")
        texts = await call(
            page, "words", "[1, 2, 5, 21].map((n) => m.ngettext('{number} object', '{number} objects', n))"
        )

    expected = {
        "en": ["1 object", "2 objects", "5 objects", "21 objects"],
        "ru": ["1 объект", "2 объекта", "5 объектов", "21 объект"],
        "es": ["1 objeto", "2 objetos", "5 objetos", "21 objetos"],
        "de": ["1 Objekt", "2 Objekte", "5 Objekte", "21 Objekte"],
    }
    assert expected[locale] == texts


async def test_lines_and_outlines_go_on_over_the_date_line(page):
    across = [179.5, 179.9, -179.9, -179.5]
    found = await call(page, "longitudes", "[m.goingOn(a[0], 179), m.goingOn(a[0], -179), m.near(-178, 179)]", across)

    assert [[179.5, 179.9, 180.1, 180.5], [-180.5, -180.1, -179.9, -179.5], 182] == [
        [round(lng, 6) for lng in one] if isinstance(one, list) else one for one in found
    ]
