"""`daybook report list`, and files to write."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from daybook.report.v1.report_pb2 import STATE_CANCELLED, LocaleInfo, Plugin, Report

from services.cli.downloads import check_writable, opened
from services.cli.errors import CommandFailed
from services.cli.report_list import COLUMNS, EN_DASH, _facts, _row_of, period_text
from services.cli.reports import entities_of
from services.cli.tables import table_lines

BERLIN = Report(
    id=3,
    user_id=7,
    state=STATE_CANCELLED,
    plugin=Plugin(id=82),
    employee_ids=[1, 2],
    create_time=datetime(2020, 10, 8, 16, 59, 30, tzinfo=UTC),
    from_time=datetime(2020, 10, 5, 22, tzinfo=UTC),
    to_time=datetime(2020, 10, 25, 22, 59, 59, tzinfo=UTC),
    locale_info=LocaleInfo(time_zone="Europe/Berlin"),
)


def test_moments_for_machines_have_the_offset_of_the_zone_that_was_asked_in() -> None:
    """Under the names of the contract; those that are not known yet are null."""
    facts = _facts(BERLIN)

    assert ("2020-10-06T00:00:00+02:00", "2020-10-25T23:59:59+01:00") == (facts["from_time"], facts["to_time"])
    assert ("2020-10-08T18:59:30+02:00", None) == (facts["create_time"], facts["finish_time"])
    assert ("cancelled", 7, 82, [1, 2], []) == tuple(
        facts[name] for name in ("state", "user_id", "plugin_id", "employee_ids", "tracker_ids")
    )


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        ("2020-10-06T00:00:00", "2020-10-25T23:59:59", "2020-10-06 to 2020-10-25"),
        ("2020-10-06T00:00:00", "2020-10-06T23:59:59", "2020-10-06"),
        ("2020-10-06T08:00:00", "2020-10-06T17:30:00", "2020-10-06 08:00:00 to 17:30:00"),
        ("2020-10-06T08:00:00", "2020-10-07T23:59:59", "2020-10-06 08:00:00 to 2020-10-07 23:59:59"),
        ("2020-10-06T00:00:00", "2020-10-06T00:00:00", "2020-10-06 00:00:00 to 00:00:00"),
    ],
)
def test_a_period_is_shown_as_it_was_asked_for(start: str, end: str, text: str) -> None:
    assert text.replace(" to ", EN_DASH) == period_text(datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (None, "ID Title Period Zone State Percent Created Plugin Trackers Employees User"),
        (78, "ID Title Period Zone State"),
        (87, "ID Title Period Zone State Plugin User"),
        (60, "ID Title Period State"),
    ],
)
def test_columns_of_a_list_leave_by_their_priority(width: int | None, shown: str) -> None:
    """Percent and the moment of the request leave first, the zone last of all."""
    report = Report()
    report.CopyFrom(BERLIN)
    report.title = "Stops of all vans"
    header, row = table_lines(COLUMNS, [_row_of(report, of_many=True)], width)[:2]

    assert shown == " ".join(header.split())
    assert f"2020-10-06{EN_DASH}2020-10-25" in row


@pytest.mark.parametrize(
    ("trackers", "employees", "more", "expected"),
    [
        ([1], [], [2, 3], ([1, 2, 3], [])),
        ([], [1], [2, 3], ([], [1, 2, 3])),
        ([1], [2], [3], ([1, 3], [2])),
        ([], [], [3], ([3], [])),
    ],
)
def test_ids_without_an_option_belong_to_the_one_that_is_given(
    trackers: list[int], employees: list[int], more: list[int], expected: tuple[list[int], list[int]]
) -> None:
    """They are trackers where both are given, or none."""
    assert expected == entities_of(trackers, employees, more)


@pytest.mark.parametrize("out", ["missing/file.csv", "."])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_made(tmp_path: Path, out: str) -> None:
    with pytest.raises(CommandFailed, match="cannot write"):
        check_writable(tmp_path / out)


def test_a_pipe_is_written_and_not_replaced(tmp_path: Path) -> None:
    """As /dev/null is, and what a shell gives for >(command)."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    check_writable(pipe)
    with opened(pipe) as file:
        file.write(b"report")

    assert b"report" == os.read(reader, 100)
    os.close(reader)
    assert pipe.is_fifo()


def test_a_file_that_can_be_written_is_not_touched_yet(tmp_path: Path) -> None:
    """Nothing is left beside it; - is standard output."""
    (tmp_path / "old.csv").write_text("old")
    check_writable(tmp_path / "old.csv")
    check_writable(Path("-"))

    assert ["old.csv"] == [one.name for one in tmp_path.iterdir()]
    assert "old" == (tmp_path / "old.csv").read_text()
