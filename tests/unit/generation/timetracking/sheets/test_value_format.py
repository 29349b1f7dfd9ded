"""Texts of durations and of sums of money."""

import pytest
from daybook.report.v1.sheet_pb2 import Quantity
from hypothesis import given
from hypothesis import strategies as st

from services.generation.timetracking.parameters import Params
from services.generation.timetracking.sheets import value_columns as columns
from services.generation.timetracking.sheets.value_format import ValueFormat
from services.generation.words.language import Language, Locale

ENGLISH = Language.of(Locale())
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
        ("classic", ["0:00:00", "0:00:59", "1:30:00", "10:00:00", "250:00:00"]),
        ("improved", ["0:00:00", "0:00:59", "1:30:00", "10:00:00", "250:00:00"]),
        ("decimal", ["0,00 h", "0,02 h", "1,50 h", "10,00 h", "250,00 h"]),
    ],
)
def test_durations_on_paper(form: str, texts: list[str]) -> None:
    """People get one notation: hours, minutes and seconds, or decimal hours with their unit."""
    params = Params(duration_format=form, cents_separator=",")  # type: ignore[arg-type]  # its three values
    assert texts == ValueFormat.for_paper(params, ENGLISH).durations(SECONDS)


@given(st.integers(0, 10**9))
def test_decimal_hours_are_rounded_half_up(seconds: int) -> None:
    """The text is the nearest hundredth of an hour, the upper one from the middle; cells hold the seconds."""
    value_format = ValueFormat.for_programs(Params(duration_format="decimal"))
    hundredths = int(value_format.durations([seconds])[0].replace(".", ""))
    assert -18 < seconds - 36 * hundredths + 0.5 <= 18
    assert (Quantity.KIND_DURATION, 2) == (value_format.time.kind, value_format.time.decimals)


def test_amounts_have_two_decimals() -> None:
    """Cents become units; no amount is an empty text."""
    assert ["0.00", "0.05", "1234.56", ""] == ValueFormat("padded").amounts([0, 5, 123456, None])


def test_sums_in_several_currencies_stand_below_one_another() -> None:
    """Currencies are in the order of their codes."""
    assert "75,00 EUR\n10,05 USD" == ValueFormat("plain", point=",").priced({"USD": 1005, "EUR": 7500})
    assert "" == ValueFormat("plain").priced({})


def test_charts_follow_the_notation_and_round_half_up() -> None:
    """In hours and minutes, or in decimal hours; nothing is cut off."""
    seconds = [29, 3035, 27_000, 360_119, 180_000, 0]
    assert ["0:00", "0:51", "7:30", "100:02", "50:00", ""] == ValueFormat("plain").chart_durations(seconds)
    assert ["50.00", "0.33"] == ValueFormat("hours").chart_durations([180_000, 1200])


def test_seconds_are_left_out_where_there_are_none() -> None:
    """In the whole document."""
    assert ["0:20", "1:30"] == ValueFormat.for_paper(Params(), ENGLISH, whole_minutes=True).durations([1200, 5400])


@pytest.mark.parametrize(
    ("locale", "given", "text"),
    [
        ("en", {}, "1,234.50 EUR"),
        ("de", {}, "1.234,50 EUR"),
        ("fr", {}, "1\N{NARROW NO-BREAK SPACE}234,50 EUR"),
        ("de", {"cents_separator": "."}, "1,234.50 EUR"),
        ("en", {"cents_separator": ","}, "1.234,50 EUR"),
    ],
)
def test_numbers_are_written_in_the_readers_language(locale: str, given: dict[str, str], text: str) -> None:
    """Unless the parameters say how; thousands are grouped on paper alone."""
    params = Params(**given)  # type: ignore[arg-type]  # its two values
    assert text == ValueFormat.for_paper(params, Language.of(Locale(locale))).priced({"EUR": 123_450})
    assert ["1234.50"] == ValueFormat.for_programs(params).amounts([123_450], "EUR")


def test_sums_have_the_decimals_of_their_currencies() -> None:
    """On paper; programs always get two."""
    sums = {"JPY": 500_000, "KWD": 423, "EUR": 5}
    paper = ValueFormat.for_paper(Params(), ENGLISH)
    assert "0.05 EUR\n5,000 JPY\n4.230 KWD" == paper.priced(sums)
    assert ["5000.00"] == ValueFormat.for_programs(Params()).amounts([500_000], "JPY")
    assert 0 == columns.money(paper, "amount", "Amount", [500_000], "JPY").quantity.decimals
