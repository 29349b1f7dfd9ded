"""Ends that lie on another day than their start, on paper."""

from math import isnan, nan
from pathlib import Path

import pytest
from daybook.report.v1.sheet_pb2 import Column, Places, Quantity, SheetPart, Table

from services.rendering.formats.pdf.end_dates import with_end_dates
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock
from tests.builders.pdf_files import laid_out, pages, printed
from tests.builders.tables import one_sheet

HOUR_MS = 3_600_000
FRIDAY_MS = 1_601_586_000_000  # 2020-10-02 00:00 in Moscow
PATTERNS = {"en": "MMM d, y HH:mm", "ru": "d MMM y 'г'. HH:mm"}  # noqa: RUF001 - Cyrillic
STAYS = ((18.0, 80.0), (90.0, 96.0), (100.0, 101.0), (110.0, nan))


def moments(field: str, hours: list[float], *, start_field: str = "", locale: str = "en", address: str = "") -> Column:
    """Return a column of times of day, so many hours after Friday's midnight in Moscow."""
    kind = Quantity.KIND_MOMENT_WITH_ADDRESS if address else Quantity.KIND_MOMENT
    texts = ["\N{EM DASH}" if isnan(hour) else f"{int(hour) % 24:02}:00{address}" for hour in hours]
    return Column(
        field=field,
        title=field,
        width=1,
        quantity=Quantity(kind=kind, pattern=PATTERNS[locale]),
        text=texts,
        raw=[FRIDAY_MS + hour * HOUR_MS for hour in hours],
        start_field=start_field,
        places=Places(),
    )


def stays(locale: str = "en", address: str = "") -> Table:
    starts, ends = ([stay[place] for stay in STAYS] for place in (0, 1))
    return Table(
        columns=[
            moments("start", starts, locale=locale, address=address),
            moments("end", ends, start_field="start", locale=locale, address=address),
        ]
    )


def dated(table: Table, zone: str = "Europe/Moscow", locale: str = "en") -> list[str]:
    """Return the ends as they stand on paper."""
    part = one_sheet(table)[1][0]
    found = with_end_dates(part, Reader(WallClock(zone), locale))
    return list(found.sheet.sections[0].table.columns[1].text)


def test_an_end_on_another_day_has_its_date() -> None:
    """Midnight belongs to the day that it begins; an unknown end stays as it is."""
    assert ["Oct 5, 2020 08:00", "Oct 6, 2020 00:00", "05:00", "\N{EM DASH}"] == dated(stays())


def test_the_date_is_worded_for_the_reader() -> None:
    """By the report's pattern, before the time and the address."""
    russian = [f"{day} окт. 2020 г. {time} - Тверь" for day, time in ((5, "08:00"), (6, "00:00"))]  # noqa: RUF001

    assert russian == dated(stays("ru", " - Тверь"), locale="ru")[:2]


@pytest.mark.parametrize(("zone", "end"), [("Europe/Moscow", "Oct 6, 2020 00:00"), ("UTC", "00:00")])
def test_days_are_those_of_the_sheet(zone: str, end: str) -> None:
    """Midnight in Moscow is the evening before in Greenwich."""
    assert end == dated(stays(), zone)[1]


def test_a_part_without_such_ends_is_left_as_it_is() -> None:
    """Nothing is copied, and a part that is changed is not the one that other formats get."""
    reader = Reader(WallClock("Europe/Moscow"), "en")
    plain = one_sheet(Table(columns=stays().columns[:1]))[1][0]
    part = one_sheet(stays())[1][0]
    before = SheetPart.FromString(part.SerializeToString())
    with_end_dates(part, reader)

    assert with_end_dates(plain, reader) is plain
    assert before == part


def test_paper_has_room_for_the_date(tmp_path: Path) -> None:
    """The column is as wide as its longest text, so that no line is broken."""
    file = printed(one_sheet(stays()), headless=True)

    assert any("Oct 5, 2020 08:00" in page for page in pages(file))
    assert any("Oct 5, 2020 08:00" in line for line in laid_out(file, tmp_path / "a.pdf").splitlines())
