"""Groups of a summary by time, tags and whether time is billable."""

from typing import Any

import pytest

from services.generation.timetracking.parameters import SummaryParams
from services.generation.timetracking.summaries import SummaryFold
from services.generation.timetracking.summary_groups import SummaryGroup
from services.generation.timetracking.time_report import OfWorkspace
from services.generation.words.weekdays import MONDAY
from tests.builders.time_entries import EntryRow, directory, entries, entry
from tests.builders.time_report_service import run
from tests.builders.tracked_time import ready
from tests.fakes.time_entries import MemoryTimeEntries

SUNDAY = 6
URGENT, CALM = 3, 4
WORK: tuple[EntryRow, ...] = (
    entry(id=1, start="2026-05-30T10:00:00Z", seconds=600, description="a", tags=[URGENT], project=7, billable=True),
    entry(id=2, start="2026-05-31T10:00:00Z", seconds=1200, description="b", tags=[URGENT, CALM]),
    entry(id=3, start="2026-06-01T10:00:00Z", seconds=1800, description="c", tags=[URGENT, CALM]),
    entry(id=4, start="2026-06-02T10:00:00Z", seconds=2400, description="d"),
)


def groups(by: Any, week_start: int = MONDAY, **params: Any) -> list[SummaryGroup]:
    """Return the groups of the work."""
    fold = SummaryFold(SummaryParams(grouping=by, **params), directory(), week_start)
    fold.add(ready(entries(*WORK), directory()))
    return fold.result()


def seconds(found: list[SummaryGroup]) -> dict[str, int]:
    """Return the seconds of groups by title."""
    return {group.title: group.seconds for group in found}


@pytest.mark.parametrize(
    ("expected", "by"),
    [
        ({"2026-05-30": 600, "2026-05-31": 1200, "2026-06-01": 1800, "2026-06-02": 2400}, "days"),
        ({"2026-05-25": 1800, "2026-06-01": 4200}, "weeks"),
        ({"2026-05": 1800, "2026-06": 4200}, "months"),
        ({"billable": 600, "non-billable": 5400}, "billable"),
        ({"calm, urgent": 3000, "urgent": 600, "": 2400}, "tags"),
    ],
)
@pytest.mark.parametrize("sub", ["time_entries", "users"])
def test_time_tags_and_money_are_groups(expected: dict[str, int], by: str, sub: str) -> None:
    """They have no id; tags are the whole set of an entry, so that groups add up, and no tags come last."""
    found = groups(by, sub_grouping=sub)

    assert list(expected.items()) == list(seconds(found).items())
    assert {None} == {group.id for group in found}


@pytest.mark.parametrize("by", ["days", "weeks", "months", "billable", "tags"])
def test_sub_groups_have_the_same_titles(by: str) -> None:
    """An entry without tags has no title."""
    found = groups("users", sub_grouping=by)

    parts = [(part.title, part.seconds) for group in found for part in group.sub_groups]
    assert [(title or None, time) for title, time in seconds(groups(by)).items()] == parts


def test_weeks_begin_on_the_weekday_of_the_account() -> None:
    """On Sundays the 31st of May begins one."""
    assert {"2026-05-24": 600, "2026-05-31": 5400} == seconds(groups("weeks", SUNDAY))


@pytest.mark.parametrize("by", ["days", "weeks", "months"])
def test_time_ascends_whatever_the_order_of_titles(by: str) -> None:
    """As groups and as sub-groups; by duration it takes its place."""
    assert list(seconds(groups(by)).items()) == list(seconds(groups(by, order_dir="DESC")).items())
    (first,) = groups("users", sub_grouping=by, order_dir="DESC")
    titles = [part.title for part in first.sub_groups]
    assert sorted(titles, key=str) == titles
    longest = groups(by, order_by="duration", order_dir="DESC")
    assert sorted([group.seconds for group in longest], reverse=True) == [group.seconds for group in longest]


def test_groups_by_tags_tell_ids_and_names_in_the_order_of_names() -> None:
    """Those of an entry without tags are empty lists."""
    tags = [group.tags for group in groups("tags")]

    assert [((CALM, URGENT), ("calm", "urgent")), ((URGENT,), ("urgent",)), ((), ())] == [
        (one.ids, one.names) for one in tags if one
    ]


def test_days_are_those_of_the_entrys_member() -> None:
    """Half past eleven in the evening is the next day in Berlin, and still the same one in New York."""
    late = "2026-06-01T22:30:00Z"
    fold = SummaryFold(SummaryParams(grouping="days"), directory())
    fold.add(ready(entries(entry(start=late, seconds=1), entry(start=late, seconds=2, user=12)), directory()))

    assert {"2026-06-01": 2, "2026-06-02": 1} == seconds(fold.result())


async def asked(**params: Any) -> dict[str, int]:
    """Return the seconds of the groups of a summary over four days, after a look at whether its totals are theirs."""
    source = OfWorkspace(1, "summary", {"start_date": "2026-05-30", "end_date": "2026-06-02", **params})
    report, found = await run(MemoryTimeEntries.of(*WORK), source)
    assert report.totals
    assert sum(group.seconds for group in found) == report.totals.seconds
    return seconds(found)


@pytest.mark.parametrize(
    ("expected", "params"),
    [
        ({"2026-06-01": 1800, "2026-06-02": 2400}, {"grouping": "days"}),
        ({"2026-06-01": 4200}, {"grouping": "weeks"}),
        ({"2026-06": 4200}, {"grouping": "months"}),
        ({"non-billable": 5400}, {"grouping": "billable"}),
        ({"calm, urgent": 3000, "": 2400}, {"grouping": "tags"}),
    ],
)
async def test_an_audit_chooses_among_all_groups(expected: dict[str, int], params: Any) -> None:
    """Totals are those of the groups that are shown."""
    bounds = {"min_duration_seconds": 1801} if params["grouping"] != "days" else {"min_duration_seconds": 1800}

    assert expected == await asked(audit={"group_filter": bounds}, **params)


@pytest.mark.parametrize(
    ("expected", "params"),
    [
        ({"2026-05-30": 600, "2026-05-31": 0, "2026-06-01": 0, "2026-06-02": 0}, {"grouping": "days"}),
        ({"billable": 600, "non-billable": 0}, {"grouping": "billable"}),
        ({"billable": 600}, {"grouping": "billable", "billable": True}),
        ({"urgent": 600}, {"grouping": "tags"}),
    ],
)
async def test_empty_groups_are_all_days_and_words(expected: dict[str, int], params: Any) -> None:
    """There is no end of sets of tags."""
    assert expected == await asked(audit={"show_empty_groups": True}, project_ids=[7], **params)
