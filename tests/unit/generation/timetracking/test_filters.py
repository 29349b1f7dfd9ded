"""From what is asked to which entries are read."""

from typing import Any

from daybook.input.v1.workspace_pb2 import Client, Group

from services.generation.timetracking.filters import Choice, Filter, filter_of
from services.generation.timetracking.parameters import Params
from services.generation.timetracking.query import TimeReportQuery
from tests.builders.time_entries import ACME, ANN, BOB, INSIDE, changed, days, directory

CARL = changed(BOB, user_id=13, name="Carl", email="carl@example.com", inactive=True)
CREW = Group(id=31, name="Crew", user_ids=[12])
IDLE = Client(id=6, name="Idle")
STUDIO = directory(members=(ANN, BOB, CARL), clients=(ACME, IDLE), groups=(CREW,))


def kept(**asked: Any) -> Filter | None:
    """Return the filter over one day of January for what is asked."""
    return filter_of(TimeReportQuery(Params(**asked), days("2026-01-05")), STUDIO)


def people(**asked: Any) -> set[int]:
    """Return whose entries are read."""
    found = kept(**asked)
    return {user_id for span in found.spans for user_id in span.user_ids} if found else set()


def projects(**asked: Any) -> Choice | None:
    """Return which projects are read."""
    found = kept(**asked)
    assert found
    return found.projects


def test_without_filters_everybody_counts_former_members_too() -> None:
    """Who was deactivated worked all the same."""
    assert {11, 12, 13} == people()


def test_people_and_groups_are_a_union() -> None:
    """Members chosen by id and members of chosen groups count; whom nobody knows is passed over."""
    assert {11, 12} == people(user_ids=[11, 99], group_ids=[31, 99])
    assert {12} == people(group_ids=[31])


def test_each_zone_has_its_own_span() -> None:
    """Monday begins in Berlin six hours before it begins in New York."""
    found = kept()

    assert found
    assert {(11,): 0, (12, 13): 6 * 3600} == {
        span.user_ids: span.from_s - min(one.from_s for one in found.spans) for span in found.spans
    }


def test_clients_become_their_projects() -> None:
    """Entries know projects only; [null] is no project, or one without a client."""
    assert Choice(frozenset({7})) == projects(client_ids=[5])
    assert Choice(frozenset({8}), none=True) == projects(client_ids=[None])
    assert Choice(frozenset({7, 8}), none=True) == projects(client_ids=[5, None])


def test_both_clients_and_projects_must_keep() -> None:
    """Entries that only one of the two filters keeps are left out."""
    both = projects(client_ids=[5, None], project_ids=[7, 9, None])

    assert Choice(frozenset({7}), none=True) == both
    assert Choice(frozenset({8})) == projects(client_ids=[None], project_ids=[8])


def test_an_empty_list_keeps_all() -> None:
    """As if it were absent; a filter without people names that no member is left out."""
    found = kept(client_ids=[], project_ids=[], task_ids=[], tag_ids=[], user_ids=[], group_ids=[], time_entry_ids=[])

    assert kept() == found
    assert [True, False] == [one.all_members for one in (found, kept(user_ids=[11])) if one]


def test_what_can_keep_nothing_is_not_read() -> None:
    """A client without projects, a project of another client, unknown people."""
    assert kept(client_ids=[IDLE.id]) is None
    assert kept(client_ids=[ACME.id], project_ids=[INSIDE.id]) is None
    assert kept(user_ids=[99]) is None


def test_everything_else_passes_as_asked() -> None:
    """Tasks, tags, words, durations and billable are the store's to filter."""
    found = kept(
        task_ids=[21],
        tag_ids=[None],
        billable=False,
        description="x",
        min_duration_seconds=1,
        max_duration_seconds=9,
        time_entry_ids=[900],
    )

    assert found
    assert Choice(frozenset({21})) == found.tasks
    assert ((Choice(none=True),), frozenset({900})) == (found.tags, found.entry_ids)
    assert (False, ("x",), 1, 9) == (found.billable, found.descriptions, found.min_seconds, found.max_seconds)
    assert 1 == found.workspace_id
