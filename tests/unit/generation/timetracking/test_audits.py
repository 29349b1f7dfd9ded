"""Groups of a summary that an audit holds."""

import pytest

from services.generation.timetracking.parameters import GroupFilter


@pytest.mark.parametrize(
    ("expected", "bounds"),
    [
        (True, GroupFilter()),
        (True, GroupFilter(min_duration_seconds=3600, max_duration_seconds=3600)),
        (False, GroupFilter(min_duration_seconds=3601)),
        (False, GroupFilter(max_duration_seconds=3599)),
        (True, GroupFilter(min_amount_cents=500, max_amount_cents=500)),
        (True, GroupFilter(max_amount_cents=100)),
        (False, GroupFilter(min_amount_cents=501)),
        (True, GroupFilter(min_amount_cents=100, currency="EUR")),
        (False, GroupFilter(min_amount_cents=101, currency="EUR")),
        (True, GroupFilter(max_amount_cents=0, currency="JPY")),
        (True, GroupFilter(currency="USD")),
        (False, GroupFilter(currency="JPY")),
    ],
)
def test_bounds_hold_time_and_money_between_them(expected: bool, bounds: GroupFilter) -> None:
    """Both ends belong to them; without a currency any amount may fit, alone a currency has to occur."""
    assert expected == bounds.holds(3600, {"EUR": 100, "USD": 500})


def test_a_group_without_money_has_the_amount_0() -> None:
    """In every currency and without one."""
    assert [True, False, True] == [
        bounds.holds(0, {})
        for bounds in (
            GroupFilter(max_amount_cents=5),
            GroupFilter(min_amount_cents=1),
            GroupFilter(min_amount_cents=0, currency="EUR"),
        )
    ]
