"""Figures: columns, totals, lines and summaries that follow from one declaration."""

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.accounts.user import Locale
from services.generation.domain.columnar import Floats
from services.generation.kit import measures
from services.generation.kit.figures import Figure, Quotient, Totals, Whole, count_of
from services.generation.kit.groups import Groups
from services.generation.kit.measures import Measure
from services.generation.kit.sections import figures_table, lines, table
from services.generation.words.language import Language
from services.generation.words.measurement_systems import MEASUREMENT_SYSTEMS
from services.generation.words.numbers import UNKNOWN, half_up

METRIC = Language.of(Locale(time_zone="UTC"))


class Legs(NamedTuple):
    """Rows of tests."""

    km: Any
    hours: Any


WAY = Figure[Legs]("way", "Total trips length", lambda legs: legs.km, measures.TRIP_LENGTH)
TIME = Figure[Legs]("time", "Travel time", lambda legs: np.multiply(legs.hours, 3600), measures.DURATION)
SPEED = Figure("speed", "Average speed", Quotient(WAY, TIME, 3600), measures.SPEED)
LEGS = Legs([10.004, 20.004, math.nan], [1, 0, 1])


def reduced(whole: Whole, *values: float) -> float:
    figure = Figure[Any]("f", "Trips", np.asarray, Measure(decimals=1), whole)
    return Totals.of(METRIC, [figure], values).parts[0].item()


def test_a_column_shows_values_in_the_readers_unit() -> None:
    """Unknown values are dashes, and the smallest and the largest row are named."""
    column = WAY.column(METRIC, WAY.parts(LEGS))

    assert ("way", "Total trips length,\nkm", ["10", "20", UNKNOWN]) == (column.field, column.title, list(column.text))
    assert (0, 1) == (column.min_row, column.max_row)


@pytest.mark.parametrize(
    ("whole", "expected"),
    [("sum", 0.8), ("known_sum", 0.8), ("max", 0.46), ("min", 0.34), ("first", 0.46), ("last", 0.34)],
)
def test_rows_come_to_what_the_figure_says(whole: Whole, expected: float) -> None:
    """A sum is that of the values as shown, other wholes are exact; unknown values count for nothing."""
    assert expected == reduced(whole, 0.46, math.nan, 0.34)


@pytest.mark.parametrize(("whole", "expected"), [("sum", 0), ("known_sum", math.nan), ("max", math.nan)])
def test_nothing_known_is_zero_or_unknown(whole: Whole, expected: float) -> None:
    """A plain sum of nothing is 0; a sum of what is known, and an extreme, are unknown."""
    for values in ((), (math.nan,)):
        assert expected == pytest.approx(reduced(whole, *values), nan_ok=True)


def test_a_quotient_is_the_whole_by_the_whole() -> None:
    """An average of rows is not the average of their averages, and unknown where nothing lies under it."""
    column = SPEED.column(METRIC, SPEED.parts(LEGS))
    (cells,) = Totals.of(METRIC, [SPEED], LEGS).cells()

    assert ["10", UNKNOWN, UNKNOWN] == list(column.text)
    assert ["15"] == [cell.text for cell in cells]


def test_groups_have_totals_with_decimals_of_their_own() -> None:
    """Each group of a table sums up its own rows; a length shows a digit less than in rows."""
    section = table(METRIC, "Legs", [WAY, SPEED], LEGS, Groups.of_counts(["a", "b"], [2, 1]))
    totals = [{cell.field: cell.text for cell in group.total.cells} for group in section.table.groups]

    assert [{"way": "30", "speed": "30"}, {"way": "0", "speed": "0"}] == totals
    assert [("a", 2), ("b", 1)] == [(group.header, group.row_count) for group in section.table.groups]


def test_an_empty_group_comes_to_nothing() -> None:
    """A group without rows has a total too."""
    totals = Totals.of(METRIC, [WAY, SPEED], LEGS, [0, 2, 2])

    assert [["30", "30"], ["0", UNKNOWN], ["0", "0"]] == [[cell.text for cell in cells] for cells in totals.cells()]


def test_an_optional_figure_is_left_out_where_nothing_is_known() -> None:
    """Its column is hidden with 0 for programs; its total and its line are not there."""
    figure = Figure[Any]("on", "Ignition ON", np.asarray, measures.DURATION, "known_sum", optional=True, unknown_raw=0)
    known, unknown = (60.0, math.nan), (math.nan, math.nan)
    section = table(METRIC, "Stops", [figure], (*known, *unknown), Groups.of_counts(["a", "b"], [2, 2]))

    assert [60, 0, 0, 0] == list(section.table.columns[0].raw)
    assert [["00:01"], []] == [[cell.text for cell in group.total.cells] for group in section.table.groups]
    assert [False, True] == [figure.column(METRIC, figure.parts(rows)).hidden for rows in (known, unknown)]
    assert [1, 0] == [len(lines(METRIC, [figure], rows)) for rows in (known, unknown)]


def test_a_figure_stands_where_it_says() -> None:
    """A count has no column; a figure may stay out of the lines, or have another name there."""
    fuel, cost = "Fuel consumed (by norm)", "Trip cost by norm"
    own = Figure[Any]("own", fuel, np.asarray, measures.VOLUME, line_title=cost)
    idle = Figure[Any]("idle", "Stops duration", np.asarray, in_lines=False)
    figures, rows = [count_of("Trips"), own, idle], (10.0, 20.0)
    section = table(METRIC, "Legs", figures, rows, Groups.single(2))

    assert ["own", "idle"] == [column.field for column in section.table.columns]
    shown = {row.name: row.text for row in lines(METRIC, figures, rows)}
    assert {"Trips": "2", "Trip cost by norm, L": "30"} == shown


def test_records_bring_totals_to_a_summary() -> None:
    """Sums of each entity go through plain values; a figure that an entity lacks is unknown."""
    (record,) = Totals.of(METRIC, [WAY, SPEED], LEGS).records()
    summary = Totals.of_records(METRIC, [WAY, SPEED], [record, {"way": [5.0]}])
    way, speed = summary.columns()

    assert (["30", "5"], ["15", UNKNOWN]) == (list(way.text), list(speed.text))
    assert ["35", "15"] == [row.text for row in summary.together().lines()]


def test_a_summary_of_nobody_is_empty() -> None:
    """Without entities the sums are 0 and the averages unknown."""
    summary = Totals.of_records(METRIC, [WAY, SPEED], [])

    assert [[], []] == [list(column.text) for column in summary.columns()]
    assert ["0", UNKNOWN] == [row.text for row in summary.together().lines()]


def test_figures_can_be_rows_with_a_quantity_each() -> None:
    """A table with a row for each figure has a column for each group; a cell is shown by its own figure."""
    wholes = Totals.of(METRIC, [WAY, TIME], LEGS, [0, 2])
    section = figures_table("Summary", "Trips", wholes, {"shift_1": "Day", "shift_2": "Night"})
    names, day, night = section.table.columns

    assert ["Total trips length, km", "Travel time"] == list(names.text)
    assert (["30", "01:00"], ["0", "01:00"]) == (list(day.text), list(night.text))
    assert [0, 1] == list(day.quantities.row)
    assert ["km", ""] == [quantity.unit for quantity in day.quantities.quantities]


def test_texts_may_be_less_exact_than_machine_values() -> None:
    """A rating shows words of its own with one decimal, beside a number with two."""

    def starred(language: Language, raw: Floats, decimals: int) -> list[str]:
        return [f"*{one}*" for one in language.numbers(raw, decimals)]

    stars = Measure(decimals=1, raw_decimals=2, words=starred)
    column = Figure[Any]("rating", "Trips", np.asarray, stars).column(METRIC, np.array([[46.456]]))

    assert (["*46.5*"], [46.46], 1) == (list(column.text), list(column.raw), column.quantity.decimals)


@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=40),
    st.sampled_from(MEASUREMENT_SYSTEMS),
    st.integers(0, 40),
)
def test_totals_are_sums_of_the_rows_shown(km: list[float], system: str, cut: int) -> None:
    """In every unit, of each group, of all rows, and of the groups together as in a summary."""
    language = Language.of(Locale(measurement_system=system))
    legs = Legs(np.array(km), np.ones(len(km)))
    shown = np.array(WAY.column(language, WAY.parts(legs)).raw)
    groups = Totals.of(language, [WAY], legs, [0, min(cut, len(km))])

    for totals, rows in (
        (Totals.of(language, [WAY], legs), [shown]),
        (groups, [shown[:cut], shown[cut:]]),
        (Totals.of_records(language, [WAY], groups.records()).together(), [shown]),
    ):
        expected = [half_up(round(math.fsum(values), 2), 1).item() for values in rows]
        assert expected == [cell.raw for (cell,) in totals.cells()]
