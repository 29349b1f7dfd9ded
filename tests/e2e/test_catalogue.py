"""Every kind of report on the fleet of the demo: made, as the schema says, in every format, and all in Russian."""

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
from tests.e2e.vans import ONE_DAY, Vans

MAGIC = {"xlsx": b"PK", "xls": b"\xd0\xcf\x11\xe0", "pdf": b"%PDF", "json": b"{", "csv": b"\xef\xbb\xbf"}
SHEET = jsonschema_rs.Draft202012Validator({"$ref": "#/components/schemas/Sheet", "components": {"schemas": SCHEMAS}})
NAMES_OF_THE_WORLD = {"GPS", "GSM", "SOS", "SMS", "OBD", "ADAS", "POI"}  # in a Russian text too
ENGLISH = re.compile(r"[A-Za-z]{2,}")
UNTRANSLATED = {"type", "field", "color", "align", "section_id", "fields", "kind", "state", "event", "style", "points"}
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
