"""How durations and sums of money are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.parameters import Params
from services.generation.timetracking.sheets.value_format import ValueFormat, clock_text

SECONDS = [0, 59, 5400, 36_000, 900_000]


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("classic", ["00:00:00", "00:00:59", "01:30:00", "10:00:00", "250:00:00"]),
        ("improved", ["0:00:00", "0:00:59", "1:30:00", "10:00:00", "250:00:00"]),
        ("decimal", ["0.00", "0.02", "1.50", "10.00", "250.00"]),
    ],
)
def test_durations_for_programs(form: str, texts: list[str]) -> None:
    """Programs get hours, minutes and seconds, or hours with two decimals."""
    params = Params(duration_format=form, cents_separator=",")  # type: ignore[arg-type]  # its three values
    assert texts == ValueFormat.for_programs(params).durations(SECONDS)


@pytest.mark.parametrize(
    ("form", "texts"),
    [
        ("classic", ["00:00 min", "00:59 min", "01:30:00", "10:00:00", "250:00:00"]),
        ("improved", ["0:00:00", "0:00:59", "1:30:00", "10:00:00", "250:00:00"]),
        ("decimal", ["0,00 h", "0,02 h", "1,50 h", "10,00 h", "250,00 h"]),
    ],
)
def test_durations_on_paper(form: str, texts: list[str]) -> None:
    """People get minutes, hours, or decimal hours with their unit."""
    params = Params(duration_format=form, cents_separator=",")  # type: ignore[arg-type]  # its three values
    assert texts == ValueFormat.for_paper(params, str).durations(SECONDS)


@given(st.integers(0, 10**9))
def test_decimal_hours_are_rounded_half_up(seconds: int) -> None:
    """The text is the nearest hundredth of an hour, the upper one from the middle, and so is the value."""
    value_format = ValueFormat.for_programs(Params(duration_format="decimal"))
    hundredths = int(value_format.durations([seconds])[0].replace(".", ""))
    assert -18 < seconds - 36 * hundredths + 0.5 <= 18
    assert hundredths / 100 == value_format.times([seconds])[0]


def test_amounts_have_two_decimals() -> None:
    """Cents become units; no amount is an empty text."""
    assert ["0.00", "0.05", "1234.56", ""] == ValueFormat("padded").amounts([0, 5, 123456, None])


def test_sums_in_several_currencies_stand_below_one_another() -> None:
    """Currencies are in the order of their codes."""
    assert "75,00 EUR\n10,05 USD" == ValueFormat("plain", point=",").priced({"USD": 1005, "EUR": 7500})
    assert "" == ValueFormat("plain").priced({})


def test_charts_show_hours_and_minutes() -> None:
    """Seconds are cut off."""
    assert ["0:00", "7:30", "100:01"] == [clock_text(seconds) for seconds in (59, 27_000, 360_119)]
