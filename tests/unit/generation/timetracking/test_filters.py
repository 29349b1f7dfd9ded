"""From what is asked to which entries are read."""

from dataclasses import replace
from typing import Any

from services.generation.timetracking.computation.directory import Client, Group
from services.generation.timetracking.computation.entries import Choice, Filter
from services.generation.timetracking.computation.query import EntryFilter, TimeReportQuery
from services.generation.timetracking.filters import filter_of
from tests.builders.time_entries import ACME, ANN, BOB, INSIDE, days, directory

CARL = replace(BOB, id=13, name="Carl", email="carl@example.com", active=False)
CREW = Group(31, "Crew", (12,))
IDLE = Client(6, "Idle")
STUDIO = directory(members=(ANN, BOB, CARL), clients=(ACME, IDLE), groups=(CREW,))


def kept(**asked: Any) -> Filter | None:
    """Return the filter over one day of January for what is asked."""
    return filter_of(TimeReportQuery("detailed", days("2026-01-05"), EntryFilter(**asked)), STUDIO)


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
    assert {11, 12} == people(user_ids=frozenset({11, 99}), group_ids=frozenset({31, 99}))
    assert {12} == people(group_ids=frozenset({31}))


def test_each_zone_has_its_own_span() -> None:
    """Monday begins in Berlin six hours before it begins in New York."""
    found = kept()

    assert found
    assert {(11,): 0, (12, 13): 6 * 3600} == {
        span.user_ids: span.from_s - min(one.from_s for one in found.spans) for span in found.spans
    }


def test_clients_become_their_projects() -> None:
    """Entries know projects only; [null] is no project, or one without a client."""
    assert Choice(frozenset({7})) == projects(clients=Choice(frozenset({5})))
    assert Choice(frozenset({8}), none=True) == projects(clients=Choice(none=True))
    assert Choice(frozenset({7, 8}), none=True) == projects(clients=Choice(frozenset({5}), none=True))


def test_both_clients_and_projects_must_keep() -> None:
    """What only one of the two filters keeps is left out."""
    both = projects(clients=Choice(frozenset({5}), none=True), projects=Choice(frozenset({7, 9}), none=True))

    assert Choice(frozenset({7}), none=True) == both
    assert Choice(frozenset({8})) == projects(clients=Choice(none=True), projects=Choice(frozenset({8})))


def test_what_can_keep_nothing_is_not_read() -> None:
    """A client without projects, a project of another client, unknown people, an empty list of entries."""
    assert kept(clients=Choice(frozenset({IDLE.id}))) is None
    assert kept(clients=Choice(frozenset({ACME.id})), projects=Choice(frozenset({INSIDE.id}))) is None
    assert kept(user_ids=frozenset({99})) is None
    assert kept(entry_ids=frozenset()) is None
    assert kept(tags=Choice()) is None


def test_everything_else_passes_as_asked() -> None:
    """Tasks, tags, words, durations and billable are the store's to filter."""
    asked = {
        "tasks": Choice(frozenset({21})),
        "tags": Choice(none=True),
        "billable": False,
        "description": "x",
        "min_seconds": 1,
        "max_seconds": 9,
        "entry_ids": frozenset({900}),
    }
    found = kept(**asked)

    assert found
    assert asked == {name: getattr(found, name) for name in asked}
    assert 1 == found.workspace_id
