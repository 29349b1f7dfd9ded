from datetime import UTC, datetime

import numpy as np

from services.generation.timetracking.detailed_rows import DetailedRows, rows_of
from services.generation.words.time_zones import offsets_s
from tests.builders.time_entries import directory, entries, entry
from tests.builders.tracked_time import ready


def made() -> DetailedRows:
    """Return four rows from number 5, the second of two entries."""
    those = (entry(start=f"2026-01-0{day}T09:00:00Z", seconds=day * 60, description=str(day)) for day in range(1, 6))
    return rows_of(ready(entries(*those), directory()), np.array([1, 3, 4, 5]), 5, offsets_s, directory(), True)


def wall_s(text: str) -> float:
    """Return what a clock showed at a moment, in seconds since 1970."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_rows_are_looked_at_one_by_one_or_some_together() -> None:
    """A slice keeps the rows' numbers and entries, whichever it takes."""
    rows = made()
    whole = list(rows)

    assert [(5, "1", 1), (6, "2", 2), (7, "4", 1), (8, "5", 1)] == [
        (row.row_number, row.description, len(row.time_entries)) for row in whole
    ]
    assert whole[1:3] == rows[1:3]
    assert whole[::-2] == rows[::-2]
    assert (whole[1], whole[-1]) == (rows[1], rows[-1])
    assert whole[-1] == rows[2:][1]


def test_a_row_is_as_long_as_its_entries() -> None:
    """It begins with the first of them and ends with the last, by their owner's clock."""
    rows = made()[1:3]

    assert [300, 240] == rows.seconds.tolist()
    assert [wall_s(row.time_entries[0].start) for row in rows] == rows.start_s.tolist()
    assert [wall_s(row.time_entries[-1].stop) for row in rows] == rows.stop_s.tolist()
