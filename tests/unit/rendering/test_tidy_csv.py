"""Headless CSV: one table of all rows of a report, read back with pandas and DuckDB."""

import io
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from daybook.report.v1.report_pb2 import Cover
from daybook.report.v1.sheet_pb2 import (
    CellQuantities,
    Column,
    MapRow,
    MapTable,
    Places,
    Quantity,
    RowGroup,
    Sheet,
    SheetPart,
    Table,
    TableFact,
)

from services.rendering.formats.csv.csv_format import Csv
from tests.builders.sheets import report_head, section_of, text_column, trips_report
from tests.builders.workbooks import Report, written

NAN = float("nan")
HOUR_MS = 3_600_000.0
START_MS = 1_601_964_000_000.0  # 2020-10-06 06:00 UTC


def tidy(report: Report) -> str:
    return written(Csv(), report, headless=True).decode("utf-8-sig")


def frame(report: Report) -> pd.DataFrame:
    """Return the table as pandas reads it without options, unknown values as empty texts."""
    return pd.read_csv(io.BytesIO(written(Csv(), report, headless=True)), dtype=str, keep_default_na=False)


def moments(name: str, *hours: float) -> Column:
    """Return a column of moments so many hours after the start."""
    raw = [START_MS + hour * HOUR_MS for hour in hours]
    moment = Quantity(kind=Quantity.KIND_MOMENT, pattern="dd.MM.yyyy HH:mm")
    return Column(field=name, title=name, quantity=moment, raw=raw, text=["x"] * len(raw))


def numbers(name: str, *values: float, **quantity: object) -> Column:
    """Return a column of numbers."""
    shown = Quantity(**{"kind": Quantity.KIND_NUMBER, **quantity})  # type: ignore[arg-type]  # fields by name
    return Column(field=name, title=name, quantity=shown, raw=values, text=["x"] * len(values))


def report_of(*sheets: Sheet, **cover: object) -> Report:
    """Return a report of sheets, each about the tracker of its place."""
    head = report_head([sheet.header for sheet in sheets])
    head.cover.MergeFrom(Cover(**cover))  # type: ignore[arg-type]  # fields by name
    parts = [SheetPart(sheet_index=place, last=True, sheet=sheet) for place, sheet in enumerate(sheets)]
    return head, parts


def van(number: int, *tables: Table | MapTable) -> Sheet:
    """Return the sheet of a van."""
    sections = [section_of(table) for table in tables]
    name = f"Van {number}"
    return Sheet(header=name, entity_ids=[number], entity_kind="tracker", entity_label=name, sections=sections)


def test_pandas_and_duckdb_load_all_rows(tmp_path: Path) -> None:
    """Without options: the same columns and as many rows as the report has records."""
    file = tmp_path / "trips.csv"
    file.write_bytes(written(Csv(), trips_report(rows=9, rows_per_part=4, sheets=3), headless=True))

    found = duckdb.sql(f"select * from '{file}'")
    assert 2 * 9 == len(pd.read_csv(file)) == len(found.fetchall())
    assert list(pd.read_csv(file).columns) == found.columns


def test_a_moment_with_its_address_is_four_columns() -> None:
    """Whatever the report shows of coordinates; moments are ISO 8601 with the offset of the zone."""
    found = frame(trips_report(rows=1, sheets=1))

    assert [
        *("sheet", "tracker_id", "tracker", "group"),
        *("from_time", "from_address", "from_lat", "from_lng", "to_time", "to_address", "to_lat", "to_lng"),
        *("length", "time_s", "avg_speed", "max_speed"),
    ] == list(found.columns)
    assert ["2020-10-06T00:47:19+03:00", "55.5311083", "6749"] == [
        found[name][0] for name in ("from_time", "from_lat", "time_s")
    ]


def test_columns_of_coordinates_that_follow_from_places_are_there_once() -> None:
    """A report that shows coordinates beside addresses has the same columns."""
    address = text_column(["Depot"], name="from_address", title="Start")
    address.places.MergeFrom(Places(row=[0], lat=[52.5], lng=[13.4], address=["Depot"]))
    table = Table(columns=[address, numbers("from_lat", 52.5), numbers("from_lng", 13.4)])

    assert ["from_address", "from_lat", "from_lng"] == list(frame(report_of(van(1, table))).columns)[4:]


@pytest.mark.parametrize(
    ("column", "name", "text"),
    [
        (numbers("length", 11.45, decimals=2, unit="км", unit_code="km"), "length_km", "11.45"),
        (numbers("share", 12.5, kind=Quantity.KIND_PERCENT), "share_pct", "12.5"),
        (numbers("idle", 2638.0, kind=Quantity.KIND_DURATION), "idle_s", "2638"),
        (numbers("fillingsCount", 3.0), "fillings_count", "3"),
        (numbers("odometer", NAN, unit_code="mi"), "odometer_mi", ""),
        (numbers("date", START_MS, kind=Quantity.KIND_MOMENT, pattern="dd.MM.yyyy"), "date", "2020-10-06"),
        (numbers("sent", START_MS, kind=Quantity.KIND_MOMENT), "sent_time", "2020-10-06T09:00:00+03:00"),
        (text_column(["\N{EM DASH}"], name="note", title="Note"), "note", ""),
        (text_column(["=1+1"], name="Имя поля", title="Note"), "imya_polya", "'=1+1"),
    ],
)
def test_names_tell_units_and_values_are_plain(column: Column, name: str, text: str) -> None:
    """Names are ASCII; unknown values are empty; texts that look like formulas are guarded."""
    found = frame(report_of(van(1, Table(columns=[column]))))

    assert (name, text) == (found.columns[-1], found.iloc[0, -1])


def test_money_has_its_currency_beside_it() -> None:
    """The code stands where there is a sum."""
    cost = numbers("cost", 4.5, NAN, kind=Quantity.KIND_MONEY, decimals=2, currency_code="EUR")
    found = frame(report_of(van(1, Table(columns=[cost]))))

    assert [("4.50", "EUR"), ("", "")] == list(zip(found["cost"], found["cost_currency"], strict=True))


def test_columns_are_those_of_all_trackers() -> None:
    """A column that a tracker lacks is empty there, and stands behind the one that it follows."""
    plain = Table(columns=[numbers("length", 1), numbers("speed", 2)])
    with_fuel = Table(columns=[numbers("length", 3), numbers("fuel", 4), numbers("speed", 5)])
    found = frame(report_of(van(1, plain), van(2, with_fuel)))

    assert ["length", "fuel", "speed"] == list(found.columns)[4:]
    assert [["1", "", "2"], ["3", "4", "5"]] == found.iloc[:, 4:].to_numpy().tolist()


def test_groups_are_days_or_names() -> None:
    """The day of a group in ISO form, else its name without the number of rows."""
    groups = [RowGroup(header="6 Oct : 1", date="2020-10-06", row_count=1), RowGroup(header="A | 1", label="A")]
    groups[1].row_count = 1
    found = frame(report_of(van(1, Table(columns=[numbers("n", 1, 2)], groups=groups))))

    assert ["2020-10-06", "A"] == list(found["group"])


def test_rows_stand_by_sheet_and_start_whatever_tables_they_come_from() -> None:
    """Tables of drivers are one table with a column of drivers; its name is not needed."""
    tables = [
        Table(header=name, columns=[moments("start", *hours)], facts=[TableFact(field="driver", text=name)])
        for name, hours in (("Ann", (0, 4)), ("Bob", (1, 2)))
    ]
    found = frame(report_of(van(1, *tables), van(2, tables[0])))

    assert ["sheet", "tracker_id", "tracker", "group", "driver", "start_time"] == list(found.columns)
    assert ["Ann", "Bob", "Bob", "Ann", "Ann", "Ann"] == list(found["driver"])


def test_kinds_of_tables_are_told_apart() -> None:
    """A report with several has the column `table`."""
    tables = [Table(header=name, columns=[numbers("n", 1)]) for name in ("Fillings", "Days")]

    assert ["Fillings", "Days"] == list(frame(report_of(van(1, *tables)))["table"])


def test_sums_are_left_out() -> None:
    """Neither tables that sum others up, nor totals in the last row, nor the summary sheet are rows."""
    summary = Sheet(header="Summary", sections=[section_of(Table(columns=[numbers("n", 9)], is_summary=True))])
    days = Table(columns=[numbers("n", 1, 2, 3)], total_row_count=1)
    by_metric = Table(columns=[numbers("n", 7)], is_summary=True)

    assert ["1", "2"] == list(frame(report_of(summary, van(1, days, by_metric)))["n"])


def test_a_summary_alone_has_a_row_for_each_entity() -> None:
    """With the ids of the entities."""
    table = Table(columns=[text_column(["Van 7"], name="object", title="Tracker"), numbers("n", 9)], is_summary=True)
    table.row_entity_ids.append(7)
    summary = Sheet(header="Summary", entity_kind="tracker", sections=[section_of(table)])
    found = frame(report_of(summary, is_summary_only=True))

    assert ["Summary", "7", "Van 7", "", "9"] == found.iloc[0].tolist()


def test_named_values_are_a_row_where_there_are_no_tables() -> None:
    """Their fields are its columns."""
    km = Quantity(kind=Quantity.KIND_NUMBER, decimals=1, unit_code="km")
    lines = MapTable(rows=[MapRow(name="Way, km", text="5.5", raw=5.5, quantity=km, field="way")])
    found = frame(report_of(van(1, lines), van(2, lines)))

    assert ["way_km", "5.5", "5.5"] == [found.columns[-1], *found["way_km"]]


def test_a_report_without_rows_is_its_header() -> None:
    """The line of names alone."""
    assert "sheet,tracker_id,tracker,group\r\n" == tidy(report_of(van(1)))


def test_mixed_quantities_are_texts() -> None:
    """Values of several quantities in one column have no unit in common."""
    mixed = Column(field="value", quantity=Quantity(kind=Quantity.KIND_NUMBER), raw=[1, 2], text=["1 km", "2 %"])
    mixed.quantities.MergeFrom(CellQuantities(row=[1], index=[0], quantities=[Quantity(kind=Quantity.KIND_PERCENT)]))

    assert ["1 km", "2 %"] == list(frame(report_of(van(1, Table(columns=[mixed]))))["value"])


def test_cutting_a_report_changes_nothing() -> None:
    """However a sheet is cut into parts, the file is the same."""
    whole = tidy(trips_report(rows=30))

    assert {whole} == {tidy(trips_report(rows=30, rows_per_part=size)) for size in (1, 7, 8, 29)}
