"""Figures that the benchmarks compute from their measurements."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from benchmarks import page
from benchmarks.curves import Curve, Point
from benchmarks.figure import Cost, Figure, in_turns


def figure(goal: float, ours_s: float, reference_s: float, **more: bool | int) -> Figure:
    """Return a figure of 100 items by CPU seconds; the clock shows ten seconds for both."""
    costs = (Cost({"": cpu_s}, wall_s=10) for cpu_s in (ours_s, reference_s))
    return Figure("ours", "theirs", goal, *costs, 100, "items", **more)


def test_a_goal_bounds_our_cpu_time_by_the_references() -> None:
    """Three times its CPU is met by at most three times its CPU, whatever the clock shows."""
    assert 1.0 == figure(3, 4, 1).wall_ratio
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


def test_the_ratio_of_each_process_stands_beside_that_of_all() -> None:
    """Two processes that take one and two of the reference's seconds take three times its CPU."""
    ours, theirs = Cost({"gateway": 1, "generation": 2}, 3), Cost({"": 1}, 1)

    assert "3.00 (gateway 1.00, generation 2.00)" in Figure("ours", "theirs", 4, ours, theirs, 1, "items").row()


def test_a_cost_is_that_of_the_named_process() -> None:
    """Work done here costs this process CPU, and an idle other one next to none."""
    with subprocess.Popen(["sleep", "60"]) as idle:
        here, there = in_turns(lambda: sum(range(300_000)), lambda: None, 4, reference_in={"idle": idle.pid})
        idle.kill()

    assert ["idle"] == list(there.cpu_s)
    assert there.total_s < here.total_s <= here.wall_s * 1.5


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
