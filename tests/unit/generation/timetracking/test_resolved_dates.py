"""Days of a report: those of the body, those that were saved, and those that a viewer may choose."""

from typing import Any

import pytest

from services.errors.workspaces import PeriodNotSupported, StartDateMissing
from tests.builders.resolved_queries import WEEK, of_saved, viewed
from tests.builders.time_entries import days


def test_dates_of_the_body_win_over_a_saved_period() -> None:
    """And a period of the body over saved dates."""
    assert days("2026-01-05", "2026-01-11") == of_saved({"period": "thisYear"}, WEEK).days
    assert days("2025-12-01", "2025-12-31") == of_saved(WEEK, {"period": "prevMonth"}).days
    assert days("2026-01-05", "2026-01-11") == of_saved(WEEK, {"period": None}).days
    assert (
        days("2025-12-01", "2025-12-31")
        == of_saved({**WEEK, "period": "prevMonth"}, {"start_date": None, "end_date": None}).days
    )


def test_fixed_dates_cannot_be_chosen() -> None:
    """Neither by dates nor by a period, nor taken away."""
    for body in ({"start_date": "2020-01-01"}, {"period": "today"}, {"start_date": None, "end_date": None}):
        assert days("2026-01-05", "2026-01-11") == of_saved(WEEK, body, fixed=True).days
    assert days("2025-12-01", "2025-12-31") == of_saved({"period": "prevMonth"}, WEEK, fixed=True).days


@pytest.mark.parametrize(
    ("expected", "saved", "body"),
    [
        (("2026-02-15", "2026-03-17"), ("2026-01-01", "2026-01-31"), {"start_date": "2026-02-15"}),
        (("2025-11-15", "2025-12-15"), ("2026-01-01", "2026-01-31"), {"end_date": "2025-12-15"}),
        (("2026-01-31", "2026-01-31"), ("2026-01-01", "2026-01-31"), {"start_date": "2026-01-31"}),
        (("2025-12-15", "2026-01-31"), ("2026-01-01", "2026-01-31"), {"start_date": "2025-12-15"}),
        (("2026-01-01", "2026-02-15"), ("2026-01-01", "2026-01-31"), {"end_date": "2026-02-15"}),
        (("2026-02-15", "2026-12-31"), "thisYear", {"start_date": "2026-02-15"}),
        (("2025-12-01", "2025-12-31"), "thisMonth", {"end_date": "2025-12-31"}),
        (("2026-02-15", "2026-02-21"), "thisYear", {"start_date": "2026-02-15", "period": None}),
        (("2026-02-15", "2026-02-21"), ("2026-01-01", "2026-01-31"), {"start_date": "2026-02-15", "end_date": None}),
    ],
)
def test_a_lone_date_goes_with_the_saved_days(expected: tuple[str, str], saved: Any, body: dict[str, Any]) -> None:
    """Beyond them it takes the other end along by the same length; a saved period is resolved first."""
    stored = {"period": saved} if isinstance(saved, str) else {"start_date": saved[0], "end_date": saved[1]}
    assert days(*expected) == of_saved(stored, body).days
    assert days(*expected) == viewed(stored, body).days


def test_a_lone_date_over_a_year_away_is_not_supported() -> None:
    """The days from it to the saved end are too many."""
    with pytest.raises(PeriodNotSupported):
        of_saved(WEEK, {"start_date": "2025-01-01"})


@pytest.mark.parametrize(
    ("expected", "body"),
    [
        (("2026-01-06", "2026-01-11"), {"start_date": "2026-01-06"}),
        (("2026-01-05", "2026-01-06"), {"end_date": "2026-01-06"}),
        (("2026-01-05", "2026-01-11"), {"start_date": "2026-01-05", "end_date": "2026-01-11"}),
        (("2026-01-07", "2026-01-07"), {"period": "today"}),
        (("2026-01-05", "2026-01-11"), {"start_date": None, "end_date": None, "period": None}),
    ],
)
def test_a_viewer_narrows_fixed_dates(expected: tuple[str, str], body: dict[str, Any]) -> None:
    """Both ends are within; nulls change nothing."""
    assert days(*expected) == viewed(WEEK, body, fixed=True).days
    assert days(*expected) == viewed({"period": "thisWeek"}, body, fixed=True).days, "a saved period is resolved first"


@pytest.mark.parametrize(
    "body",
    [
        {"start_date": "2026-01-04"},
        {"start_date": "2026-01-12"},
        {"end_date": "2026-01-12"},
        {"end_date": "2026-01-04"},
        {"start_date": "2026-01-07", "end_date": "2026-01-06"},
        {"period": "thisMonth"},
        {"period": "someday"},
    ],
)
def test_a_viewer_cannot_leave_fixed_dates(body: dict[str, Any]) -> None:
    """Neither by dates nor by a period."""
    for saved in (WEEK, {"period": "thisWeek"}):
        with pytest.raises(PeriodNotSupported):
            viewed(saved, body, fixed=True)


def test_the_seven_days_of_a_week_lie_within_fixed_dates() -> None:
    """Its first day alone does not do."""
    january = {"report_type": "weekly", "start_date": "2026-01-01", "end_date": "2026-01-31"}

    assert days("2026-01-25", "2026-01-31") == viewed(january, {"start_date": "2026-01-25"}, fixed=True).days
    for body in ({"start_date": "2026-01-26"}, {"end_date": "2026-02-01"}):
        with pytest.raises(PeriodNotSupported):
            viewed(january, body, fixed=True)


def test_bad_periods_are_not_supported() -> None:
    """Unknown names and days turned round; an export needs a first day."""
    with pytest.raises(PeriodNotSupported):
        of_saved({"period": "someday"})
    with pytest.raises(PeriodNotSupported):
        of_saved({}, {"start_date": "2026-01-05", "end_date": "2026-01-04"})
    with pytest.raises(StartDateMissing):
        of_saved({}, export=True)
