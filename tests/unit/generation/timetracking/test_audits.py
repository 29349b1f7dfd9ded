"""Which groups of a summary an audit holds."""

import pytest

from services.generation.timetracking.query import Bounds


@pytest.mark.parametrize(
    ("expected", "bounds"),
    [
        (True, Bounds()),
        (True, Bounds(min_seconds=3600, max_seconds=3600)),
        (False, Bounds(min_seconds=3601)),
        (False, Bounds(max_seconds=3599)),
        (True, Bounds(min_cents=500, max_cents=500)),
        (True, Bounds(max_cents=100)),
        (False, Bounds(min_cents=501)),
        (True, Bounds(min_cents=100, currency="EUR")),
        (False, Bounds(min_cents=101, currency="EUR")),
        (True, Bounds(max_cents=0, currency="JPY")),
        (True, Bounds(currency="USD")),
        (False, Bounds(currency="JPY")),
    ],
)
def test_bounds_hold_time_and_money_between_them(expected: bool, bounds: Bounds) -> None:
    """Both ends belong to them; without a currency any amount may fit, alone a currency has to occur."""
    assert expected == bounds.hold(3600, {"EUR": 100, "USD": 500})


def test_a_group_without_money_has_the_amount_0() -> None:
    """In every currency and without one."""
    assert [True, False, True] == [
        bounds.hold(0, {}) for bounds in (Bounds(max_cents=5), Bounds(min_cents=1), Bounds(min_cents=0, currency="EUR"))
    ]
