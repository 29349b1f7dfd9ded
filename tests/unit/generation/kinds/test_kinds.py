"""Kinds of reports: the tuple, third parties' kinds, titles and descriptions in every language."""

import logging
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from services.errors.reports import PluginNotFound
from services.generation import kinds
from services.generation.kinds import KINDS, AnyKind, find_kind
from services.generation.kit.kind import GROUP_TITLES, Group
from services.generation.kit.kind_faults import faults_of
from services.generation.kit.options import Options, option, options_schema
from services.generation.words.catalogue import languages, translator
from tests.builders.kinds import at, built, lines, summary, tables, texts
from tests.builders.third_party_report import EmployeeWayReport, WayReport
from tests.builders.tracks import track
from tests.fakes.entity_data import FakeEmployee, FakeTracker

DRIVE = track((10, 0), (20, 60), (10, 0), (30, 40), (10, 0))


def words(schema: dict[str, Any]) -> Iterator[str]:
    """Return the titles and descriptions of all options of a schema, and of their members."""
    for node in schema.get("properties", {}).values():
        yield from (node["title"], node["description"])
        yield from words(node)
        yield from words(node.get("items", {}))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.module)
def test_a_kind_is_complete(kind: AnyKind) -> None:
    """It has an id, names, a group, known inputs, and options that all have a title and a description."""
    assert [] == list(faults_of(kind))


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.module)
def test_a_kind_is_translated(kind: AnyKind, language: str) -> None:
    """No title or description of it, of its group or of its options is English in another language."""
    translate = translator(language)
    english = [kind.title, kind.description, GROUP_TITLES[kind.group], *words(options_schema(kind.Options))]
    shown = [*map(translate, english[:3]), *words(options_schema(kind.Options, translate))]

    assert [] == [text for text, told in zip(english, shown, strict=True) if text == told]


def test_ids_are_of_one_kind_each() -> None:
    """A kind is found by its id, an unknown one is refused."""
    assert {kind.id: kind for kind in KINDS} == {kind.id: find_kind(kind.id) for kind in KINDS}
    assert len(KINDS) == len({kind.id for kind in KINDS})
    with pytest.raises(PluginNotFound):
        find_kind(WayReport.id)


def test_a_report_of_a_third_party_is_one_class() -> None:
    """Columns, totals, lines and the summary sheet follow from what it declares."""
    sheet = built(WayReport(), FakeTracker(DRIVE)).sheet
    table = tables(sheet)[0]

    assert ["way", "time", "avg_speed"] == [column.field for column in table.columns]
    assert ["20", "20"] == texts(table, "way")
    assert ["40", "00:50", "48"] == [cell.text for cell in table.groups[0].total.cells]
    assert {"Trips": "2", "Way, km": "40", "Travel time": "00:50", "Average speed, km/h": "48"} == lines(sheet)
    assert ["20"] == texts(tables(built(WayReport(), FakeTracker(DRIVE), min_minutes=25).sheet)[0], "way")
    total = summary(WayReport(), [FakeTracker(DRIVE), FakeTracker(DRIVE[:0])])
    assert (["2", "0"], "40") == (texts(tables(total)[0], "count"), lines(total)["Way, km"])


def test_a_report_by_employees_is_about_what_they_drove() -> None:
    """Its sheet has the employee's name and id, and the ways of each tracker while it was assigned."""
    cars = FakeTracker(DRIVE, label="Ford"), FakeTracker(DRIVE, label="Seat")
    employee = FakeEmployee([(cars[0], (at(0), at(35))), (cars[1], (at(35), at(80)))])
    sheet = built(EmployeeWayReport(), employee).sheet

    assert ("Samantha", [9]) == (sheet.header, list(sheet.entity_ids))
    assert ["20", "20"] == texts(tables(sheet)[0], "way")
    assert "Employee" == tables(summary(EmployeeWayReport(), [employee]))[0].columns[0].title
    assert (901, 902) == tuple(EmployeeWayReport().entity_ids(Options(), [7], [901, 902, 901]))


class Untitled(Options):
    speed: int = 60
    late: int = option(5, "Late", "")


class Broken(WayReport):
    id = 0
    title = ""
    group = "activity"  # type: ignore[assignment] # as a third party may write
    inputs = ("points", "moods")  # type: ignore[assignment] # as above
    Options = Untitled  # type: ignore[assignment] # as above


def test_what_a_third_partys_kind_lacks_is_told() -> None:
    """Each fault is named."""
    assert ["it is not a ReportKind"] == list(faults_of(object()))
    assert [
        "title must not be empty",
        "group must be given as Group",
        f"id must be from 1 to {2**31 - 1}",
        "inputs are unknown: moods",
        "option speed lacks a title or a description",
        "option late lacks a title or a description",
    ] == list(faults_of(Broken()))


class Impostor(WayReport):
    id = KINDS[0].id
    group = Group.BUSINESS


def test_broken_kinds_are_refused_with_the_reason_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Others do not suffer: a kind that cannot be loaded, lacks something or takes another's id changes nothing."""
    here = __name__
    points = [
        EntryPoint(name, f"{here}:{value}", kinds.ENTRY_POINTS)
        for name, value in {"way": "WayReport", "broken": "Broken", "gone": "Nothing", "impostor": "Impostor"}.items()
    ]
    monkeypatch.setattr(kinds, "entry_points", lambda group: points if group == kinds.ENTRY_POINTS else [])
    with caplog.at_level(logging.ERROR):
        found = kinds.all_kinds.__wrapped__()

    assert {WayReport.id, *(kind.id for kind in KINDS)} == set(found)
    assert KINDS[0] is found[Impostor.id]
    refused, failed = (record.getMessage() for record in caplog.records)
    assert refused.startswith("the report broken is refused: title must not be empty; group must")
    assert "the report gone cannot be loaded" == failed
