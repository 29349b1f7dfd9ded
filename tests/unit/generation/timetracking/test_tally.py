from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from services.generation.domain.columnar import Ints
from services.generation.timetracking.entries import Coded
from services.generation.timetracking.tally import Codebook, Tally, mapped, numbered, summed

ids = st.integers(0, 5) | st.integers(2**31 - 3, 2**31 - 1) | st.integers(-2, 2**62)
tables = st.lists(st.tuples(ids, ids, ids, st.integers(0, 2**40)), max_size=30)


@given(st.lists(tables, max_size=3))
def test_sums_by_key_are_those_of_a_dictionary(runs: list[list[tuple[int, int, int, int]]]) -> None:
    """Whatever the ids are like and however the rows come, equal keys are one, in ascending order."""
    expected: Counter[tuple[int, ...]] = Counter()
    tally = Tally()
    for run in runs:
        *keys, sums = np.array(run, np.int64).reshape(-1, 4).T
        tally.add(keys, [sums])
        for *key, value in run:
            expected[*key,] += value

    assert [(*key, expected[key]) for key in sorted(expected)] == tally.rows()


def test_a_tally_holds_no_more_than_its_keys() -> None:
    """A million rows with ten keys are kept as ten once enough have come."""
    tally = Tally()
    for _ in range(50):
        tally.add([np.arange(20_000) % 10], [np.ones(20_000, np.int64)])

    assert sum(len(run) for run in tally._keys[0]) < 200_000
    assert [(key, 100_000) for key in range(10)] == tally.rows()


def test_asking_twice_gives_the_same() -> None:
    """A result is no end: more can be added after it."""
    tally = Tally()
    tally.add([np.array([1, 2])], [np.array([10, 20])])

    assert tally.rows() == tally.rows()
    tally.add([np.array([2])], [np.array([1])])
    assert [(1, 10), (2, 21)] == tally.rows()


def test_sums_past_what_floats_hold_are_exact() -> None:
    """Whole numbers stay whole numbers."""
    assert [2**60 + 1, 0] == summed(np.array([0, 0]), np.array([2**60, 1]), 2).tolist()


@given(st.lists(ids, max_size=20))
def test_a_look_is_asked_for_distinct_values(values: list[int]) -> None:
    """Each value gets what the look says of it."""
    asked: list[int] = []

    def half(distinct: Ints) -> Ints:
        asked.extend(distinct.tolist())
        return distinct // 2

    assert [value // 2 for value in values] == mapped(np.array(values, np.int64), half).tolist()
    assert sorted(set(values)) == asked


def test_rows_are_numbered_in_their_order() -> None:
    """The number of a row is its place among the distinct ones."""
    codes, count = numbered([np.array([2, 1, 2, 1]), np.array([5, 9, 4, 9])])

    assert ([2, 0, 1, 0], 3) == (codes.tolist(), count)


def test_a_codebook_knows_words_of_all_columns_by_one_number() -> None:
    """Words that a column lists but no row has are not in it."""
    book = Codebook[str]()
    first = book.codes(Coded(np.array([1, 0], np.int32), ["a", "b", "unused"]))
    second = book.codes(Coded(np.array([0, 0], np.int32), ["b"]))

    assert ["b", "a"] == [book.values[code] for code in first.tolist()]
    assert ["b", "b"] == [book.values[code] for code in second.tolist()]
    assert ["a", "b"] == sorted(book.values)
