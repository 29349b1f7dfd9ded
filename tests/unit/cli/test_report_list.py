"""`daybook report list`, and files to write."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from daybook.report.v1.report_pb2 import STATE_CANCELLED, LocaleInfo, Plugin, Report

from services.cli.downloads import check_writable
from services.cli.errors import CommandFailed
from services.cli.report_list import _facts

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


def test_moments_are_in_the_zone_that_was_asked_in() -> None:
    """People see the clock of the account's zone, machines the offset beside it."""
    for_people, for_machines = _facts(BERLIN, blank=" "), _facts(BERLIN)

    assert ("2020-10-06 00:00:00", "2020-10-25 23:59:59") == (for_people["from_time"], for_people["to_time"])
    assert "2020-10-06T00:00:00+02:00" == for_machines["from_time"]
    assert "2020-10-25T23:59:59+01:00" == for_machines["to_time"]
    assert ("cancelled", 7, 82, [1, 2]) == tuple(
        for_machines[name] for name in ("state", "user_id", "plugin_id", "employee_ids")
    )


def test_facts_are_named_as_in_the_contract() -> None:
    """Moments that have not come are null; the kind of report is told by its id."""
    facts = _facts(BERLIN)

    assert [] == [name for name in facts if name not in Report.DESCRIPTOR.fields_by_name and name != "plugin_id"]
    assert (None, "2020-10-08T18:59:30+02:00") == (facts["finish_time"], facts["create_time"])


@pytest.mark.parametrize("out", ["missing/file.csv", "."])
def test_a_file_that_cannot_be_written_is_refused_before_anything_is_made(tmp_path: Path, out: str) -> None:
    with pytest.raises(CommandFailed, match="cannot write"):
        check_writable(tmp_path / out)


def test_a_file_that_can_be_written_is_not_touched_yet(tmp_path: Path) -> None:
    """Nothing is left beside it; - is standard output."""
    (tmp_path / "old.csv").write_text("old")
    check_writable(tmp_path / "old.csv")
    check_writable(Path("-"))

    assert ["old.csv"] == [one.name for one in tmp_path.iterdir()]
    assert "old" == (tmp_path / "old.csv").read_text()
