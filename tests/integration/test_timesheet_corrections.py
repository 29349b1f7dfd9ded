"""Corrected timesheets: what is matched with stored entries, changed, and replaced, whatever breaks off on the way."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date
from pathlib import Path

import pytest

from services.cli.client import Access
from services.cli.errors import CommandFailed
from services.cli.timesheet_import import store
from services.cli.timesheets.wanted import Correction, Import
from tests.integration.timesheet_office import OWNER, Office, open_to

CASES = Path(__file__).parents[1] / "cases/time"
HEADER = "Email,Client,Project,Description,Billable,Start date,Start time,Duration,Tags,Amount (EUR)"
ONLY_NEW, UPDATE, REPLACE = Correction(), Correction(update=True), Correction(replace=True)
Row = tuple[str, str, str, int]


@pytest.fixture
def office() -> Office:
    """Give an office without any workspace."""
    return Office()


@pytest.fixture
async def access(office: Office) -> AsyncIterator[Access]:
    """Give the way to it."""
    async with open_to(office) as way:
        yield way


def case(number: int, correction: Correction = ONLY_NEW) -> Import:
    """Return the import of a case."""
    return Import(CASES / f"correct-{number}.csv", "Agency", OWNER, "UTC", correction)


def of_text(folder: Path, *lines: str, header: str = HEADER, correction: Correction = ONLY_NEW) -> Import:
    """Return the import of a file with these lines."""
    file = folder / "time.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return Import(file, "Agency", OWNER, "UTC", correction)


def entries(office: Office) -> list[Row]:
    """Return the stored entries by start."""
    emails = {one.user_id: one.email for one in office.members}
    rows = [
        (one.start_time.ToDatetime(UTC).date().isoformat(), emails[one.user_id], one.description, one.seconds)
        for one in office.entries.values()
    ]
    return sorted(rows)


async def counts(access: Access, wanted: Import) -> tuple[int, int, int, int, int]:
    """Import a file and return how many entries were created, unchanged, changed, updated and removed."""
    found = await store(access, wanted)
    return found.created, found.unchanged, found.changed, found.updated, found.removed


async def test_a_corrected_file_changes_entries_when_it_is_told_to(office: Office, access: Access) -> None:
    """Otherwise what differs is counted and named."""
    assert (7, 0, 0, 0, 0) == await counts(access, case(1))
    assert (0, 7, 0, 0, 0) == await counts(access, case(1))
    before, wanted = entries(office), case(2)

    assert (0, 3, 2, 0, 0) == await counts(access, wanted)
    assert [(3, ["description"]), (5, ["amount"])] == [tuple(one) for one in wanted.changed_lines]
    assert before == entries(office)

    assert (0, 3, 0, 2, 0) == await counts(access, case(2, UPDATE))
    assert (0, 5, 0, 0, 0) == await counts(access, case(2, UPDATE))
    assert {"task one", "early", "his"} < {what for _, _, what, _ in entries(office)}
    assert {6000} == {one.amount_cents for one in office.entries.values() if one.HasField("amount_cents")}
    assert 7 == len(office.entries)


async def test_a_replacement_makes_the_store_equal_to_the_file(office: Office, access: Access) -> None:
    """Within the members and the days of the file; a dry run tells it before."""
    await store(access, case(1))
    await store(access, case(2, UPDATE))
    before, dry = entries(office), case(3, replace(REPLACE, dry_run=True))

    assert (1, 3, 0, 0, 2) == await counts(access, dry)
    assert before == entries(office)
    (ann,) = dry.members
    assert {"entries": 2, "hours": 1.0, "amounts": {"EUR": 100.0}} == ann["removed"]

    assert (1, 3, 0, 0, 2) == await counts(access, case(3, REPLACE))
    assert (0, 4, 0, 0, 0) == await counts(access, case(3, REPLACE))
    expected = [
        ("2026-01-02", "ann@example.com", "early", 600),
        ("2026-01-10", "ann@example.com", "task 0", 1800),
        ("2026-01-11", "ann@example.com", "task one", 1800),
        ("2026-01-12", "bob@example.com", "his", 600),
        ("2026-01-13", "ann@example.com", "task 3", 1800),
        ("2026-01-14", "ann@example.com", "task 4", 2700),
    ]
    assert expected == entries(office)


@pytest.mark.parametrize("steps", [0, 1])
async def test_a_replacement_that_broke_off_is_completed_by_another(office: Office, access: Access, steps: int) -> None:
    """Before anything was stored, or between what is stored and what is removed."""
    await store(access, case(1))
    office.fails_after = steps
    with pytest.raises(CommandFailed):
        await store(access, case(3, REPLACE))
    office.fails_after = -1

    await store(access, case(3, REPLACE))

    assert (0, 4, 0, 0, 0) == await counts(access, case(3, REPLACE))
    assert 6 == len(office.entries)


async def test_a_dry_run_creates_nothing(office: Office, access: Access) -> None:
    """Not even a workspace."""
    assert (7, 0, 0, 0, 0) == await counts(access, case(1, Correction(dry_run=True)))
    assert ([], {}) == (office.workspaces, office.entries)


async def test_a_bad_line_holds_up_a_replacement(office: Office, access: Access, tmp_path: Path) -> None:
    """Nothing is stored or removed."""
    await store(access, case(1))
    before = entries(office)
    bad = of_text(tmp_path, "ann@example.com,,,,,2026-01-10,09:00:00,soon,,", correction=REPLACE)

    with pytest.raises(CommandFailed, match="nothing is stored or removed"):
        await store(access, bad)
    assert before == entries(office)


async def test_a_span_and_members_say_what_a_file_stands_for(office: Office, access: Access, tmp_path: Path) -> None:
    """Also an empty file; lines outside are refused."""
    await store(access, case(1))
    span = replace(REPLACE, first=date(2026, 1, 1), last=date(2026, 1, 12), members=("ANN@example.com",))
    line = "ann@example.com,Acme,Web,task 0,Yes,2026-01-{},09:00:00,00:30:00,,50.00"

    with pytest.raises(CommandFailed):
        await store(access, of_text(tmp_path, line.format("13"), correction=span))
    assert (0, 1, 0, 0, 3) == await counts(access, of_text(tmp_path, line.format("10"), correction=span))
    assert (0, 0, 0, 0, 1) == await counts(access, of_text(tmp_path, correction=span))
    assert ["his", "task 3", "task 4"] == [what for _, _, what, _ in entries(office)]


async def test_columns_that_a_file_lacks_are_not_compared(access: Access, tmp_path: Path) -> None:
    """A file of times alone differs in nothing."""
    await store(access, case(2))
    header = "Email,Start date,Start time,Duration"
    lines = [f"ann@example.com,2026-01-{day},09:00:00,00:30:00" for day in range(10, 15)]

    assert (0, 5, 0, 0, 0) == await counts(access, of_text(tmp_path, *lines, header=header, correction=UPDATE))


async def test_lines_that_are_equal_are_matched_before_the_rest(access: Access, tmp_path: Path) -> None:
    """Whatever their order: only what is left over differs, and then in order."""
    line = "ann@example.com,,,{},No,2026-01-10,09:00:00,00:30:00,,"
    await store(access, of_text(tmp_path, *map(line.format, "abc")))

    wanted = of_text(tmp_path, *map(line.format, "xcba"))

    assert (1, 3, 0, 0, 0) == await counts(access, wanted)
    assert (0, 2, 2, 0, 0) == await counts(access, of_text(tmp_path, *map(line.format, "yaxz")))


async def test_an_entry_id_tells_the_same_entry_whatever_else_differs(
    office: Office, access: Access, tmp_path: Path
) -> None:
    """Under the id that it came in with, or the one that it has here."""
    header = f"{HEADER},Entry ID"
    line = "ann@example.com,,,{},No,2026-01-{},09:00:00,00:30:00,,,{}"
    await store(access, of_text(tmp_path, line.format("a", 10, "e1"), line.format("b", 10, ""), header=header))
    own = next(one.id for one in office.entries.values() if one.description == "b")

    moved = [line.format("A", 20, "e1"), line.format("B", 21, f"daybook:{own}")]
    assert (0, 0, 0, 2, 0) == await counts(access, of_text(tmp_path, *moved, header=header, correction=UPDATE))
    assert (0, 2, 0, 0, 0) == await counts(access, of_text(tmp_path, *moved, header=header))
    assert [("2026-01-20", "A"), ("2026-01-21", "B")] == [(day, what) for day, _, what, _ in entries(office)]


async def test_an_entry_that_was_deleted_comes_back(office: Office, access: Access, tmp_path: Path) -> None:
    """Also where an equal one stayed."""
    line = "ann@example.com,,,same,No,2026-01-10,09:00:00,00:30:00,,"
    wanted = of_text(tmp_path, line, line)
    await store(access, wanted)
    del office.entries[next(iter(office.entries))]

    assert (1, 1, 0, 0, 0) == await counts(access, of_text(tmp_path, line, line))
