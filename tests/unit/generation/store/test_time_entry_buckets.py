"""Time entries packed in buckets."""

from datetime import UTC, datetime
from typing import Any

import bson
import pytest
from bson.codec_options import CodecOptions
from hypothesis import given
from hypothesis import strategies as st

from services.generation.store import time_entry_buckets
from services.generation.store.time_entry_buckets import WEEK_S, BucketColumns, packed, week_of, week_time
from services.generation.timetracking.entries import ALL_COLUMNS, Entries
from tests.builders.time_entries import EntryRow, entries

AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
START_S = week_of(round(datetime(2026, 3, 4, 9, tzinfo=UTC).timestamp()))
moments = st.integers(START_S, START_S + WEEK_S - 1).map(lambda moment_s: datetime.fromtimestamp(moment_s, UTC))
rows = st.builds(
    EntryRow,
    id=st.integers(2, 2**31 - 1),
    user_id=st.integers(1, 300),
    start=moments,
    seconds=st.integers(0, 999 * 3600),
    project_id=st.none() | st.integers(1, 2**31 - 1),
    task_id=st.none() | st.integers(1, 100),
    tag_ids=st.sampled_from([(), (1,), (1, 2**31 - 1), (7, 8, 9)]),
    description=st.text(max_size=8),
    billable=st.booleans(),
    rate_cents=st.none() | st.integers(0, 10**9),
    currency=st.sampled_from([None, "EUR", "JPY"]),
    update_time=moments,
)


def stored(columns: Entries, week_s: int = START_S) -> dict[str, Any]:
    """Return the bucket as MongoDB gives it back."""
    document = {"week": week_time(week_s)} | packed(columns, week_s)
    return bson.decode(bson.encode(document), AWARE)


def lists(columns: Entries) -> dict[str, list[Any]]:
    """Return the values of all columns."""
    plain = {name: getattr(columns, name) for name in ALL_COLUMNS - {"currency", "description", "tag_ids"}}
    coded = {name: getattr(columns, name) for name in ("currency", "description", "tag_ids")}
    return {name: column.tolist() for name, column in plain.items()} | {
        name: [column.values[code] for code in column.codes] for name, column in coded.items()
    }


@given(st.lists(st.lists(rows, max_size=6), min_size=1, max_size=3))
def test_buckets_hold_what_entries_hold(weeks: list[list[EntryRow]]) -> None:
    """Also when a reader has read others before; no value of a coded column is there twice."""
    reader = BucketColumns(ALL_COLUMNS)
    for place, week in enumerate(weeks):
        columns = entries(*week)
        columns.start_s[:] += place * WEEK_S
        found = reader.entries(stored(columns, START_S + place * WEEK_S))

        assert lists(columns) == lists(found)
        for column in (found.currency, found.description, found.tag_ids):
            assert len(set(column.values)) == len(column.values)


def test_columns_that_are_not_asked_for_are_empty() -> None:
    """They need not even be there."""
    bucket = stored(entries(EntryRow(5, 7, datetime.fromtimestamp(START_S, UTC), 60, description="x", billable=True)))
    reader = BucketColumns({"seconds"})
    shown = {name: bucket["columns"][name] for name in bucket["columns"] if f"columns.{name}" in reader.projection}
    found = reader.entries(bucket | {"columns": shown})

    assert {"seconds"} == shown.keys()
    assert ([60], [0], [False]) == (found.seconds.tolist(), found.user_id.tolist(), found.billable.tolist())
    assert [""] == list(found.description.values)


def test_values_are_shared_until_they_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Buckets that are read one after another have one list of texts."""
    monkeypatch.setattr(time_entry_buckets, "MOST_SHARED", 2)
    reader, start = BucketColumns({"description"}), datetime.fromtimestamp(START_S, UTC)
    found = [reader.entries(stored(entries(EntryRow(1, 7, start, 60, description=word)))) for word in "abcd"]

    assert ["a", "b", "c", "d"] == [one.description.values[one.description.codes[0]] for one in found]
    assert [True, True, False] == [found[0].description.values is one.description.values for one in found[1:]]
