"""Ids as a short text."""

from services.generation.domain.plain_text import ids_text


def test_many_ids_are_listed_whole_as_far_as_there_is_room() -> None:
    """No id is cut into another one."""
    assert "4, 6-8, 10" == ids_text([10, 8, 6, 7, 4])
    assert ("1, 3, ...", "1, 3, 5") == (ids_text(range(1, 99, 2), 9), ids_text([5, 3, 1], 9))
    assert all(len(ids_text(range(1, count, 2), 40)) <= 40 for count in range(2, 200))
