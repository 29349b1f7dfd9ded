"""Every kind of report on the fleet of the demo: made, as the schema says, in every format, and all in Russian."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import jsonschema_rs
import pandas as pd
import pytest

from gateway.shapes.report_json import SCHEMAS
from services.generation.kinds import KINDS, AnyKind
from services.generation.kit.kind import Entity
from services.generation.kit.options import options_schema
from tests.builders.workbook_totals import totals
from tests.e2e.vans import ONE_DAY, Vans

MAGIC = {"xlsx": b"PK", "xls": b"\xd0\xcf\x11\xe0", "pdf": b"%PDF", "json": b"{", "csv": b"\xef\xbb\xbf"}
SHEET = jsonschema_rs.Draft202012Validator({"$ref": "#/components/schemas/Sheet", "components": {"schemas": SCHEMAS}})
NAMES_OF_THE_WORLD = {"GPS", "GSM", "SOS", "SMS", "OBD", "ADAS", "POI"}  # in a Russian text too
ENGLISH = re.compile(r"[A-Za-z]{2,}")
UNTRANSLATED = {"type", "field", "color", "align", "section_id", "fields", "kind", "state", "event", "style", "points"}
UNKNOWN = "\N{EM DASH}"
ADDRESS = re.compile(r"address|place|from$|to$|start$|end$|region")  # fields with places of the world


def shown(node: Any, key: str = "") -> Iterator[str]:
    """Yield the texts that a reader sees, but for addresses."""
    if isinstance(node, dict):
        for name, value in node.items():
            if name not in UNTRANSLATED and not (isinstance(value, dict) and "v" in value and ADDRESS.search(name)):
                yield from shown(value, name)
    elif isinstance(node, list):
        for value in node:
            yield from shown(value, key)
    elif isinstance(node, str):
        yield node


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.id))
def test_every_kind_makes_a_report_in_every_format(vans: Vans, kind: AnyKind) -> None:
    """Its JSON follows the schema, and no sheet of the first van is empty."""
    report_id = vans.asked(kind)
    report = vans.client.post("report/tracker/retrieve", report_id=report_id).json()["report"]
    files = {
        word: vans.client.post("report/tracker/download", report_id=report_id, format=word).content for word in MAGIC
    }

    assert report["sheets"]
    for sheet in report["sheets"]:
        SHEET.validate(sheet)
        assert {"text"} != {section["type"] for section in sheet["sections"]}
    assert [] == [word for word, magic in MAGIC.items() if not files[word].startswith(magic)]
    for word in ("xlsx", "xls"):
        assert_totals_hold(files[word], report, files["csv"].decode("utf-8-sig"))


def assert_totals_hold(workbook: bytes, report: dict[str, Any], printed: str) -> None:
    """Rows add up to their totals, or are averaged by them, and totals read alike in all files, on paper as in JSON."""
    found = [*totals(workbook)]
    for rows, cells in found:
        for values, total in zip(zip(*rows, strict=True), cells, strict=True):
            known = [value.number for value in values if value.number is not None]
            if known and total.number is not None and abs(sum(known) - total.number) >= 1e-6:
                assert min(known) - 1e-9 <= total.number <= max(known) + 1e-9  # an average or an extreme
    shown = [[cell.text for cell in cells if cell.number is not None or cell.text == UNKNOWN] for _, cells in found]
    assert shown == [*total_texts(report)]
    lines = [line[3:] for line in csv.reader(io.StringIO(printed)) if len(line) > 3 and line[2].startswith("In total")]
    for texts, line in zip(shown, lines, strict=True):
        pairs = zip(map(plain, texts), map(plain, filter(None, line)), strict=True)
        assert [] == [pair for pair in pairs if not pair[1].startswith(pair[0])]


def total_texts(report: dict[str, Any]) -> Iterator[list[str]]:
    """Yield the texts of the totals of each table, in the order of its columns."""
    sections = [section for sheet in report["sheets"] for section in sheet["sections"]]
    for table in (section for section in sections if section["type"] == "table"):
        for total in (group["total"] for group in table["data"] if group.get("total")):
            yield [total[one["field"]]["v"] for one in table["columns"] if "v" in total.get(one["field"], {})]


def plain(text: str) -> str:
    """Return a number without its unit, a duration without the zero before it; CSV shows its seconds too."""
    return re.sub(r"^0(?=\d:)", "", re.sub("[^0-9.:]", "", text))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.id))
def test_the_headless_csv_of_every_kind_is_one_table(vans: Vans, kind: AnyKind, tmp_path: Path) -> None:
    """Pandas and DuckDB load it without options: ASCII names, a record a line, of both vans or employees."""
    report_id, file = vans.asked(kind), tmp_path / "rows.csv"
    asked = {"report_id": report_id, "format": "csv", "headless": True}
    file.write_bytes(vans.client.post("report/tracker/download", **asked).content)

    rows, table = pd.read_csv(file), duckdb.sql(f"select * from '{file}'")
    entity = "employee" if kind.entity is Entity.EMPLOYEE else "tracker"
    assert ["sheet", f"{entity}_id", entity] == list(rows.columns)[:3]
    assert list(rows.columns) == table.columns
    assert len(rows) == len(table.fetchall()) > 0
    assert all(re.fullmatch("[a-z0-9_]+", name) for name in rows.columns)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.id))
def test_a_russian_report_has_no_english_word(vans: Vans, kind: AnyKind) -> None:
    """Headers, titles, names, sentences, legends and cells; addresses and what users named aside."""
    report = vans.report(kind, locale="ru")
    words = {word for text in (report["title"], *shown(report["sheets"])) for word in ENGLISH.findall(text)}

    assert set() == words - NAMES_OF_THE_WORLD


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: str(kind.id))
def test_a_kind_is_made_of_its_id_or_names_the_option_that_it_needs(vans: Vans, kind: AnyKind) -> None:
    """Error 7 names each missing option."""
    needed = options_schema(kind.Options).get("required", [])
    subject = {"employees": [1]} if kind.entity is Entity.EMPLOYEE else {"trackers": vans.trackers[:1]}
    period = {"from": ONE_DAY[0], "to": ONE_DAY[1]}
    answer = vans.client.post("report/tracker/generate", plugin={"plugin_id": kind.id}, **subject, **period).json()

    assert answer["success"] == (not needed)
    assert [f"plugin.{name}" for name in needed] == [one["parameter"] for one in answer.get("errors", [])]
    if needed:
        assert 7 == answer["status"]["code"]
    else:
        vans.client.wait(answer["id"])
