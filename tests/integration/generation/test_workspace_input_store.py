"""Inputs of workspaces in the store: the fake and MongoDB alike."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Client, Group, Member, Project, ProjectTask, Tag, TimeEntry
from pymongo import AsyncMongoClient
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from services.errors import InvalidParameters, NotFound
from services.generation.domain.paging import Page
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_store import InputFilter, InputStore
from services.generation.inputs.member_groups import GROUPS
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.inputs.upsert_plan import Outcome
from services.generation.store.mongo_inputs import MongoInputs
from services.runtime.codec import timestamp_of
from tests.builders.time_entries import changed
from tests.fakes.inputs import FakeInputs

NINE = datetime(2024, 5, 1, 9, tzinfo=UTC)
ALL = Page(1000)
HOUR = timedelta(hours=1)
SITE = Project(
    name="Site",
    color="#0b83d9",
    hourly_rate_cents=5000,
    currency_code="EUR",
    estimated_seconds=7200,
    fixed_fee_cents=0,
    start_date="2024-01-01",
    end_date="2024-12-31",
    external_reference="x-1",
)
ENTRY = TimeEntry(
    user_id=7,
    start_time=timestamp_of(NINE),
    seconds=5400,
    project_id=3,
    task_id=4,
    tag_ids=[1, 2],
    description="Ärger\nmit\tTüren",
    billable=True,
    hourly_rate_cents=0,
    currency_code="EUR",
)


@pytest.fixture(params=["fake", "mongo"])
def store(request: pytest.FixtureRequest) -> InputStore:
    return FakeInputs() if request.param == "fake" else MongoInputs(request.getfixturevalue("db"))


async def put(store: InputStore, kind: InputKind[Any], workspace_id: int, *records: Any) -> list[Outcome]:
    return await store.put(kind, workspace_id, [kind.document(record) for record in records])


def ids(outcomes: Sequence[Outcome]) -> list[int]:
    return [one.id for one in outcomes]


def fields(outcomes: Sequence[Outcome]) -> list[str]:
    return [one.refusal.field if one.refusal else "" for one in outcomes]


def imported(*keys: str, **more: Any) -> list[TimeEntry]:
    return [changed(ENTRY, import_key=key, description=key, **more) for key in keys]


@pytest.mark.parametrize(
    ("kind", "record"),
    [
        (CLIENTS, Client(name="Big", external_reference="c-1")),
        (PROJECTS, SITE),
        (PROJECT_TASKS, ProjectTask(name="Paint", project_id=3, estimated_seconds=60)),
        (TAGS, Tag(name="x")),
        (GROUPS, Group(name="g", user_ids=[2, 1])),
    ],
)
async def test_a_named_record_comes_back_as_it_was_put(store: InputStore, kind: InputKind[Any], record: Any) -> None:
    """All its fields are stored; put again without an id it is the one of its name."""
    (new,) = ids(await put(store, kind, 1, record))
    stored = changed(record, id=new)
    again = await put(store, kind, 1, record)

    assert ([new], [False]) == (ids(again), [one.stored for one in again])
    (listed,), (whole,) = await store.page(kind, 1, ALL), (await store.all(kind, 1)).values()
    assert [stored] * 2 == [changed(one, **dict.fromkeys(kind.output_only)) for one in (listed, whole)]
    assert {} == await store.some(kind, 2, [new])


async def test_a_batch_keeps_its_order(store: InputStore) -> None:
    """Known ones, new ones, ids chosen by hand and the same name twice may be mixed; new ids pass over chosen ones."""
    (first,) = ids(await put(store, TAGS, 1, Tag(name="a")))
    mixed = (Tag(name="b"), Tag(id=3, name="c"), Tag(name="a"), Tag(name="d"), Tag(name="b"))
    found = ids(await put(store, TAGS, 1, *mixed))

    assert (found[0], [3, first]) == (found[4], found[1:3])
    assert {"a", "b", "c", "d"} == {one.name for one in await store.page(TAGS, 1, ALL)}
    assert 4 == len(set(found))


async def test_names_are_unique_where_they_are_looked_for(store: InputStore) -> None:
    """A project's within its client, a task's within its project; a workspace knows nothing of another's."""
    sites = [changed(SITE, client_id=client) for client in (0, 1, 2)]
    projects = ids(await put(store, PROJECTS, 1, *sites))
    tasks = ids(await put(store, PROJECT_TASKS, 1, *(ProjectTask(name="x", project_id=one) for one in projects)))
    tags = [*ids(await put(store, TAGS, 1, Tag(name="x"))), *ids(await put(store, TAGS, 2, Tag(name="x")))]

    assert (3, 3, 2) == (len(set(projects)), len(set(tasks)), len(set(tags)))
    assert ["name"] == fields(await put(store, PROJECTS, 1, changed(SITE, id=projects[0], client_id=1)))
    assert ["id"] == fields(await put(store, TAGS, 2, Tag(id=tags[0], name="y")))
    assert ["x"] == [one.name for one in await store.page(TAGS, 1, ALL)]


async def test_many_writers_of_the_same_names_make_one_of_each(store: InputStore) -> None:
    """The second finds what the first stored."""
    batch = [Client(name=f"c{number}") for number in range(20)]
    turned = [batch[turn:] + batch[:turn] for turn in range(8)]
    outcomes = [ids(some) for some in await asyncio.gather(*(put(store, CLIENTS, 1, *some) for some in turned))]

    assert 20 == len(await store.page(CLIENTS, 1, ALL)) == len({one for some in outcomes for one in some})
    assert all(outcomes[0] == some[-turn:] + some[:-turn] for turn, some in enumerate(outcomes) if turn)


async def test_records_that_name_others_are_counted_by_kind(store: InputStore) -> None:
    """Each once, whatever it names of them; those of other workspaces and those that would go along do not count."""
    first, second = ids(await put(store, CLIENTS, 1, Client(name="a"), Client(name="b")))
    sites = ids(await put(store, PROJECTS, 1, *(changed(SITE, client_id=one) for one in (first, second, 0))))
    tags = ids(await put(store, TAGS, 1, Tag(name="x"), Tag(name="y")))
    await put(store, PROJECT_TASKS, 1, ProjectTask(name="x", project_id=sites[0]))
    work = [changed(one, project_id=sites[0], tag_ids=tags) for one in imported("k", "l")]
    await put(store, TIME_ENTRIES, 1, *work, *imported("m", project_id=sites[1], tag_ids=[]))
    await put(store, TIME_ENTRIES, 2, *imported("k", project_id=sites[0], tag_ids=tags))

    assert {"projects": 2} == await store.count_references(CLIENTS, 1, [first, second])
    assert {"projects": 1} == await store.count_references(CLIENTS, 1, [first, 99])
    assert {"time_entries": 2} == await store.count_references(PROJECTS, 1, sites[:1])
    assert {"time_entries": 3} == await store.count_references(PROJECTS, 1, sites)
    assert {"time_entries": 2} == await store.count_references(TAGS, 1, tags)
    assert {} == await store.count_references(PROJECTS, 1, sites[2:])
    assert {} == await store.count_references(CLIENTS, 2, [first])


async def test_an_entry_comes_back_as_it_was_put(store: InputStore) -> None:
    """A running one too; each has the moment of its last change."""
    running = TimeEntry(user_id=8, start_time=timestamp_of(NINE - timedelta(hours=1)), import_key="k")
    new = ids(await put(store, TIME_ENTRIES, 1, ENTRY, running))
    found = await store.page(TIME_ENTRIES, 1, ALL)

    assert all(one.HasField("update_time") for one in found)
    plain = [changed(one, update_time=None) for one in found]
    assert [changed(running, id=new[1]), changed(ENTRY, id=new[0])] == plain


async def test_an_entry_is_replaced_by_its_id(store: InputStore) -> None:
    """An id chosen by hand is kept; new ones pass over it."""
    assert [True] == [one.stored for one in await put(store, TIME_ENTRIES, 1, changed(ENTRY, id=1))]
    again = await put(store, TIME_ENTRIES, 1, changed(ENTRY, id=1, description="new"), ENTRY)

    assert [1, 2] == ids(again)
    assert ["new", ENTRY.description] == [one.description for one in await store.page(TIME_ENTRIES, 1, ALL)]


async def test_an_imported_entry_stays_as_it_is(store: InputStore) -> None:
    """Its key is stored once in a workspace, whatever comes with it later; other workspaces have their own."""
    first = await put(store, TIME_ENTRIES, 1, *imported("a", "b"))
    late = [changed(one, description="new") for one in imported("b", "a", "b")]
    again = await put(store, TIME_ENTRIES, 1, *imported("c"), *late)
    elsewhere = await put(store, TIME_ENTRIES, 2, *imported("a"))

    assert [2, 1, 1] == [sum(one.stored for one in some) for some in (first, again, elsewhere)]
    assert [first[1].id, first[0].id, first[1].id] == ids(again[1:])
    assert ["a", "b", "c"] == sorted(one.description for one in await store.page(TIME_ENTRIES, 1, ALL))


async def test_the_id_of_another_workspace_is_refused(store: InputStore) -> None:
    """So is another entry's import key; the others of the batch are stored."""
    mine, _ = ids(await put(store, TIME_ENTRIES, 1, *imported("a", "b")))
    foreign = await put(store, TIME_ENTRIES, 2, ENTRY, changed(ENTRY, id=mine))
    taken = await put(store, TIME_ENTRIES, 1, changed(ENTRY, id=mine, import_key="b"))

    assert (["", "id"], ["import_key"]) == (fields(foreign), fields(taken))
    assert [1, 2] == [len(await store.page(TIME_ENTRIES, workspace, ALL)) for workspace in (2, 1)]


async def test_entries_are_paged_by_start_and_id(store: InputStore) -> None:
    """Each page begins after the last entry of the one before."""
    starts = [timestamp_of(NINE + timedelta(hours=hours)) for hours in (2, 1, 1, 0)]
    new = ids(await put(store, TIME_ENTRIES, 1, *(changed(ENTRY, start_time=start) for start in starts)))
    await put(store, TIME_ENTRIES, 2, ENTRY)

    found, page = [], Page(2)
    while some := await store.page(TIME_ENTRIES, 1, page):
        found += [one.id for one in some]
        page = Page(2, TIME_ENTRIES.order_of(some[-1]))
    assert [new[3], new[1], new[2], new[0]] == found


async def test_entries_are_deleted_in_their_workspace_only(store: InputStore) -> None:
    """Those of another are like those that are not there: nothing is deleted, unless they may be missing."""
    mine, kept = ids(await put(store, TIME_ENTRIES, 1, ENTRY, ENTRY))
    (foreign,) = ids(await put(store, TIME_ENTRIES, 2, ENTRY))

    for wrong in (foreign, 99):
        with pytest.raises(NotFound, match=f"There is no time entry {wrong}"):
            await store.delete(TIME_ENTRIES, 1, {(mine,), (wrong,)})
    assert [mine, kept] == [one.id for one in await store.page(TIME_ENTRIES, 1, ALL)]
    assert 1 == await store.delete(TIME_ENTRIES, 1, {(mine,), (foreign,), (99,)}, allow_missing=True)
    assert [[kept], [foreign]] == [[one.id for one in await store.page(TIME_ENTRIES, home, ALL)] for home in (1, 2)]


async def test_what_refers_to_a_deleted_record_goes_along_or_names_none(store: InputStore) -> None:
    """Tasks go with their project, entries with their member; entries stay without project, task and tag."""
    await put(store, MEMBERS, 1, Member(user_id=7, name="Ann"), Member(user_id=8, name="Bob"))
    await put(store, CLIENTS, 1, Client(id=1, name="Big"))
    await put(store, PROJECTS, 1, changed(SITE, id=3, client_id=1))
    await put(store, PROJECT_TASKS, 1, ProjectTask(id=4, name="Paint", project_id=3))
    await put(store, TAGS, 1, Tag(id=1, name="x"), Tag(id=2, name="y"))
    await put(store, GROUPS, 1, Group(id=1, name="g", user_ids=[7, 8]))
    await put(store, TIME_ENTRIES, 1, ENTRY, changed(ENTRY, user_id=8))
    await put(store, TIME_ENTRIES, 2, ENTRY)

    for kind, key in ((CLIENTS, 1), (PROJECTS, 3), (TAGS, 1), (MEMBERS, 8)):
        if kind is PROJECTS:
            assert [0] == [one.client_id for one in await store.page(PROJECTS, 1, ALL)]
        assert 1 == await store.delete(kind, 1, [(key,)])
    (entry,) = await store.page(TIME_ENTRIES, 1, ALL)
    (foreign,) = await store.page(TIME_ENTRIES, 2, ALL)
    (group,) = await store.page(GROUPS, 1, ALL)

    assert (7, 0, 0, [2]) == (entry.user_id, entry.project_id, entry.task_id, list(entry.tag_ids))
    assert (3, 4, [1, 2]) == (foreign.project_id, foreign.task_id, list(foreign.tag_ids))
    assert ([], [7]) == (await store.page(PROJECT_TASKS, 1, ALL), list(group.user_ids))


async def test_a_client_stays_whose_projects_would_have_the_names_of_others(store: InputStore) -> None:
    """Nothing is changed then."""
    await put(store, CLIENTS, 1, Client(id=1, name="Big"), Client(id=2, name="Small"))
    await put(store, PROJECTS, 1, *(changed(SITE, client_id=client) for client in (1, 2)))

    with pytest.raises(InvalidParameters):
        await store.delete(CLIENTS, 1, [(1,), (2,)])
    assert {1, 2} == {one.client_id for one in await store.page(PROJECTS, 1, ALL)}
    assert 1 == await store.delete(CLIENTS, 1, [(1,)])


async def test_many_writers_store_each_entry_once(store: InputStore) -> None:
    """Several services that import the same at once count each new entry once and answer its one id."""
    batch = imported(*(f"k{number}" for number in range(50)))
    turned = [batch[turn:] + batch[:turn] for turn in range(4)]
    outcomes = await asyncio.gather(*(put(store, TIME_ENTRIES, 1, *some) for some in turned))
    by_key = {one.import_key: one.id for one in await store.page(TIME_ENTRIES, 1, ALL)}

    assert 50 == len(by_key) == sum(one.stored for some in outcomes for one in some)
    assert [by_key[one.import_key] for one in batch] == ids(outcomes[0])


async def test_records_are_found_by_values(store: InputStore) -> None:
    """In the workspace that is named, or the workspaces that have them."""
    await put(store, TAGS, 1, Tag(name="x"), Tag(name="y"))
    await put(store, TAGS, 2, Tag(name="x"))

    assert ["x"] == [one.name for one in await store.page(TAGS, 1, ALL, InputFilter(values={"name": "x"}))]
    assert [1, 2] == sorted(await store.owners_of(TAGS, {"name": "x"}))
    assert 3 == len(await store.page(TAGS, None, ALL))


class Heard(CommandListener):
    """Notes the names of commands."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def started(self, event: CommandStartedEvent) -> None:
        self.names.append(event.command_name)

    def succeeded(self, event: CommandSucceededEvent) -> None:
        pass

    def failed(self, event: CommandFailedEvent) -> None:
        pass


async def test_a_batch_takes_few_round_trips(db: Any, mongodb_uri: str) -> None:
    """A thousand imported entries are looked for, get ids, have their buckets emptied and are stored.

    A look for a removal comes behind.
    """
    heard = Heard()
    async with AsyncMongoClient(mongodb_uri, event_listeners=[heard]) as client:
        await put(MongoInputs(client[db.name]), TIME_ENTRIES, 1, *imported(*map(str, range(1000))))

    assert ["find", "findAndModify", "find", "update", "insert", "find"] == heard.names[:6]
    assert {"endSessions"} >= set(heard.names[6:])


async def test_time_entries_are_listed_by_their_start(store: InputStore) -> None:
    """From a moment to before another one."""
    entries = [TimeEntry(user_id=1, start_time=timestamp_of(NINE + hours * HOUR), seconds=60) for hours in range(4)]
    await store.put(TIME_ENTRIES, 1, [TIME_ENTRIES.document(one) for one in entries])

    found = await store.page(TIME_ENTRIES, 1, Page(10), InputFilter(start=NINE + HOUR, end=NINE + 3 * HOUR))

    assert [1, 2] == [(one.start_time.ToDatetime(UTC) - NINE) // HOUR for one in found]
