"""What the benchmarks make of what they measure."""

from collections.abc import Callable
from pathlib import Path

from benchmarks import page
from benchmarks.curves import Curve, Point
from benchmarks.figure import Figure


def figure(goal: float, ours_s: float, reference_s: float, **more: bool | int) -> Figure:
    """Return a figure of 100 things."""
    return Figure("ours", "theirs", goal, ours_s, reference_s, 100, "things", **more)


def test_a_goal_bounds_our_time_by_the_references() -> None:
    """Three times its time is met by at most three times its time."""
    assert [2.0, True] == [figure(3, 2, 1).ratio, figure(3, 2, 1).is_met]
    assert not figure(3, 4, 1).is_met


def test_a_goal_may_ask_us_to_be_faster() -> None:
    """Ten times faster is met by a tenth of its time."""
    assert [20.0, True] == [figure(10, 1, 20, faster=True).ratio, figure(10, 1, 20, faster=True).is_met]
    assert not figure(10, 1, 5, faster=True).is_met


def test_a_reference_that_does_less_is_compared_by_the_time_for_one() -> None:
    """A hundred of ours in a second against ten of theirs in a second is ten times faster."""
    assert 10.0 == figure(10, 1, 1, faster=True, reference_count=10).ratio
    assert "1,000 ms for 100, 1,000 ms for 10" in figure(10, 1, 1, reference_count=10).row()


def test_a_section_of_the_page_replaces_its_last_one_alone(tmp_path: Path) -> None:
    """Each command writes its own section and leaves the others as they are."""
    file = tmp_path / "README.md"
    for heading, text in (("One", "first"), ("Two", "second"), ("One", "third")):
        page.put(heading, text, "make it", file)
    written = file.read_text("utf-8")

    assert "first" not in written
    assert written.startswith(page.BEGINNING)
    assert written.index("## One") < written.index("third") < written.index("## Two") < written.index("second")


def test_costs_on_a_line_are_told_as_a_line() -> None:
    """Half a second and two milliseconds for each are found again, and growth by size alone has the exponent 1."""
    fixed_s, each_s = Curve("report", "trackers", points(lambda size: 0.5 + 0.002 * size)).line

    assert [0.5, 0.002] == [round(fixed_s, 6), round(each_s, 6)]
    assert 1.0 == round(Curve("report", "trackers", points(lambda size: 0.002 * size)).exponent, 6)
    assert 2.0 == round(Curve("report", "trackers", points(lambda size: 0.002 * size**2)).exponent, 6)


def points(cost: Callable[[int], float]) -> list[Point]:
    """Return what sizes from 1 to 1,000 cost."""
    return [Point(size, cost(size), {}) for size in (1, 10, 100, 1_000)]
