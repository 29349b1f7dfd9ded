"""Commands for workspaces, and for clients and projects by name, against the services on MongoDB."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from daybook.input.v1 import workspace_pb2 as pb

from services.cli import work_items
from services.cli.client import Access
from services.cli.errors import CommandFailed
from services.cli.work_items import Named
from services.cli.workspaces import change
from tests.integration.generation.input_services import inputs_on
from tests.integration.generation.services import Client
from tests.integration.generation.studio import OWNER, Studio

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
async def client(db: Any) -> AsyncIterator[Client]:
    """Give a client of the services."""
    async with inputs_on(db) as running:
        yield running


@pytest.fixture
async def studio(client: Client) -> Studio:
    """Give a studio with the client Beta beside Acme, which both have a project Web, and Web without a client."""
    made = Studio(client)
    await made.furnish()
    (beta,) = (await made.put(clients=[pb.Client(name="Beta")])).ids
    (acme,) = [one.id for one in await made.listed("clients", text="Acme")]
    await made.put(projects=[pb.Project(name="Web", client_id=one) for one in (acme, beta, 0)])
    return made


@pytest.fixture
def access(client: Client, monkeypatch: pytest.MonkeyPatch) -> Access:
    """Give the way to the services, which commands find, too."""
    way = Access(client.address, "", "secret")
    monkeypatch.setattr(work_items, "find_access", lambda _data_dir: way)
    return way


def named(kind: str, client: str = "", workspace: str = "Studio") -> Named:
    """Return the clients or projects of Ann's workspace."""
    return Named(kind, workspace, OWNER, None, client)


@pytest.mark.usefixtures("studio", "access")
async def test_projects_are_listed_whole_or_of_a_client() -> None:
    """A client that is not there is told, and so is a workspace."""
    assert ["Acme", "Beta"] == [one.name for one in await named("clients").listed()]
    assert ["Site", "Web", "Web", "Web"] == [one.name for one in await named("projects").listed()]
    assert ["Site", "Web"] == [one.name for one in await named("projects", "Acme").listed()]
    with pytest.raises(CommandFailed, match="there is no client 'Gone'"):
        await named("projects", "Gone").listed()
    with pytest.raises(CommandFailed, match="Nowhere"):
        await named("projects", workspace="Nowhere").listed()


@pytest.mark.usefixtures("access")
async def test_a_project_is_changed_that_its_name_and_client_tell(studio: Studio) -> None:
    """A name that several have changes none of them; a part of a name is no name."""
    with pytest.raises(CommandFailed, match="several projects are called 'Web': name their --client"):
        await named("projects").change("Web", {"archived": True})
    with pytest.raises(CommandFailed, match="there is no project 'We'"):
        await named("projects").change("We", {"archived": True})

    changed = await named("projects", "Beta").change("Web", {"estimated_seconds": 7200, "archived": True})

    assert (7200, True) == (changed.estimated_seconds, changed.archived)
    assert [changed.id] == [one.id for one in await studio.listed("projects") if one.archived]
    unset = await named("projects", "Beta").change("Web", {"budget_cents": 500}, ("estimated_seconds",))
    assert (500, False) == (unset.budget_cents, unset.HasField("estimated_seconds"))


@pytest.mark.usefixtures("access")
async def test_clients_that_projects_refer_to_are_deleted_on_demand_only(studio: Studio) -> None:
    """All names or none; those that are detached keep their projects, unless two would have one name then."""
    (gamma,) = (await studio.put(clients=[pb.Client(name="Gamma")])).ids
    await studio.put(projects=[pb.Project(name="Shop", client_id=gamma)])
    for names, told in ((["Acme", "Gamma"], "3 projects would lose their client"), (["Gamma", "Gone"], "'Gone'")):
        with pytest.raises(CommandFailed, match=told):
            await named("clients").delete(names, detach=False)
    with pytest.raises(CommandFailed, match="must not be of a client whose projects have the name of others"):
        await named("clients").delete(["Acme"], detach=True)
    assert 3 == len(await studio.listed("clients"))

    assert 1 == await named("clients").delete(["Gamma"], detach=True)

    assert ["Acme", "Beta"] == [one.name for one in await named("clients").listed()]
    assert [0] == [one.client_id for one in await studio.listed("projects") if one.name == "Shop"]


async def test_settings_of_a_workspace_are_changed_one_by_one(studio: Studio, access: Access) -> None:
    """Fields that are not named stay as they are, the logo among them; a workspace of another owner is not found."""
    assert (await change(access, "Studio", OWNER, {"members_see_amounts": True})).members_see_amounts
    changed = await change(access, "Studio", OWNER, {"members_see_others": False, "logo": PNG})

    assert (studio.id, "Studio", True) == (changed.id, changed.name, changed.members_see_amounts)
    assert (True, False, "USD") == (
        changed.HasField("members_see_others"),
        changed.members_see_others,
        changed.currency_code,
    )
    with pytest.raises(CommandFailed, match="Atelier"):
        await change(access, "Atelier", OWNER, {"members_see_amounts": True})
    with pytest.raises(CommandFailed, match="logo"):
        await change(access, "Studio", OWNER, {"logo": b"no picture"})
