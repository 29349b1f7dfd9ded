"""Documents of time entries as columns."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.generation.store import time_entry_columns
from services.generation.store.bson_columns import Documents, OtherShape, elements
from services.generation.store.time_entry_columns import EntryColumns
from services.generation.timetracking.entries import NO_RATE, Coded, Entries
from tests.builders.time_entries import EntryRow

START = datetime(2024, 1, 31, 12, tzinfo=UTC)

entries = st.builds(
    EntryRow,
    id=st.integers(1, 2**31 - 1),
    user_id=st.integers(1, 2**31 - 1),
    start=st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    seconds=st.integers(0, 3_596_400),
    project_id=st.none() | st.integers(1, 2**40),
    task_id=st.none() | st.integers(1, 9),
    tag_ids=st.lists(st.integers(1, 4), unique=True).map(lambda tags: tuple(sorted(tags))),
    description=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20),
    billable=st.booleans(),
    rate_cents=st.none() | st.integers(0, 10**10),
    currency=st.sampled_from([None, "EUR", "USD"]),
    update_time=st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
)


def stored(entry: EntryRow) -> dict[str, Any]:
    return entry.document(7, START)


def raw(documents: Sequence[dict[str, Any]]) -> Documents:
    """Return documents as they come from MongoDB: in an array of a reply."""
    reply = bson.encode({"cursor": {"firstBatch": documents, "id": 5}, "ok": 1.0})
    (cursor,) = (start for name, start, _ in elements(reply) if name == b"cursor")
    (batch,) = (edges for name, *edges in elements(reply, cursor) if name == b"firstBatch")
    return Documents.in_array(reply, *batch)


def value(column: Coded[Any], row: int) -> Any:
    return column.values[column.codes[row]]


def rows(columns: Entries) -> list[EntryRow]:
    return [
        EntryRow(
            id=int(columns.id[row]),
            user_id=int(columns.user_id[row]),
            start=datetime.fromtimestamp(int(columns.start_s[row]), UTC),
            seconds=int(columns.seconds[row]),
            project_id=int(columns.project_id[row]) or None,
            task_id=int(columns.task_id[row]) or None,
            tag_ids=value(columns.tag_ids, row),
            description=value(columns.description, row),
            billable=bool(columns.billable[row]),
            rate_cents=None if columns.rate_cents[row] == NO_RATE else int(columns.rate_cents[row]),
            currency=value(columns.currency, row) or None,
            update_time=datetime.fromtimestamp(int(columns.update_s[row]), UTC),
        )
        for row in range(len(columns))
    ]


@given(st.lists(st.lists(entries, min_size=1, max_size=5), max_size=3))
def test_columns_hold_what_documents_hold(batches: list[list[EntryRow]]) -> None:
    """However the entries are cut into batches; no value of a coded column is there twice."""
    run = EntryColumns()
    for batch in batches:
        run.add(raw([stored(one) for one in batch]))
    columns = run.entries()

    assert [one for batch in batches for one in batch] == rows(columns)
    for column in (columns.description, columns.tag_ids, columns.currency):
        assert len(set(column.values)) == len(column.values)


def test_what_somebody_changed_by_hand_is_read_all_the_same() -> None:
    """Fields in another order, whole numbers as doubles, and tags out of order."""
    entry = EntryRow(1, 2, START, 60, 3, tag_ids=(4, 5), description="a", rate_cents=5000, update_time=START)
    changed = stored(entry) | {"seconds": 60.0, "hourly_rate_cents": 5000.0, "tag_ids": [5.0, 4.0]}
    run = EntryColumns()
    run.add(raw([stored(entry), dict(reversed(changed.items()))]))

    found = run.entries()

    assert [entry, entry] == rows(found)
    assert [(4, 5)] == found.tag_ids.values


def test_runs_of_a_reader_share_their_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until there are too many of them."""
    monkeypatch.setattr(time_entry_columns, "MOST_SHARED", 2)
    reader, found = EntryColumns({"description"}), []
    for word in "abcd":
        reader.add(raw([stored(EntryRow(1, 2, START, 60, description=word))]))
        found.append(reader.entries().description)

    assert ["a", "b", "c", "d"] == [value(column, 0) for column in found]
    assert [True, True, False] == [found[0].values is column.values for column in found[1:]]


def test_columns_that_are_not_asked_for_are_empty() -> None:
    """They need not even be there, if they are the last."""
    entry = EntryRow(1, 2, START, 60, tag_ids=(4,), description="a", update_time=START + timedelta(hours=1))
    document = stored(entry)
    run = EntryColumns({"user_id", "seconds"})
    run.add(raw([{name: document[name] for name in document if name not in ("description", "tag_ids")}] * 2))
    found = run.entries()

    assert ([2, 2], [60, 60], [0, 0], [0, 0]) == tuple(
        column.tolist() for column in (found.user_id, found.seconds, found.id, found.start_s)
    )
    assert ([""], [()]) == (list(found.description.values), list(found.tag_ids.values))
    assert [0, 0] == found.tag_ids.codes.tolist()


@pytest.mark.parametrize("other", [{"b": 1}, {"a": 1.5}, {"a": "1"}, {}, {"ab": 1}])
def test_other_shapes_are_noticed(other: dict[str, Any]) -> None:
    """A field of another name or type is never taken for the one asked for."""
    with pytest.raises(OtherShape):
        raw([{"a": 1}, other]).numbers("a")
