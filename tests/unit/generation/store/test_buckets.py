"""Points go into buckets and come out the same."""

import numpy as np
from bson import BSON
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.samples import merged
from services.generation.inputs.points import POINTS
from services.generation.store.buckets import CAPACITY, FULL, documents_of, samples_of
from tests.builders.points import DAY_MS, MONDAY_MS, assert_same, drive

reading = st.one_of(
    st.sampled_from([float("nan"), -128.0, -32768.0, 127.0, 128.0, 40_000.0, 0.1, 1e300, 16_777_217.0]),
    st.floats(allow_nan=True, allow_infinity=False),
)
moment = st.integers(MONDAY_MS, MONDAY_MS + 3 * DAY_MS)


@given(st.lists(st.tuples(moment, reading, reading), max_size=30))
def test_buckets_hold_points_exactly(rows: list[tuple[int, float, float]]) -> None:
    """Packing is exact for whole, short and long numbers, known or not, and for any mix of days."""
    time_ms, lat, speed = zip(*rows, strict=True) if rows else ((), (), ())
    points = merged(POINTS.samples(time_ms, lat=lat, speed_kmh=speed))
    documents = [BSON.encode(document).decode() for document in documents_of(POINTS, 1, points)]

    assert_same(points, samples_of(POINTS, documents))


def test_a_bucket_stays_within_its_day() -> None:
    """Points around midnight go to two buckets, each named after its UTC day."""
    documents = documents_of(POINTS, 1, drive(4, start_ms=MONDAY_MS - 2, step_ms=1))

    assert [2, 2] == [document["count"] for document in documents]
    assert ["2024-03-03", "2024-03-04"] == [f"{document['day']:%F}" for document in documents]


def test_a_bucket_has_a_greatest_size() -> None:
    """A long day is cut evenly, so that no crumb is left to be merged."""
    documents = documents_of(POINTS, 1, drive(CAPACITY + 1, step_ms=1))

    assert [CAPACITY // 2 + 1, CAPACITY // 2] == [document["count"] for document in documents]
    assert not any("tier" in document for document in documents)


def test_a_small_bucket_waits_to_be_merged() -> None:
    """Fewer points than half a bucket carry the tier."""
    assert [2] == [document["tier"] for document in documents_of(POINTS, 1, drive(FULL - 1), tier=2)]


def test_a_column_nobody_knows_takes_no_room() -> None:
    """Unknown columns are absent, whole numbers take a byte or two."""
    columns = documents_of(POINTS, 1, drive(400, altitude_m=None))[0]["columns"]

    assert "altitude_m" not in columns
    assert (1600, 400, 800) == (len(columns["time"]), len(columns["satellites"]), len(columns["heading"]))


def test_equal_buckets_have_equal_ids() -> None:
    """The id tells tracker, tier, moments and values apart, and nothing else."""
    points = drive(5)
    ids = {
        documents_of(POINTS, tracker, some, tier)[0]["_id"]
        for tracker, some, tier in [
            (1, points, 0),
            (1, drive(5), 0),
            (2, points, 0),
            (1, points, 1),
            (1, drive(5, start_ms=MONDAY_MS + 1), 0),
            (1, drive(5, speed_kmh=None), 0),
            (1, drive(5, speed_kmh=np.zeros(5)), 0),
        ]
    }

    assert 6 == len(ids)
