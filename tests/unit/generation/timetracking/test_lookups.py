"""Look-ups in a workspace, as each of its members sees it."""

import pytest

from services.errors import DaybookError, NotAuthenticated, WrongCredentials
from services.errors.workspaces import WorkspaceNotFound
from services.generation.accounts.authentication import Principal
from services.generation.timetracking.lookups import ProjectQuery, SeenProject
from services.generation.words.language import Locale
from tests.builders.lookups import ANN_CALLS, BOSS_CALLS, LEFT_CALLS, OPERATOR, STRANGER_CALLS, lookup_service
from tests.builders.people import user

ALL = slice(None)


async def found(caller: Principal = BOSS_CALLS, part: slice = ALL, **filters: object) -> list[SeenProject]:
    """Return projects of the studio."""
    return await lookup_service().projects(1, caller, ProjectQuery(**filters), part)  # type: ignore[arg-type] # by name


async def test_lists_are_ordered_by_name() -> None:
    """Letters' case apart."""
    lookups = lookup_service()
    tags, owner_id = await lookups.tags(1, ANN_CALLS, "")

    assert ["Attic", "studio"] == [one.workspace.name for one in await lookups.workspaces(BOSS_CALLS)]
    assert ["Acme", "beta"] == [one.name for one in await lookups.clients(1, ANN_CALLS, "", None)]
    assert (["Draft", "ui"], 1) == ([one.name for one in tags], owner_id)
    assert ["ann", "Bob", "Boss"] == [one.name for one in await lookups.members(1, ANN_CALLS, active_only=False)]
    assert ["audit", "Inside", "Website"] == [one.project.name for one in await found()]
    assert ["Website", "Inside"] == [one.project.name for one in await found(part=slice(0, 2), descending=True)]


@pytest.mark.parametrize(
    ("expected", "locale"),
    [("Äpfel apple Öl Zebra", "de"), ("apple Zebra Äpfel Öl", "sv"), ("Äpfel apple Öl Zebra", "")],
)
async def test_names_are_in_the_order_of_the_callers_language(expected: str, locale: str) -> None:
    """In English for an operator, which has none."""
    caller = Principal(user(id=1, login="1@example.com", person_id=1, locale=Locale(locale))) if locale else OPERATOR
    names = ("Zebra", "Öl", "apple", "Äpfel")
    tags, _owner = await lookup_service(tag_names=names).tags(1, caller, "")

    assert expected.split() == [one.name for one in tags]


@pytest.mark.parametrize(
    ("expected", "filters"),
    [
        ([7], {"archived": False}),
        ([8, 9], {"archived": True}),
        ([9, 7], {"name": "SI"}),
        ([8], {"client_ids": frozenset({6})}),
        ([9], {"project_ids": frozenset({9})}),
        ([7], {"billable": True}),
        ([8, 9], {"billable": False}),
    ],
)
async def test_a_project_is_listed_that_all_filters_keep(expected: list[int], filters: dict[str, object]) -> None:
    """Those of an archived client are archived."""
    assert expected == [one.project.id for one in await found(**filters)]


async def test_a_page_past_the_end_is_empty() -> None:
    assert [] == await found(part=slice(3, 6))


async def test_projects_tell_their_time_client_colour_and_currency() -> None:
    """The time of all members, also of those who left."""
    [audit, inside, website] = await found()

    assert (7200, 0, 5400) == (audit.actual_seconds, inside.actual_seconds, website.actual_seconds)
    assert ("Acme", "", "beta") == (audit.client_name, inside.client_name, website.client_name)
    assert ("USD", "EUR") == (audit.project.currency_code, inside.project.currency_code)
    assert website.project.color.startswith("#")


async def test_money_is_for_admins_and_for_members_who_may_see_it() -> None:
    """Whether a project is billable is no secret."""
    assert not (await lookup_service().workspace(1, ANN_CALLS)).workspace.HasField("hourly_rate_cents")
    open_studio = lookup_service(members_see_amounts=True)
    assert 4050 == (await open_studio.workspace(1, ANN_CALLS)).workspace.hourly_rate_cents
    for lookups, caller, shown in (
        (lookup_service(), BOSS_CALLS, True),
        (lookup_service(), OPERATOR, True),
        (lookup_service(), ANN_CALLS, False),
        (open_studio, ANN_CALLS, True),
    ):
        website = (await lookups.projects(1, caller, ProjectQuery(), ALL))[-1]
        money = [website.project.HasField("hourly_rate_cents"), website.project.HasField("fixed_fee_cents")]
        assert ([shown, shown], True) == (money, website.billable)


async def test_members_who_do_not_see_others_see_themselves_and_their_time() -> None:
    lookups = lookup_service(members_see_others=False)

    assert ["ann"] == [one.name for one in await lookups.members(1, ANN_CALLS, active_only=False)]
    assert ["ann", "Boss"] == [one.name for one in await lookups.members(1, BOSS_CALLS, active_only=True)]
    seconds = {one.project.id: one.actual_seconds for one in await lookups.projects(1, ANN_CALLS, ProjectQuery(), ALL)}
    assert {7: 3600, 8: 0, 9: 0} == seconds


@pytest.mark.parametrize(
    ("caller", "error"),
    [(None, NotAuthenticated), (STRANGER_CALLS, WorkspaceNotFound), (LEFT_CALLS, WorkspaceNotFound)],
)
async def test_a_workspace_is_for_its_active_members(caller: Principal | None, error: type[DaybookError]) -> None:
    lookups = lookup_service()
    for call in (
        lookups.workspace(1, caller),
        lookups.clients(1, caller, "", None),
        lookups.tags(1, caller, ""),
        lookups.members(1, caller, active_only=True),
        lookups.projects(1, caller, ProjectQuery(), ALL),
    ):
        with pytest.raises(error):
            await call


async def test_operators_have_no_workspaces_of_their_own() -> None:
    """Those who left one do not list it either."""
    with pytest.raises(WrongCredentials):
        await lookup_service().workspaces(OPERATOR)
    assert [] == await lookup_service().workspaces(LEFT_CALLS)
