"""Deletion of clients, projects, tasks and tags that other records refer to."""

from collections.abc import Sequence
from typing import Any

import pytest
from daybook.input.v1.workspace_pb2 import Client, ProjectTask

from services.errors import NotFound, StillReferredTo
from services.generation.inputs.clients import CLIENTS
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_service import Deletion, InputService
from services.generation.inputs.project_tasks import PROJECT_TASKS
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.tags import TAGS
from services.generation.inputs.time_entries import TIME_ENTRIES
from services.generation.timetracking.detachment import ProjectRules
from tests.builders.time_entries import EntryRow, directory, entry
from tests.builders.time_report_service import inputs_of
from tests.fakes.inputs import FakeInputs
from tests.fakes.time_entries import MemoryTimeEntries

DETACH = Deletion(detach=True)
WORK = (
    entry(id=1, project=7, task=21, tags=(3, 4), billable=True, seconds=2400),  # 33.33 by the project's 50.00
    entry(id=2, project=7, billable=True, rate_cents=6000),
    entry(id=3, project=7, billable=True, amount_cents=1000, currency="GBP"),
    entry(id=4, project=7),
    entry(id=5, project=8, billable=True),
)


def stored(*entries: EntryRow) -> tuple[FakeInputs, InputService]:
    """Return inputs with the studio and entries, and the service over them."""
    known = directory(clients=(Client(id=5, name="Acme"), Client(id=6, name="Beta")))
    inputs = inputs_of(known)
    inputs.add(TIME_ENTRIES, 1, *(one.message for one in entries))
    rules = {PROJECTS.name: ProjectRules(inputs, MemoryTimeEntries.of(*entries))}
    return inputs, InputService(inputs, rules)


async def kept(inputs: FakeInputs, *names: str) -> dict[int, tuple[Any, ...]]:
    """Return fields of the entries by id."""
    found = [one.document for one in await inputs.find(TIME_ENTRIES, 1, {(one.id,) for one in WORK})]
    return {one["id"]: tuple(one[name] for name in names) for one in found}


@pytest.mark.parametrize(
    ("count", "text", "kind", "ids"),
    [
        ("4", "4 time entries would lose their project", PROJECTS, [7]),
        ("5", "5 time entries would lose their project", PROJECTS, [7, 8]),
        ("1", "1 project would lose its client", CLIENTS, [5]),
        ("1", "1 time entry would lose its task", PROJECT_TASKS, [21]),
        ("1", "1 time entry would lose its tag", TAGS, [3]),
    ],
)
async def test_what_others_refer_to_is_not_deleted(
    count: str, text: str, kind: InputKind[Any], ids: Sequence[int]
) -> None:
    """The error says how many they are, and nothing is deleted."""
    inputs, service = stored(*WORK)
    before = await inputs.all(kind, 1)
    with pytest.raises(StillReferredTo, match=text) as caught:
        await service.delete(kind, 1, ids, [])

    assert {"count": count} == caught.value.metadata
    assert before == await inputs.all(kind, 1)


async def test_what_nothing_refers_to_is_deleted() -> None:
    """Tasks of a project go with it: they keep nothing."""
    inputs, service = stored()

    assert (1, 1) == (await service.delete(CLIENTS, 1, [6], []), await service.delete(PROJECTS, 1, [7], []))
    assert {} == await inputs.all(PROJECT_TASKS, 1)


async def test_a_missing_record_is_told_before_what_refers_to_others() -> None:
    _, service = stored(*WORK)

    with pytest.raises(NotFound):
        await service.delete(PROJECTS, 1, [7, 99], [])
    with pytest.raises(StillReferredTo):
        await service.delete(PROJECTS, 1, [7, 99], [], Deletion(allow_missing=True))


async def test_detached_entries_keep_durations_and_amounts() -> None:
    """Those that came from the rate of the project as amounts, in its currency; its tasks go with it."""
    inputs, service = stored(*WORK)

    assert 1 == await service.delete(PROJECTS, 1, [7], [], DETACH)
    money = await kept(inputs, "amount_cents", "currency_code", "hourly_rate_cents", "project_id", "task_id", "seconds")
    assert {
        1: (3333, "EUR", None, 0, 0, 2400),
        2: (None, "EUR", 6000, 0, 0, 3600),
        3: (1000, "GBP", None, 0, 0, 3600),
        4: (None, "", None, 0, 0, 3600),
        5: (None, "", None, 8, 0, 3600),
    } == money
    assert {} == await inputs.all(PROJECT_TASKS, 1)


@pytest.mark.parametrize(
    ("kind", "ids", "field", "expected"),
    [
        (CLIENTS, [5], "", None),
        (PROJECT_TASKS, [21], "task_id", 0),
        (TAGS, [3], "tag_ids", [4]),
    ],
)
async def test_clients_tasks_and_tags_are_taken_off(
    kind: InputKind[Any], ids: list[int], field: str, expected: object
) -> None:
    inputs, service = stored(*WORK)

    assert 1 == await service.delete(kind, 1, ids, [], DETACH)
    if field:
        assert expected == (await kept(inputs, field))[1][0]
    else:
        assert [0, 0] == [one.client_id for one in (await inputs.all(PROJECTS, 1)).values()]
    assert {None} == {amount for one, (amount,) in (await kept(inputs, "amount_cents")).items() if one != 3}


async def test_a_task_of_a_deleted_project_is_not_counted() -> None:
    inputs, service = stored(entry(id=1))
    inputs.add(PROJECT_TASKS, 1, ProjectTask(id=22, name="More", project_id=8))

    assert 1 == await service.delete(PROJECTS, 1, [8], [])
