from fractions import Fraction
from math import floor

import numpy as np
import pytest
from daybook.input.v1.workspace_pb2 import Workspace
from hypothesis import given

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import NO_AMOUNT, NO_RATE, Entries
from services.generation.timetracking.periods import day_number
from services.generation.timetracking.preparation import Rounding
from tests.builders.time_entries import SITE, WORKSPACE, EntryRow, days, directory, entries, entry
from tests.builders.tracked_time import GONE, PRICED, STRANGER, by_start, directories, lists, ready, roundings


@pytest.mark.parametrize(
    ("expected", "seconds", "rounding"),
    [
        (94 * 60, 93 * 60 + 1, Rounding(1, 1)),
        (90 * 60, 94 * 60 + 59, Rounding(-1, 15)),
        (900, 900, Rounding(1, 15)),
        (0, 0, Rounding(1, 60)),
        (0, 59, Rounding(-1, 1)),
        (0, 449, Rounding(2, 15)),
        (900, 450, Rounding(2, 15)),
        (900, 1200, Rounding(2, 15)),
        (1800, 1400, Rounding(2, 15)),
        (59, 59, Rounding(1, 0)),
        (59, 59, Rounding(0, 15)),
    ],
)
def test_each_entry_is_rounded_to_whole_steps(expected: int, seconds: int, rounding: Rounding) -> None:
    """Up, down or to the nearest multiple of minutes, a half up; 0 seconds stay 0, and 0 minutes round nothing."""
    assert [expected] == ready(entries(entry(seconds=seconds)), directory(), rounding).seconds.tolist()


@pytest.mark.parametrize(
    ("expected", "one", "workspace"),
    [
        ((5000, "EUR"), entry(project=7, billable=True), PRICED),
        ((3333, "USD"), entry(project=8, billable=True), PRICED),
        ((3333, "USD"), entry(billable=True), PRICED),
        ((1, "JPY"), entry(project=7, billable=True, rate_cents=1, currency="JPY"), PRICED),
        ((0, "EUR"), entry(project=7, billable=True, rate_cents=0), PRICED),
        ((NO_RATE, "USD"), entry(project=8, billable=True), WORKSPACE),
        ((NO_RATE, "EUR"), entry(project=7), PRICED),
    ],
)
def test_a_rate_is_the_entrys_then_the_projects_then_the_workspaces(
    expected: tuple[int, str], one: EntryRow, workspace: Workspace
) -> None:
    """So is the currency, which even time without a rate has."""
    rows = ready(entries(one), directory(workspace=workspace))

    assert expected == (rows.rate_cents[0], rows.currency.values[rows.currency.codes[0]])


@pytest.mark.parametrize(("cents", "seconds", "rate_cents"), [(1, 18, 100), (0, 17, 100), (7500, 5400, 5000)])
def test_half_a_cent_is_rounded_up(cents: int, seconds: int, rate_cents: int) -> None:
    """18 seconds at 1.00 an hour are half a cent."""
    rows = ready(entries(entry(seconds=seconds, billable=True, rate_cents=rate_cents)), directory())

    assert [cents] == rows.amount_cents.tolist()


@pytest.mark.parametrize(
    ("day", "start", "user"),
    [
        ("2026-01-05", "2026-01-04T23:30:00Z", 11),  # half past midnight in Berlin
        ("2026-01-04", "2026-01-05T04:30:00Z", 12),  # half an hour before midnight in New York
        ("2026-03-28", "2026-03-28T22:30:00Z", 11),  # goes on into the day of the change, and over it
        ("2026-03-29", "2026-03-29T00:45:00Z", 11),  # its end, 02:45, is a time that no clock shows
    ],
)
def test_an_entry_counts_on_the_local_day_of_its_start(day: str, start: str, user: int) -> None:
    """It belongs wholly to that day in its owner's zone, whatever the clocks do while it lasts."""
    rows = ready(entries(entry(start=start, user=user, seconds=3 * 3600)), directory())

    assert ([day_number(days(day).first)], [10_800]) == (rows.day.tolist(), rows.seconds.tolist())


def test_what_the_directory_does_not_know_is_still_an_entry() -> None:
    """A stranger lives in UTC, and an unknown project has the workspace's rate."""
    one = entry(start="2026-01-05T23:30:00Z", user=STRANGER, project=GONE, billable=True)
    rows = ready(entries(one), directory(workspace=PRICED))

    assert (0, 3333, day_number(days("2026-01-05").first)) == (rows.offset_s[0], rows.rate_cents[0], rows.day[0])


def test_no_entries_make_no_rows() -> None:
    """An empty run is one too."""
    assert 0 == len(ready(entries(), directory()))


@given(lists, directories, roundings)
def test_money_is_exact(those: tuple[EntryRow, ...], known: Directory, rounding: Rounding) -> None:
    """An amount is the entry's own, else the fraction of an hour times the rate, half up, and 0 without a rate.

    It is whole cents, and whole units of currencies without decimals.
    """
    rows = ready(by_start(those), known, rounding)
    columns = rows.seconds, rows.rate_cents, rows.entries.amount_cents, rows.entries.billable, rows.currency.codes
    exact = []
    for seconds, rate, own, billable, code in zip(*(column.tolist() for column in columns), strict=True):
        step = 100 if rows.currency.values[code] == "JPY" else 1
        by_rate = 0 if rate == NO_RATE else floor(Fraction(seconds * rate, 3600 * step) + Fraction(1, 2)) * step
        exact.append(own if billable and own != NO_AMOUNT else by_rate)

    assert exact == rows.amount_cents.tolist()


@pytest.mark.parametrize(
    ("rate", "seconds", "cents"),
    [(3333, 36_000, 33_333), (NO_RATE, 0, 50_000), (3334, 1800, 1667), (1_800_000, 2, 1000)],
)
def test_an_amount_of_its_own_has_the_rate_that_it_comes_to(rate: int, seconds: int, cents: int) -> None:
    """Half up to a cent, none for no time; it stands whatever the project costs."""
    one = entry(project=SITE.id, seconds=seconds, billable=True, amount_cents=cents)
    rows = ready(entries(one), directory())

    assert (rate, cents, True) == (rows.rate_cents[0], rows.amount_cents[0], rows.is_priced[0])


def test_rounding_leaves_an_amount_of_its_own() -> None:
    """Two seconds are rounded to a quarter of an hour; the rate follows."""
    rows = ready(entries(entry(seconds=2, billable=True, amount_cents=1000)), directory(), Rounding(1, 15))

    assert (900, 1000, 4000) == (rows.seconds[0], rows.amount_cents[0], rows.rate_cents[0])


def test_what_is_not_billable_has_no_amount_of_its_own() -> None:
    """Also where one is stored."""
    rows = ready(entries(entry(amount_cents=1000)), directory())

    assert (NO_RATE, 0, False) == (rows.rate_cents[0], rows.amount_cents[0], rows.is_priced[0])


@given(lists, roundings)
def test_rounding_moves_an_entry_by_less_than_a_step(those: tuple[EntryRow, ...], rounding: Rounding) -> None:
    """Never the other way, and only to whole steps."""
    whole = by_start(those)
    moved = (ready(whole, directory(), rounding).seconds - whole.seconds) * rounding.direction
    step = max(1, rounding.minutes * 60)

    assert np.all((moved >= 0) & (moved < step))
    assert not rounding.direction or not np.any((whole.seconds + moved * rounding.direction) % step)


def test_amounts_do_not_overflow() -> None:
    """The longest entry at the dearest rate of 32 bits is counted to the cent."""
    most = 2**31 - 1
    whole: Entries = entries(entry(seconds=most, project=SITE.id, billable=True, rate_cents=most))

    assert [(most * most + 1800) // 3600] == ready(whole, directory()).amount_cents.tolist()
