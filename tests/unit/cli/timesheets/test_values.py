"""Single cells: durations, amounts and moments."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.timesheets.values import parse_amount, parse_duration, parse_moment


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("01:30:00", 5400),
        ("1:30:00", 5400),
        ("120:00:01", 432_001),
        ("0.00", 0),
        ("1.50", 5400),
        ("0.33", 1188),
        ("0.0001", 0),
        ("0.00014", 1),
        ("1.50 h", 5400),
        ("90:00 min", 5400),
        ("18:25 min", 1105),
        ("45 sec", 45),
    ],
)
def test_durations_have_several_forms(text: str, seconds: int) -> None:
    """Classic, improved and decimal hours, as files and paper show them."""
    assert seconds == parse_duration(text)


@pytest.mark.parametrize(
    "text",
    ["", "1:30", "90", "1:3:00", "1:30:60", "+1:00:00", "\N{DEVANAGARI DIGIT ONE}:00:00", "1.5.0", "1e3", " 1.5"],
)
def test_other_durations_are_none(text: str) -> None:
    """Two numbers could be hours or minutes."""
    assert parse_duration(text) is None


@given(st.integers(0, 999 * 3600))
def test_every_whole_second_is_read_back(seconds: int) -> None:
    """In both forms that have seconds."""
    minutes = f"{seconds // 60 % 60:02}:{seconds % 60:02}"

    assert (
        seconds == parse_duration(f"{seconds // 3600:02}:{minutes}") == parse_duration(f"{seconds // 3600}:{minutes}")
    )


def test_numbers_may_have_a_decimal_comma() -> None:
    """Then a point may group thousands, or stand before decimals; else a comma groups them."""
    assert 2844 == parse_duration("0,79 h", decimal_comma=True) == parse_duration("0.79", decimal_comma=True)
    commas = ("1.234,56", "1 234,56", "1234,56", "1234.56", "1.234", "1,5")
    assert [123_456] * 4 + [123_400, 150] == [parse_amount(text, decimal_comma=True) for text in commas]
    points = ("1,250.00", "1250.00", "1,250", "1,234,567.8", "1,25", "12,50.00")
    assert [125_000] * 3 + [123_456_780, None, None] == [parse_amount(text) for text in points]
    assert parse_duration("0,79 h") is None


@given(st.integers(0, 10**12))
def test_every_amount_of_cents_is_read_back(cents: int) -> None:
    """Two decimals and a point."""
    assert cents == parse_amount(f"{cents // 100}.{cents % 100:02}")


@given(st.datetimes(*(datetime.fromisoformat(day) for day in ("1970-01-01", "2200-01-01"))))
def test_every_moment_is_read_back(moment: datetime) -> None:
    """Date and time in their own cells."""
    assert moment.replace(microsecond=0) == parse_moment(f"{moment:%Y-%m-%d}", f"{moment:%H:%M:%S}")


@pytest.mark.parametrize("time", ["9:05:00", "09:05", "9:05"])
def test_times_may_be_short(time: str) -> None:
    """Without a zero before the hour, or without seconds."""
    assert datetime.fromisoformat("2026-01-05 09:05") == parse_moment("2026-01-05", time)


@pytest.mark.parametrize(
    ("date", "time"),
    [
        ("2026-W01-1", "09:00:00"),
        ("20260105", "09:00:00"),
        ("2026-01-05", "09:00:00+01:00"),
        ("2026-01-05", "24:00:00"),
    ],
)
def test_other_moments_are_none(date: str, time: str) -> None:
    """ISO 8601 knows them, these files do not."""
    assert parse_moment(date, time) is None
