"""Parts of sheets as documents, and back."""

import math
from datetime import UTC, datetime

import bson
import pytest
from daybook.report.v1 import sheet_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st
from services.generation.store.sheet_documents import part_document, part_of

from tests.builders.charts import EUROS, bars, pie
from tests.builders.sheets import trips_report
from tests.unit.generation.kit.test_parts import whole_sheets

EXPIRES = datetime(2030, 1, 1, tzinfo=UTC)


def through_the_store(part: pb.SheetPart) -> pb.SheetPart:
    document = bson.decode(bson.encode(part_document(part, 5, 1, EXPIRES)))
    return part_of(document, document["sheet"])


@given(whole_sheets(), st.integers(0, 5), st.booleans())
def test_a_part_comes_back_as_it_went(sheet: pb.Sheet, first_section: int, last: bool) -> None:
    """Storing a part changes nothing: unknown numbers, hidden columns, places, groups and totals included."""
    part = pb.SheetPart(sheet_index=2, part_index=4, last=last, first_section=first_section, sheet=sheet)

    assert part.SerializeToString(deterministic=True) == through_the_store(part).SerializeToString(deterministic=True)


def test_a_whole_trips_report_comes_back() -> None:
    """Every field of the published example's report survives."""
    _, parts = trips_report(rows=50, rows_per_part=20, grouped_columns=True, highlight=True, seconds=True)

    assert parts == [through_the_store(part) for part in parts]


@pytest.mark.parametrize(
    "chart",
    [
        bars(["Mon", "Tue"], {"Billable": [3600.0, math.nan], "": []}, labels=["1:00:00", ""]),
        pie({"Design": 75.0, "Support": 25.5}, quantity=EUROS, colors=["#112233", ""]),
        pb.Chart(),
    ],
)
def test_a_chart_comes_back(chart: pb.Chart) -> None:
    """Bars and pies, with colours and labels or without; unknown values are null in the store."""
    chart.series.add(color="#445566", values=[math.nan])
    part = pb.SheetPart(sheet=pb.Sheet(sections=[pb.Section(chart=chart), pb.Section(text=pb.Text(text="after"))]))
    part.sheet.sections[0].chart.quantity.SetInParent()
    stored = part_document(part, 5, 1, EXPIRES)["sections"][0]

    assert part.SerializeToString(deterministic=True) == through_the_store(part).SerializeToString(deterministic=True)
    assert ("chart", [None]) == (stored["type"], stored["series"][-1]["values"])


def test_an_operator_reads_names_and_null() -> None:
    """In the store enums have their names, and an unknown number is null."""
    column = pb.Column(align=pb.Column.ALIGN_RIGHT, quantity=pb.Quantity(kind=pb.Quantity.KIND_NUMBER))
    column.text.extend(["1", "—"])
    column.raw.extend([1.0, math.nan])
    part = pb.SheetPart(sheet=pb.Sheet(sections=[pb.Section(table=pb.Table(columns=[column]))]))
    document = part_document(part, 5, 1, EXPIRES)
    stored = document["sections"][0]["columns"][0]

    assert ("ALIGN_RIGHT", "KIND_NUMBER", [1.0, None]) == (stored["align"], stored["quantity"]["kind"], stored["raw"])
    assert (5, 1, 1, EXPIRES) == tuple(document[name] for name in ("report_id", "attempt", "schema", "expire_time"))
