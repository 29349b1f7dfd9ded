"""Columnar JSON of sheets: whatever rows are asked for, their pieces together are the section."""

import math
from itertools import accumulate, pairwise

import orjson
import pytest
from daybook.report.v1.sheet_pb2 import Chart, Column, LineChart, Quantity, RowGroup, Section, Sheet, SheetPart, Table
from hypothesis import given
from hypothesis import strategies as st

from gateway.web.sheet_json import Rows, pieces_json
from services.runtime.slices import Slicer
from tests.builders.sheets import trips_report


def _parts(sections: list[Section], rows_a_part: int) -> tuple[list[bytes], list[int]]:
    """Return messages of parts of so many rows, and the row at which each section begins."""
    slicers = [Slicer(section) for section in sections]
    starts = [0, *accumulate(slicer.length for slicer in slicers)]
    messages = []
    for first in range(0, starts[-1], rows_a_part):
        end = min(first + rows_a_part, starts[-1])
        sheet, places = Sheet(), []
        for place, (begin, slicer) in enumerate(zip(starts, slicers, strict=False)):
            low, high = max(first - begin, 0), min(end - begin, slicer.length)
            if low < high:
                sheet.sections.append(slicer.cut(low, high))
                places.append(place)
        part = SheetPart(first_section=places[0], first_row=first, row_count=end - first, sheet=sheet)
        messages.append(part.SerializeToString())
    return messages, starts[:-1]


def _read(messages: list[bytes], wanted: Rows, starts: list[int]) -> list[dict]:
    """Return the pieces, whose rows are counted within their sections."""
    found = [orjson.loads(piece) for message in messages for piece in pieces_json(message, wanted)]
    return [piece | {"first_row": piece["first_row"] - starts[piece["place"]]} for piece in found]


def _only(section: Section) -> list[dict]:
    return _read(*_wanted_whole([section]))


def _wanted_whole(sections: list[Section]) -> tuple[list[bytes], Rows, list[int]]:
    messages, starts = _parts(sections, 1000)
    return messages, Rows(0, 1000), starts


def _table(count: int) -> Section:
    column = Column(field="length", title="Length", quantity=Quantity(kind=Quantity.KIND_NUMBER, unit="km", decimals=1))
    column.text.extend(str(row) for row in range(count))
    column.raw.extend(float(row) for row in range(count))
    column.places.row.extend(range(0, count, 2))
    column.places.lat.extend(float(row) for row in range(0, count, 2))
    column.places.lng.extend(-float(row) for row in range(0, count, 2))
    groups = [RowGroup(header="first", row_count=count // 3), RowGroup(header="rest", row_count=count - count // 3)]
    return Section(table=Table(header="Trips", columns=[column], groups=groups))


def _line(count: int) -> Section:
    chart = LineChart(header="Speed")
    chart.y_axes.add(label="Speed")
    chart.series.add(name="Speed", x=range(count), y=[float(value) for value in range(count)])
    return Section(line_chart=chart)


@given(count=st.integers(1, 60), points=st.integers(1, 60), cut=st.integers(1, 40), marks=st.sets(st.integers(0, 130)))
def test_pieces_of_any_ranges_are_the_whole_sections(count, points, cut, marks):
    messages, starts = _parts([_table(count), _line(points)], cut)
    ranges = [Rows(first, end - first) for first, end in pairwise([0, *sorted(marks - {0}), 200])]

    found = [piece for wanted in ranges for piece in _read(messages, wanted, starts)]

    tables = [piece for piece in found if piece["type"] == "table"]
    rows = [piece["first_row"] + row for piece in tables for row in range(piece["row_count"])]
    assert list(range(count)) == rows
    assert [str(row) for row in range(count)] == [text for piece in tables for text in piece["columns"][0]["text"]]
    assert list(range(0, count, 2)) == [
        piece["first_row"] + row for piece in tables for row in piece["columns"][0].get("places", {"row": []})["row"]
    ]
    assert count == sum(group["row_count"] for piece in tables for group in piece["groups"])
    lines = [piece for piece in found if piece["type"] == "line_chart"]
    assert list(range(points)) == [x for piece in lines for x in piece["series"][0]["x"]]
    assert {0} == {piece["place"] for piece in tables}
    assert {1} == {piece["place"] for piece in lines}


def test_a_range_holds_no_row_beyond_it():
    messages, starts = _parts([_table(50)], 20)

    [first, second] = _read(messages, Rows(15, 10), starts)

    assert (15, 5, 20, 5) == (first["first_row"], first["row_count"], second["first_row"], second["row_count"])
    assert [f"{row}" for row in range(15, 25)] == first["columns"][0]["text"] + second["columns"][0]["text"]


def test_a_range_past_the_end_is_empty():
    messages, starts = _parts([_table(50)], 20)
    assert [] == _read(messages, Rows(50, 10), starts)


def test_unknown_values_are_null_beside_their_texts():
    table = Table(columns=[Column(field="speed", text=["—", "7"], raw=[math.nan, 7.0])])
    [piece] = _read(
        [SheetPart(row_count=2, sheet=Sheet(sections=[Section(table=table)])).SerializeToString()], Rows(0, 5), [0]
    )
    assert (["—", "7"], [None, 7.0]) == (piece["columns"][0]["text"], piece["columns"][0]["raw"])


def test_columns_that_people_do_not_see_are_left_out():
    table = Table(columns=[Column(field="name", text=["a"]), Column(field="id", text=["1"], raw=[1.0], hidden=True)])
    [piece] = _read(
        [SheetPart(row_count=1, sheet=Sheet(sections=[Section(table=table)])).SerializeToString()], Rows(0, 5), [0]
    )
    assert ["name"] == [column["field"] for column in piece["columns"]]


def test_the_columns_that_bound_a_row_in_time_come_though_they_are_hidden():
    columns = [
        Column(field=name, text=["1"], raw=[1.0], hidden=name == "tracker") for name in ("from", "to", "tracker")
    ]
    table = Table(columns=columns)
    table.row_track.start_field, table.row_track.end_field, table.row_track.tracker_field = "from", "to", "tracker"
    [piece] = _only(Section(table=table))
    assert {"start": "from", "end": "to", "tracker": "tracker"} == piece["row_track"]
    assert [None, None, True] == [column.get("hidden") for column in piece["columns"]]


def test_totals_of_groups_are_texts_by_column():
    _, parts = trips_report(rows=7, sheets=1)
    [table, *_] = _read([parts[0].SerializeToString()], Rows(0, 100), [0, 7, 12])
    assert {
        "text": "In total:",
        "cells": {"length": "523.8", "time": "10:33", "avg_speed": "50", "max_speed": "94"},
    } == (table["groups"][0]["total"])


@pytest.mark.parametrize("kind", [Chart.KIND_PIE, Chart.KIND_STACKED_BAR, Chart.KIND_SIMPLE_BAR])
def test_every_slice_and_series_of_a_chart_has_a_colour(kind):
    chart = Chart(kind=kind, categories=["a", "b"], colors=["#112233"])
    chart.series.add(values=[1.0, 2.0])
    chart.series.add(values=[1.0, 2.0], color="#445566")

    [piece] = _only(Section(chart=chart))

    assert "#112233" == piece["colors"][0]
    assert all(colour.startswith("#") for colour in piece["colors"])
    assert "#445566" == piece["series"][1]["color"]
    assert piece["series"][0]["color"].startswith("#")
