"""Schedules of their owners: limits, checks, rights, and what a change makes of them."""

from dataclasses import replace

import pytest

from services.errors import (
    DemoAccount,
    InvalidParameters,
    NonexistentEntities,
    NotFound,
    NotPermitted,
    TooMuch,
    WrongCredentials,
)
from services.generation.accounts.authentication import Principal
from services.generation.domain.paging import Page
from services.generation.schedules.due import Rule
from services.generation.schedules.schedule import Recipient
from services.generation.schedules.schedule_store import ScheduleFilter
from tests.builders.people import user
from tests.builders.scheduled_reports import BERLIN, REQUEST, ScheduledOffice, draft


async def test_a_schedule_keeps_what_was_wished(office: ScheduledOffice) -> None:
    """The period as it was written; addresses once, their domains in ASCII."""
    receivers = [Recipient(one) for one in ("Bob@Example.org", "bob@example.ORG", "eve@exämple.com")]
    made = await office.all.schedules.create(
        office.caller, draft("6:05", period="w", rule=Rule(weekdays=(5, 1, 1)), recipients=tuple(receivers), formats=())
    )
    spec = made.schedule.spec

    assert ("w", (1, 5), "06:05:00", ("pdf",)) == (
        spec.period,
        spec.rule.weekdays,
        spec.sending_time.isoformat(),
        spec.formats,
    )
    assert ["Bob@example.org", "eve@xn--exmple-cua.com"] == [one.email for one in spec.recipients]


async def test_a_change_of_something_else_leaves_the_report_as_it_is(office: ScheduledOffice) -> None:
    """Also when a tracker of it is gone by now: runs leave it out."""
    made = await office.all.schedules.create(office.caller, draft())
    gone = draft(report=replace(REQUEST, tracker_ids=(99,)), enabled=False)
    with pytest.raises(NonexistentEntities):
        await office.all.schedules.update(office.caller, 1, lambda _: gone)
    changed = await office.all.schedules.update(office.caller, 1, lambda _: replace(gone, keeps_report=True))

    assert (False, made.schedule.spec.report) == (changed.schedule.spec.enabled, changed.schedule.spec.report)


async def test_a_sub_user_needs_the_right_and_sees_its_own() -> None:
    """Operators have no schedules."""
    office = ScheduledOffice(owner=user(id=1, login="ann@example.com", locale=BERLIN))
    sub = Principal(user(id=2, login="sub", master_id=1))
    with pytest.raises(NotPermitted):
        await office.all.schedules.create(sub, draft())
    with pytest.raises(NotPermitted):
        await office.all.schedules.page(sub, ScheduleFilter(kind="tracker"), Page(10))
    may = Principal(user(id=2, login="sub", master_id=1, rights=frozenset({"reports"})))
    office.people.users[2] = may.user  # type: ignore[assignment] # there is one
    await office.all.schedules.create(office.caller, draft())
    own = await office.all.schedules.create(may, draft())

    assert [2] == [one.schedule.id for one in await office.all.schedules.page(may, ScheduleFilter(), Page(10))]
    assert 1 == own.schedule.account_id
    with pytest.raises(NotFound):
        await office.all.schedules.get(may, 1)


async def test_an_operator_sees_and_stops_the_schedules_of_all(office: ScheduledOffice) -> None:
    """Who makes, changes and runs one is its owner."""
    operator = Principal(None, operator=True)
    office.people.hashes[1] = ""
    made = await office.all.schedules.create(office.caller, draft())
    own = made.schedule.id

    for login in ("", made.owner.login):
        assert [made] == await office.all.schedules.page(operator, ScheduleFilter(), Page(10), login)
    with pytest.raises(NotFound, match="nobody"):
        await office.all.schedules.page(operator, ScheduleFilter(), Page(10), "nobody")
    with pytest.raises(InvalidParameters):
        await office.all.schedules.page(office.caller, ScheduleFilter(), Page(10), made.owner.login)
    assert not (await office.all.schedules.pause(operator, own)).schedule.spec.enabled
    with pytest.raises(WrongCredentials):
        await office.all.schedules.create(operator, draft())
    with pytest.raises(WrongCredentials):
        await office.all.schedules.update(operator, own, lambda _: draft())
    with pytest.raises(WrongCredentials):
        await office.all.runs.run_now(operator, own)
    await office.all.schedules.delete(operator, own)
    assert not await office.all.schedules.page(operator, ScheduleFilter(), Page(10))


async def test_a_list_goes_on_while_an_owner_is_being_removed(office: ScheduledOffice) -> None:
    """Its schedules are left out, and a page is filled up with those that follow."""
    await office.all.schedules.create(office.caller, draft())
    await office.schedules.add(replace(office.schedules.stored[1], owner_id=9, account_id=9), 100)
    await office.all.schedules.create(office.caller, draft())
    operator = Principal(None, operator=True)
    pages = [await office.all.schedules.page(operator, ScheduleFilter(), Page(size)) for size in (1, 2, 10)]

    assert [[1], [1, 3], [1, 3]] == [[one.schedule.id for one in found] for found in pages]


async def test_a_demo_account_deletes_nothing() -> None:
    """As with reports."""
    office = ScheduledOffice(owner=user(id=1, login="demo", demo=True))
    await office.all.schedules.create(office.caller, draft())
    with pytest.raises(DemoAccount):
        await office.all.schedules.delete(office.caller, 1)


async def test_only_what_decides_when_it_is_due_raises_the_revision(office: ScheduledOffice) -> None:
    """The rule, the time and `enabled`."""
    await office.all.schedules.create(office.caller, draft())
    revisions = []
    for wish in (draft(message="x"), draft("07:00"), draft("07:00", rule=Rule(weekdays=(2,))), draft(enabled=False)):
        changed = await office.all.schedules.update(office.caller, 1, lambda _, wish=wish: wish)
        revisions.append(changed.schedule.revision)

    assert [1, 2, 3, 4] == revisions


async def test_a_change_at_the_same_time_is_made_of_the_other(office: ScheduledOffice) -> None:
    """It does not undo it."""
    await office.all.schedules.create(office.caller, draft())
    seen = []

    def change(stored):  # type: ignore[no-untyped-def]
        if not seen:
            other = office.schedules.stored[1]
            office.schedules.stored[1] = replace(other, failed_runs=3, version=other.version + 1)
        seen.append(stored.failed_runs)
        return draft(message="x")

    changed = await office.all.schedules.update(office.caller, 1, change)
    assert ([0, 3], 3) == (seen, changed.schedule.failed_runs)


async def test_five_runs_by_hand_at_once_are_enough(office: ScheduledOffice) -> None:
    """The next is refused until one is over."""
    await office.all.schedules.create(office.caller, draft())
    for _ in range(5):
        office.now.pass_by(seconds=1)
        await office.all.runs.run_now(office.caller, 1)
    office.now.pass_by(seconds=1)
    with pytest.raises(TooMuch):
        await office.all.runs.run_now(office.caller, 1)


async def test_a_test_needs_addresses(office: ScheduledOffice) -> None:
    """The caller's login where it is one."""
    office.put(replace(office.owner, login="ann"))
    await office.all.schedules.create(office.caller, draft())
    for emails, field in (([], "emails"), (["x"], "emails[0]"), ([f"{n}@a.example" for n in range(21)], "emails")):
        with pytest.raises(InvalidParameters) as caught:
            await office.all.runs.send_test(office.caller, 1, emails)
        assert [field] == [one.field for one in caught.value.violations]


async def test_a_receiver_leaves_one_schedule_or_all_of_a_sender(office: ScheduledOffice) -> None:
    """Looking its token up changes nothing."""
    for _ in range(2):
        await office.all.schedules.create(office.caller, draft())
    token = await office.all.unsubscriptions.token(1, 1, "bob@example.org")
    assert not (await office.all.unsubscriptions.look_up(token)).unsubscribed
    await office.all.unsubscriptions.unsubscribe(token, from_all=False)
    first, second = [await office.all.schedules.get(office.caller, one) for one in (1, 2)]
    assert ([Recipient("bob@example.org")], []) == (list(first.unsubscribed), list(second.unsubscribed))
    await office.all.unsubscriptions.unsubscribe(token, from_all=True)
    again = await office.all.schedules.get(office.caller, 2)

    assert [Recipient("bob@example.org")] == list(again.unsubscribed)
    found = await office.all.unsubscriptions.look_up(token)
    assert ("ann@example.com", "Trips of the week", True, True) == (
        found.sender,
        found.title,
        found.unsubscribed,
        found.from_all,
    )
