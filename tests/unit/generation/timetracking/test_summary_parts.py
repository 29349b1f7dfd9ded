from services.generation.timetracking.parameters import SummaryParams
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.summary_groups import SubGroup, SummaryGroup
from tests.builders.time_entries import directory, entries, entry
from tests.builders.tracked_time import ready

MANY = 4_500  # more than are made together


def grouped() -> SummaryGroup:
    """Return a group of many parts, of which each description is told twice."""
    those = [entry(description=f"{place % MANY:04}", seconds=place) for place in range(2 * MANY)]
    fold = SummaryFold(SummaryParams(include_time_entry_ids=True), directory())
    fold.add(ready(entries(*those), directory()))
    (group,) = fold.result()
    return group


def test_parts_come_in_order_however_many_there_are() -> None:
    """Each adds up its own entries and tells their ids."""
    parts = grouped().sub_groups

    assert MANY == len(parts)
    assert [(f"{place:04}", 2 * place + MANY, [place + 1, place + MANY + 1]) for place in range(MANY)] == [
        (part.title, part.seconds, part.entry_ids) for part in parts
    ]


def test_parts_are_looked_at_one_by_one_or_some_together() -> None:
    """They are a sequence like any other, equal to a list of the same."""
    parts = grouped().sub_groups
    whole: list[SubGroup] = list(parts)

    assert whole == parts
    assert whole[:-1] != parts
    assert (whole[7], whole[-1], whole[3:9:2]) == (parts[7], parts[-1], parts[3:9:2])
