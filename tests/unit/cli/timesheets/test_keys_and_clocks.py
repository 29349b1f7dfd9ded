"""Keys and moments of entries."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.timesheets.import_keys import Repeats, digest_of
from services.cli.timesheets.values import Moment, moment_of
from tests.unit.cli.timesheets.files import PLAIN, line

BERLIN = ZoneInfo("Europe/Berlin")
PRICED = f"{PLAIN},Amount (EUR)"
ENDED = {"End_date": "2026-01-05", "End_time": "10:34:30"}


@pytest.mark.parametrize(
    "change",
    [
        {"Email": "bob@example.com"},
        {"Client": "Acme"},
        {"Project": "Site"},
        {"Project": "Site", "Task": "Review"},
        {"Description": "x"},
        {"Billable": "Yes"},
        {"Start_date": "2026-01-06"},
        {"Start_time": "09:00:01"},
        {"Duration": "01:30:01"},
        {"Tags": "ui"},
        {"Amount (EUR)": "0.00"},
    ],
)
def test_every_field_tells_entries_apart(tmp_path: Path, change: dict[str, str]) -> None:
    """All that make an entry what it is."""
    assert digest_of(line(tmp_path, PRICED)) != digest_of(line(tmp_path, PRICED, **change))


@pytest.mark.parametrize(
    "change",
    [
        {"Email": "ANN@example.com"},
        {"User": "Anna"},
        {"Duration": "1.50"},
        {"Tags": "b, a"},
        ENDED,
    ],
)
def test_the_form_of_a_file_tells_nothing_apart(tmp_path: Path, change: dict[str, str]) -> None:
    """People are known by their emails; the end adds nothing, also where the duration was rounded."""
    assert digest_of(line(tmp_path, Tags="a, b")) == digest_of(line(tmp_path, **({"Tags": "a, b"} | change)))


@given(st.lists(st.sampled_from([b"a" * 32, b"b" * 32, b"c" * 32])))
def test_equal_entries_are_numbered(digests: list[bytes]) -> None:
    """Keys are all different, and a file with more lines has the keys of the one with fewer among its own."""

    def keys(some: list[bytes]) -> list[str]:
        repeats = Repeats()
        for digest in some:
            repeats.note(digest)
        return [repeats.key(digest, later=False) for digest in some]

    found = keys([*digests, b"a" * 32])
    assert len(digests) + 1 == len(set(found))
    assert set(keys(digests)) < set(found)
    assert {64} == {len(key) for key in found}


def test_two_readings_of_one_time_are_two_entries() -> None:
    """In whichever order they come."""
    repeats = Repeats()
    for _ in range(2):
        repeats.note(b"a" * 32)
    alone = Repeats()
    alone.note(b"a" * 32)

    first, later = (repeats.key(b"a" * 32, later=which) for which in (False, True))

    assert first != later == alone.key(b"a" * 32, later=True)


def shown(moment: Moment) -> str:
    """Return a moment as people write it, in UTC."""
    return datetime.fromtimestamp(moment.seconds, UTC).strftime("%H:%M")


@pytest.mark.parametrize(
    ("start", "minutes", "end", "expected"),
    [
        ("2026-01-05 09:00", 30, "2026-01-05 09:30", "08:00"),
        ("2026-03-29 02:30", 30, None, "01:30"),  # skipped: forward by the gap
        ("2026-03-29 01:45", 30, "2026-03-29 03:15", "00:45"),  # over the gap
        ("2026-10-25 02:30", 60, None, "00:30"),  # twice: the first
        ("2026-10-25 02:30", 60, "2026-10-25 02:30", "00:30"),
        ("2026-10-25 02:30", 60, "2026-10-25 03:30", "01:30"),
        ("2026-10-25 02:30", 10, "2026-10-25 02:40", "00:30"),  # nothing tells: the first
        ("2026-10-25 02:30", 60, "2026-10-25 07:00", "00:30"),  # neither: the first
    ],
)
def test_the_end_tells_which_of_two_readings_was_meant(
    start: str, minutes: int, end: str | None, expected: str
) -> None:
    """A time that the clock skipped moves forward by the gap."""
    ended = datetime.fromisoformat(end) if end else None

    assert expected == shown(moment_of(datetime.fromisoformat(start), BERLIN, minutes * 60, ended))


@given(
    st.datetimes(*(datetime.fromisoformat(day) for day in ("1971-01-01", "2100-01-01")), timezones=st.timezones()),
    st.integers(3601 * 3, 200 * 3600),
)
def test_what_a_clock_showed_is_read_back(moment, seconds: int) -> None:
    """Start, duration and end give back the moment wherever they can."""
    moment = moment.astimezone(UTC).replace(microsecond=0).astimezone(moment.tzinfo)
    ended = (moment.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(moment.tzinfo)

    found = moment_of(moment.replace(tzinfo=None, fold=0), moment.tzinfo, seconds, ended.replace(tzinfo=None))

    again = datetime.fromtimestamp(found.seconds, UTC).astimezone(moment.tzinfo)
    assert moment.replace(tzinfo=None) == again.replace(tzinfo=None)
    if not _repeated(ended):
        assert int(moment.timestamp()) == found.seconds


def _repeated(local: datetime) -> bool:
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
