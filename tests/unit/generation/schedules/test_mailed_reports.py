"""Schedules of saved reports: whom they mail, and in which workspace they may be deleted."""

from dataclasses import replace

import pytest
from daybook.input.v1.workspace_pb2 import Member, Workspace

from services.errors import InvalidParameters, NonexistentEntities, NotFound, Violation
from services.errors.workspaces import AdminNeeded, WorkspaceNotFound
from services.generation.accounts.authentication import Principal
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.schedules.mailed_reports import PAGE, ScheduledMembers
from services.generation.schedules.schedule import Recipient, SavedReportRef, Schedule
from services.generation.schedules.schedule_checks import ScheduleDraft
from services.generation.schedules.schedule_words import next_run_text
from tests.builders.people import user
from tests.builders.scheduled_reports import BERLIN, MONDAY, REQUEST, SCHEDULE, SPEC, ScheduledOffice, draft

ANN, BOB = Principal(user(id=1, login="ann@example.com")), Principal(user(id=2, login="bob@example.com"))


def of_saved(report_id: int, *members: int, workspace_id: int = 5, owner_id: int = 1) -> Schedule:
    """Return Ann's schedule of a saved report, mailed to members and to an address."""
    spec = replace(
        SPEC,
        report=SavedReportRef(workspace_id, report_id),
        recipients=(Recipient("eve@example.org"), *(Recipient(user_id=member) for member in members)),
    )
    return replace(SCHEDULE, spec=spec, owner_id=owner_id)


def office() -> ScheduledOffice:
    """Return an office with the workspaces 5, which Ann administers and Bob is in, and 6, which is Ann's alone."""
    found = ScheduledOffice()
    people = [
        Member(user_id=1, email="ann@example.com", role=Member.ROLE_ADMIN),
        Member(user_id=2, email="bob@example.com", role=Member.ROLE_MEMBER),
    ]
    for workspace, members in ((5, people), (6, people[:1])):
        found.inputs.add(WORKSPACES, 1, Workspace(id=workspace, owner_id=1))
        found.inputs.add(MEMBERS, workspace, *members)
    return found


async def test_a_saved_report_is_mailed_to_the_members_of_all_its_schedules() -> None:
    """Once each, by id, in its own workspace; one that is mailed to addresses alone has a schedule too."""
    schedules = office().schedules
    other = of_saved(4, 7, workspace_id=6)
    for one in (of_saved(4, 12, 11), of_saved(4, 11, 13), of_saved(9), other, SCHEDULE):
        await schedules.add(one, limit=100)

    mailed = ScheduledMembers(schedules)

    assert {4: [11, 12, 13], 9: []} == await mailed.members_by_report(5)
    assert ({4: [7]}, {}) == (await mailed.members_by_report(6), await mailed.members_by_report(7))


async def test_schedules_are_read_to_the_last_page() -> None:
    schedules = office().schedules
    for number in range(PAGE + 1):
        await schedules.add(of_saved(number + 1, 11), limit=1000)

    assert PAGE + 1 == len(await ScheduledMembers(schedules).members_by_report(5))


async def test_a_schedule_is_deleted_in_the_workspace_that_it_belongs_to() -> None:
    """Named with another workspace it is missing, and so is a schedule of a tracker report."""
    found = office()
    stored = await found.schedules.add(of_saved(4, 11), limit=100)
    of_trackers = await found.schedules.add(SCHEDULE, limit=100)
    assert stored
    assert of_trackers

    for schedule_id, workspace_id in ((stored.id, 6), (of_trackers.id, 5), (99, 5)):
        with pytest.raises(NotFound) as caught:
            await found.all.schedules.delete(ANN, schedule_id, workspace_id)
        assert not isinstance(caught.value, WorkspaceNotFound)
    await found.all.schedules.delete(ANN, stored.id, 5)

    assert await found.schedules.find(stored.id) is None
    assert await found.schedules.find(of_trackers.id) is not None


async def test_a_schedule_can_be_stopped_whatever_has_become_of_its_report() -> None:
    """Its tracker is gone: other changes are refused, but it need not go on."""
    found = ScheduledOffice()
    gone = replace(SPEC, report=replace(REQUEST, tracker_ids=(99,)))
    stored = await found.schedules.add(replace(SCHEDULE, spec=gone), limit=100)
    assert stored

    stopped = await found.all.schedules.pause(found.caller, stored.id)

    assert (False, None) == (stopped.schedule.spec.enabled, stopped.schedule.next_due)
    with pytest.raises(NonexistentEntities):
        await found.all.schedules.update(found.caller, stored.id, lambda one: ScheduleDraft(one.spec, "06:00"))


async def test_strangers_learn_nothing_of_members_by_naming_them_as_recipients() -> None:
    """Whether they name members or anybody else, there is no such workspace."""
    found = office()
    for member in (1, 2, 99):
        spec = replace(of_saved(4, member, workspace_id=6).spec, enabled=False)
        with pytest.raises(WorkspaceNotFound):
            await found.all.schedules.create(BOB, ScheduleDraft(spec, "06:00"))


async def test_the_next_run_of_a_saved_report_says_what_it_covers_only_where_the_schedule_decides_it() -> None:
    """A named period of the saved report, which may change any day, would go before the schedule's."""
    due = {"next_day": MONDAY.date(), "next_due": MONDAY}
    schedule = replace(of_saved(4, 11), **due)
    decided = replace(schedule, spec=replace(schedule.spec, override_saved_period=True))

    owner = user(id=1, locale=BERLIN)
    assert ("Mon 1 Jun 2026 06:00 Europe/Berlin", True) == (
        next_run_text(schedule, owner),
        "covers" in next_run_text(decided, owner),
    )


async def test_a_field_that_cannot_be_read_is_named_once() -> None:
    """With what was wrong first, before the others in their order."""
    found = ScheduledOffice()
    unreadable = [Violation("schedule.parameters.period", "must be a string")]
    wishes = replace(draft("25:00", period=""), unreadable=unreadable)

    with pytest.raises(InvalidParameters) as caught:
        await found.all.schedules.create(found.caller, wishes)

    period, time = caught.value.violations
    assert unreadable == [period]
    assert "schedule.parameters.sending_time" == time.field


async def test_members_delete_their_own_and_strangers_find_no_workspace() -> None:
    found = office()
    stored = await found.schedules.add(of_saved(4, 11), limit=100)
    assert stored

    with pytest.raises(AdminNeeded):
        await found.all.schedules.delete(BOB, stored.id, 5)
    with pytest.raises(WorkspaceNotFound):
        await found.all.schedules.delete(BOB, stored.id, 6)
