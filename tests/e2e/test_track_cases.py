"""Cases of detection over HTTP: what a track file comes to as public JSON and on paper."""

import io
from collections.abc import Callable, Mapping
from typing import Any

import pypdf
import pytest

from tests.builders.cases import FOLDER, Case, cases, lasted_s, moment_ms
from tests.e2e.stack import Client, Stack

NAMES = ("weekend", "working-hours", "never-stops", "lost-at-night", "midnight")
CASES = [case for case in cases() if case.name.rpartition("-")[0] in NAMES]
TRIPS, STOPS = 4, 6
SECOND_MS, KM, KMH = 1000, 0.02, 1.0
NO_STOPS = {
    "en": "No stops found for the specified period",
    "de": "Für den angegebenen Zeitraum wurden keine Stopps gefunden",
    "es": "No se encontraron paradas en el periodo indicado",
    "ru": "За указанный период остановок не обнаружено",  # noqa: RUF001 - Cyrillic
}

Rows = list[dict[str, Any]]
with_each_case = pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])


@pytest.fixture(scope="module")
def trackers(stack: Stack, add_client: Callable[..., tuple[str, Client]]) -> tuple[Client, Mapping[str, int]]:
    """Give the client of an account and its trackers by the name of their case, with the tracks of the cases."""
    login, client = add_client()
    found = {}
    for case in CASES:
        name = case.name.rpartition("-")[0]
        if name not in found:
            settings = [word for key, value in case.settings.items() for word in (_flag(key), str(value))]
            words = ("tracker", "add", "--owner", login, "--label", name, *settings)
            found[name] = stack.command(*words)["tracker_id"]
            stack.command("import", "track", FOLDER / f"{name}.csv", "--tracker", str(found[name]))
    return client, found


def _flag(key: str) -> str:
    return f"--{key.replace('_', '-')}"


def made(trackers: tuple[Client, Mapping[str, int]], case: Case, plugin_id: int, **more: Any) -> dict[str, Any]:
    """Return a report about a case."""
    client, found = trackers
    plugin = {"plugin_id": plugin_id, "show_seconds": True} | (case.ask.get("plugin", {}) if plugin_id == TRIPS else {})
    asked = {"time_filter": case.ask["time_filter"]} if "time_filter" in case.ask else {}
    period = (case.ask["from"], case.ask["to"])
    return client.made([found[case.name.rpartition("-")[0]]], period, plugin=plugin, **asked, **more)


def sections_of(report: dict[str, Any]) -> Rows:
    (sheet,) = report["sheets"]
    return list(sheet["sections"])


def rows_of(report: dict[str, Any]) -> Rows:
    """Return the rows of the table, none where the sheet has no table."""
    tables = [section for section in sections_of(report) if section["type"] == "table"]
    return [row for table in tables for group in table["data"] for row in group["rows"]]


def assert_near(expected: list[tuple[float, ...]], found: list[tuple[float, ...]], within: tuple[float, ...]) -> None:
    assert len(expected) == len(found)
    for right, row in zip(expected, found, strict=True):
        for one, other, tolerance in zip(right, row, within, strict=True):
            assert one == pytest.approx(other, abs=tolerance)


@with_each_case
def test_trips_are_right(trackers: tuple[Client, Mapping[str, int]], case: Case) -> None:
    """Starts, ends, lengths and speeds, the days where trips are not split, and the request as it was given."""
    report = made(trackers, case, TRIPS)
    rows = rows_of(report)

    if "trips" in case.ask:
        expected = [
            (moment_ms(start), moment_ms(end), *map(float, values))
            for start, end, *values in (row.split() for row in case.ask["trips"])
        ]
        fields = ("from", "to", "length", "avg_speed", "max_speed")
        found = [tuple(row[field]["raw"] for field in fields) for row in rows]
        assert_near(expected, found, (SECOND_MS, SECOND_MS, KM, KMH, KMH))
    if "days" in case.ask:
        days = [(float(km), lasted_s(lasted)) for km, lasted in map(str.split, case.ask["days"])]
        assert_near(days, [(row["length"]["raw"], row["time"]["raw"]) for row in rows], (KM, 1))
    if "time_filter" in case.ask:
        assert case.ask["time_filter"] == report["time_filter"]


@with_each_case
def test_stops_are_right(trackers: tuple[Client, Mapping[str, int]], case: Case) -> None:
    """Starts, ends and durations; the end is a time of day in the JSON whatever its day."""
    if "stops" not in case.ask:
        return
    rows = rows_of(made(trackers, case, STOPS))
    expected = [
        (moment_ms(start), moment_ms(end), lasted_s(lasted))
        for start, end, lasted in (row.split() for row in case.ask["stops"])
    ]

    assert_near(
        expected,
        [tuple(row[field]["raw"] for field in ("start", "end", "idle_duration")) for row in rows],
        (SECOND_MS, SECOND_MS, 1),
    )
    assert [row.split()[1].rpartition("T")[2] for row in case.ask["stops"]] == [row["end"]["v"] for row in rows]


def case_of(name: str) -> Case:
    return next(case for case in CASES if case.name.startswith(name))


@pytest.mark.parametrize("plugin_id", [TRIPS, STOPS])
@pytest.mark.parametrize(
    ("seconds", "text"), [(True, "No data for 10:00:00, 5 km"), (False, "No data for 10:00, 5 km")]
)
def test_time_without_data_is_the_last_section(
    trackers: tuple[Client, Mapping[str, int]], plugin_id: int, seconds: bool, text: str
) -> None:
    """In small print, with seconds where these are shown; the odometer counts the way."""
    plugin = {"plugin_id": plugin_id, "show_seconds": seconds}
    client, found = trackers
    sections = sections_of(
        client.made([found["lost-at-night"]], ("2026-03-02 00:00:00", "2026-03-02 23:59:59"), plugin=plugin)
    )

    assert {"type": "text", "text": text, "style": "small_print"} == sections[-1]
    lines = {
        row["name"]: row["raw"] for section in sections if section["type"] == "map_table" for row in section["rows"]
    }
    if plugin_id == TRIPS:
        assert 1055 == pytest.approx(lines["Odometer value *, km"], abs=0.5)


def test_only_what_lies_in_the_window_is_without_data(trackers: tuple[Client, Mapping[str, int]]) -> None:
    """An hour of ten has a tenth of the way, and stands after the sentence of an empty sheet."""
    client, found = trackers
    texts = [
        section["text"]
        for section in sections_of(
            client.made(
                [found["lost-at-night"]],
                ("2026-03-02 00:00:00", "2026-03-02 23:59:59"),
                time_filter={"from": "10:00", "to": "11:00", "weekdays": [1]},
            )
        )
    ]

    assert ["No movements found for the specified period", "No data for 01:00, 0.5 km"] == texts


@pytest.mark.parametrize("locale", NO_STOPS)
def test_a_drive_without_stops_is_not_without_data(trackers: tuple[Client, Mapping[str, int]], locale: str) -> None:
    """In every language."""
    (text,) = sections_of(made(trackers, case_of("never-stops"), STOPS, locale=locale))

    assert NO_STOPS[locale] == text["text"]


def test_a_period_without_points_is_without_data(trackers: tuple[Client, Mapping[str, int]]) -> None:
    """The day after the drive."""
    client, found = trackers
    period = ("2026-03-04 00:00:00", "2026-03-04 23:59:59")
    (text,) = sections_of(client.made([found["never-stops"]], period, plugin={"plugin_id": STOPS}))

    assert "No data found for the selected period" == text["text"]


def test_paper_shows_the_date_of_an_end_on_another_day(trackers: tuple[Client, Mapping[str, int]]) -> None:
    """From Friday to Monday; the JSON shows the time of day alone."""
    client, _found = trackers
    report = made(trackers, case_of("weekend"), STOPS)
    content = client.post("report/tracker/download", report_id=report["id"], format="pdf").content
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).split())

    assert ["18:01:00", "08:01:00"] == [rows_of(report)[0][field]["v"] for field in ("start", "end")]
    assert "18:01:00 Mar 9, 2026 08:01:00" in text
