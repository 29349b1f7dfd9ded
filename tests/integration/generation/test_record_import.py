"""Import of JSON Lines over a real channel into a real MongoDB; vehicles are the kind."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from docs.input_examples import EXAMPLES
from services.cli.client import Access
from services.cli.import_result import Stored
from services.cli.json_lines import MAX_LINE, Refusals
from services.cli.reading_import import ReadingLines, import_readings
from services.cli.record_import import Lines, import_records
from services.cli.records import Owner
from tests.integration.generation.services import OPERATOR, Client

FORD = '{"id": 3, "tracker_id": 1, "label": "Ford", "max_speed": 90, "norm_avg_fuel_consumption": 7.5, "extra": {}}'


@pytest.fixture
async def access(client: Client) -> Access:
    """Give the way to a service in which an account has tracker 1."""
    await client.account("fleet")
    assert [1] == list(await client.trackers("fleet", "Car"))
    return Access(client.address, "", "secret")


def write(file: Path, lines: Sequence[str | bytes]) -> None:
    file.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in lines))


async def imported(access: Access, file: Path, *lines: str | bytes, kind: str = "vehicles") -> tuple[Stored, Refusals]:
    write(file, lines)
    found = Lines(file, Refusals(), kind=kind)
    return await import_records(access, found, Owner(owner_login="fleet")), found.refusals


async def test_a_file_is_stored_and_twice_is_as_once(client: Client, access: Access, tmp_path: Path) -> None:
    """With or without a byte order mark; empty lines are skipped, the later of two records of a key counts."""
    lines = ["\ufeff" + FORD, "", '{"id":4,"label":"Fiat"}', "  ", '{"id": 4.0, "label": "Fiat 500"}']
    once, _ = await imported(access, tmp_path / "v.jsonl", *lines)
    twice, _ = await imported(access, tmp_path / "v.jsonl", FORD, lines[-1])
    found = await client.listed(OPERATOR, "vehicles", owner_login="fleet")

    assert (Stored(3, 0, 0), Stored(0, 2, 0)) == (once, twice)
    assert [(3, "Ford", 1, 90.0), (4, "Fiat 500", 0, 0.0)] == [
        (one.id, one.label, one.tracker_id, one.max_speed) for one in found
    ]


async def test_bad_lines_are_named_by_number_and_good_ones_stored(access: Access, tmp_path: Path) -> None:
    """By the command and by the server alike, in the order of the file."""
    wrong = [
        '{"label": "no id"}', '{"id": 5, "label": "far", "tracker_id": 99}', "{", b'{"id": 6, "label": "\xff"}', "[]",
        '{"id": 7, "label": ""}', '{"id": 8, "label": "x", "max_speed": "90"}', '{"id": 9, "label": NaN}',
        '{"id": 10, "label": "' + "x" * MAX_LINE + '"}', '{"id": 11, "label": "x", "fuel_cost": -1}',
    ]  # fmt: skip
    stored, refusals = await imported(access, tmp_path / "v.jsonl", FORD, *wrong, '{"id": 12, "label": "good"}')

    assert Stored(2, 0, len(wrong)) == stored
    assert list(range(2, 2 + len(wrong))) == [line for line, _ in refusals.first]
    keys = [why.partition(":")[0] for _, why in refusals.first]
    assert ["id", "tracker_id", "must be JSON", "must be UTF-8", "must be an object", "label", "max_speed"] == keys[:7]
    assert ["must be JSON", f"must be shorter than {MAX_LINE:,} bytes", "fuel_cost"] == keys[7:]


async def test_a_long_file_goes_in_batches(client: Client, access: Access, tmp_path: Path) -> None:
    """More records than a batch may hold, of which the first refused are kept by line."""
    lines: list[Any] = [f'{{"id": {number}, "label": "{"x" if number % 100 else ""}"}}' for number in range(1, 2_501)]
    stored, refusals = await imported(access, tmp_path / "v.jsonl", *lines)

    assert Stored(2_475, 0, 25) == stored
    assert (25, list(range(100, 2_100, 100))) == (refusals.count, [line for line, _ in refusals.first])
    assert 2 == len(await client.listed(OPERATOR, "vehicles", owner_login="fleet", ids=[2_499, 2_498, 2_500]))


async def test_times_and_words_are_read(client: Client, access: Access, tmp_path: Path) -> None:
    """An assignment whose employee is null is nobody's."""
    lines = [
        '{"tracker_id":1,"employee_id":9,"start_time":"2026-03-09T05:30:00Z","source":"hardware_key"}',
        '{"tracker_id":1,"employee_id":null,"start_time":"2026-03-09 06:30"}',
    ]
    stored, _ = await imported(access, tmp_path / "a.jsonl", *lines, kind="assignments")
    found = await client.listed(OPERATOR, "assignments", owner_login="fleet")

    assert Stored(2, 0, 0) == stored
    assert [(9, 1), (0, 0)] == [(one.employee_id, one.source) for one in found]


async def test_every_kind_is_imported_and_twice_is_as_once(client: Client, access: Access, tmp_path: Path) -> None:
    """With the documented examples; readings as JSON Lines and as CSV."""
    for kind, lines in EXAMPLES.items():
        if kind == "readings":
            continue
        counts = [(await imported(access, tmp_path / "x.jsonl", *lines, kind=kind))[0] for _ in range(2)]
        assert [Stored(len(lines), 0, 0), Stored(0, len(lines), 0)] == counts
        assert len(lines) == len(await client.listed(OPERATOR, kind, owner_login="fleet"))
    rows = ["value,time,x,sensor_id", "1830,2026-03-09T06:00:00Z,,71", "on,2026-03-09 06:00:30,,72"]
    counts = [
        await read(access, tmp_path / name, *some)
        for name, some in (("r.jsonl", EXAMPLES["readings"]), ("r.csv", rows))
    ]

    assert [(Stored(1, 0, 0), []), (Stored(1, 1, 0), [])] == counts


async def test_lines_that_the_service_refuses_are_named_by_the_keys_of_the_file(access: Access, tmp_path: Path) -> None:
    """Not by the names of the contract."""
    await imported(access, tmp_path / "s.jsonl", *EXAMPLES["sensors"], kind="sensors")
    task = '{"id":1,"label":"x","from":"2026-03-09T09:00:00Z","to":"2026-03-09T08:00:00Z"}'
    _, tasks = await imported(access, tmp_path / "t.jsonl", task, kind="tasks")
    head = '{"id":9,"tracker_id":1,"kind":"metering","sensor_type":"fuel","name":"x"'
    entry = head + ',"calibration":[{"in":0,"out":1},{"out":2}]}'
    _, sensors = await imported(access, tmp_path / "s.jsonl", entry, kind="sensors")
    rows = [
        "time,sensor_id,value",
        "2026-03-09T06:00:00Z,99,1",
        "1999-03-09T06:00:00Z,71,1",
        "2026-03-09T06:00:00Z,71,1",
    ]
    stored, readings = await read(access, tmp_path / "r.csv", *rows)

    assert [(1, "to: must not be before the beginning")] == tasks.first
    assert [(1, "calibration[1].in: must be given")] == sensors.first
    assert (Stored(1, 0, 2), [(2, "sensor_id"), (3, "time")]) == (stored, readings)


async def read(access: Access, file: Path, *lines: str) -> tuple[Stored, list[tuple[int, str]]]:
    """Import readings and return the counts and the refused lines with their keys."""
    write(file, lines)
    found = ReadingLines(file, Refusals())
    stored = await import_readings(access, found, "fleet")
    return stored, [(line, why.partition(":")[0]) for line, why in found.refusals.first]


async def test_keys_of_users_may_be_any_text(client: Client, access: Access, tmp_path: Path) -> None:
    """Also what the database itself gives a meaning to; a change of such a record is stored."""
    location = '"location":{"lat":52.5,"lng":13.4,"radius":1}'
    place = f'{{"id":5,"label":"%s",{location},"fields":{{"a.b":{{"value":1}},"$set":{{"value":[]}}}}}}'
    times = '"from":"2026-03-09T09:00:00Z","to":"2026-03-09T09:00:00Z"'
    task = f'{{"id":1,"label":"%s",{times},"fields":{{"$a.b":{{"$c":{{"$d":null}}}}}}}}'
    for label in ("one", "two"):
        stored = [(await imported(access, tmp_path / "p.jsonl", place % label, kind="places"))[0]]
        stored.append((await imported(access, tmp_path / "t.jsonl", task % label, kind="tasks"))[0])
        assert [Stored(1), Stored(1)] == stored
    (found,) = await client.listed(OPERATOR, "places", owner_login="fleet")

    assert ("two", {"a.b", "$set"}) == (found.label, set(found.fields))
    assert Stored(0, 1) == (await imported(access, tmp_path / "p.jsonl", place % "two", kind="places"))[0]
