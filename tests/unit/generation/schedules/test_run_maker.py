"""Making of runs: ordinary reports, slots, what is gone, failures in a row."""

from dataclasses import replace

import pytest

from services.generation.inputs.trackers import TRACKERS
from services.generation.schedules.run import Run
from services.generation.schedules.schedule import Recipient, ScheduleLimits
from tests.builders.people import report, user
from tests.builders.scheduled_reports import BERLIN, REQUEST, ScheduledOffice, draft
from tests.fakes.inputs import FakeInputs
from tests.unit.generation.schedules.conftest import make


async def run_now(office: ScheduledOffice, **changes: object) -> int:
    """Store a schedule and plan a run of it."""
    made = await office.all.schedules.create(office.caller, draft(**changes))
    return await office.all.runs.run_now(office.caller, made.schedule.id)


async def test_a_run_makes_an_ordinary_report(office: ScheduledOffice) -> None:
    """Of the owner, in the list as its own, over the days before the run, once however often it is tried."""
    run_id = await run_now(office)
    await office.all.maker.step_all()
    office.now.pass_by(seconds=40)
    await office.all.maker.step_all()
    [made] = office.reports.stored.values()

    assert ("user", 1, "Trips of the week") == (made.type, made.owner_id, made.title)
    assert ("schedule:1:2026-06-01T04:00:00Z", (7,)) == (made.request_id, tuple(made.tracker_ids))
    assert "2026-05-24 22:00:00+00:00" == str(made.from_time)
    assert ("making", made.id) == (office.runs.stored[run_id].state, office.runs.stored[run_id].report_id)


async def test_a_finished_report_is_delivered(office: ScheduledOffice) -> None:
    """To each receiver and to the webhook."""
    run_id = await run_now(
        office,
        recipients=(Recipient("bob@example.org"), Recipient("eve@example.org")),
        webhook_url="https://example.com/hook",
    )
    run = await make(office, run_id)

    assert "delivering" == run.state
    assert [("mail", "bob@example.org"), ("mail", "eve@example.org"), ("webhook", "https://example.com/hook")] == [
        (one.channel, one.address) for one in run.deliveries
    ]


async def test_a_run_without_receivers_is_only_made(office: ScheduledOffice) -> None:
    """It is sent to nobody."""
    run = await make(office, await run_now(office, recipients=()))

    assert ("sent", ()) == (run.state, tuple(run.deliveries))


async def test_a_run_waits_for_a_slot(office: ScheduledOffice) -> None:
    """Five of five taken: it stays planned, no other run of the owner is tried, and it succeeds later."""
    taken = [await office.reports.queue(report(owner_id=1)) for _ in range(5)]
    run_id = await run_now(office)
    await office.all.maker.step_all()
    assert "planned" == office.runs.stored[run_id].state
    for one in taken:
        office.reports.change(one, state="finished")
    office.now.pass_by(seconds=6)
    await office.all.maker.step_all()

    assert "making" == office.runs.stored[run_id].state


async def test_trackers_that_are_gone_are_left_out_and_named(office: ScheduledOffice) -> None:
    """The run says which."""
    run_id = await run_now(office, report=replace(REQUEST, tracker_ids=(7, 8)))
    await _remove_tracker(office.inputs, 8)
    run = await make(office, run_id)
    [made] = office.reports.stored.values()

    assert ((7,), (8,), "delivering") == (tuple(made.tracker_ids), tuple(run.missing_ids), run.state)


async def test_without_any_tracker_left_a_run_fails(office: ScheduledOffice) -> None:
    """With the reason in the owner's language."""
    office.put(replace(office.owner, locale=replace(BERLIN, locale="de")))
    run_id = await run_now(office)
    await _remove_tracker(office.inputs, 7)
    run = await make(office, run_id)

    assert "failed" == run.state
    assert run.reason.startswith("Keiner der Tracker")


async def test_an_owner_who_lost_the_right_gets_no_report() -> None:
    """A sub-user without `reports`."""
    office = ScheduledOffice(owner=user(id=2, login="sub@example.com", master_id=1, rights=frozenset({"reports"})))
    run_id = await run_now(office)
    office.put(replace(office.owner, rights=frozenset()))
    run = await make(office, run_id)

    assert ("failed", True) == (run.state, run.reason.startswith("The owner of the schedule may not"))


async def test_a_failed_deleted_or_cancelled_report_fails_its_run(office: ScheduledOffice) -> None:
    """With its own reason."""
    for change, reason in (
        ({"state": "failed", "failure": "It broke"}, "It broke"),
        ({"state": "cancelled"}, "The report was cancelled"),
        ({"owner_id": 99}, "The report was deleted"),
    ):
        run_id = await run_now(office)
        await office.all.maker.step_all()
        office.reports.change(office.runs.stored[run_id].report_id, **change)
        office.now.pass_by(minutes=1)
        await office.all.maker.step_all()

        assert ("failed", reason) == (office.runs.stored[run_id].state, office.runs.stored[run_id].reason)


async def test_an_empty_report_is_skipped_where_that_is_wished(office: ScheduledOffice) -> None:
    """Otherwise it is delivered. A summary that says of each tracker that it has nothing does not make it full."""
    for skip_empty, state in ((True, "skipped"), (False, "delivering")):
        run_id = await run_now(office, skip_empty=skip_empty)
        await office.all.maker.step_all()
        office.reports.change(office.runs.stored[run_id].report_id, state="finished", cell_count=12, has_rows=False)
        office.now.pass_by(minutes=1)
        await office.all.maker.step_all()

        assert state == office.runs.stored[run_id].state


async def test_unsubscribed_and_excess_receivers_are_skipped_with_the_reason() -> None:
    """Past the limit of mails a day the rest gets none; a failed run is told to nobody but webhooks."""
    office = ScheduledOffice(limits=ScheduleLimits(mails_per_day=1))
    receivers = tuple(Recipient(f"{name}@example.org") for name in ("ann", "bob", "eve"))
    run_id = await run_now(office, recipients=receivers)
    token = await office.all.unsubscriptions.token(1, 1, "Ann@example.org")
    await office.all.unsubscriptions.unsubscribe(token, from_all=False)
    run = await make(office, run_id)

    assert ["skipped", "waiting", "skipped"] == [one.state for one in run.deliveries]
    assert [
        "The recipient has unsubscribed",
        "",
        "The account has sent as many mails today as it may",
    ] == [one.reason for one in run.deliveries]


async def planned_failure(office: ScheduledOffice) -> Run:
    """Let the schedule be due, and its report fail."""
    office.now.pass_by(days=7)
    await office.all.planner.plan_due()
    run_id = max(office.runs.stored)
    await office.all.maker.step_all()
    if office.runs.stored[run_id].report_id:
        office.reports.change(office.runs.stored[run_id].report_id, state="failed", failure="It broke")
    for _ in range(3):
        office.now.pass_by(minutes=1)
        await office.all.maker.step_all()
    return office.runs.stored[run_id]


async def test_five_failures_in_a_row_pause_a_schedule(office: ScheduledOffice) -> None:
    """The owner is told of each once, by mail; enabling the schedule again forgets them."""
    await office.all.schedules.create(office.caller, draft())
    runs = [await planned_failure(office) for _ in range(5)]
    paused = await office.schedules.find(1)

    assert [["ann@example.com"]] * 5 == [[one.address for one in run.deliveries] for run in runs]
    assert (False, 5, None) == (paused.spec.enabled, paused.failed_runs, paused.next_due)
    assert "Paused after 5 failed runs in a row: It broke" == paused.paused_reason
    assert (False, runs[-1].id, "It broke") == (
        paused.last_result.success,
        paused.last_result.run_id,
        paused.last_result.error,
    )
    await office.all.schedules.update(office.caller, 1, lambda _: draft())
    again = await office.schedules.find(1)
    assert (True, 0, "") == (again.spec.enabled, again.failed_runs, again.paused_reason)


@pytest.mark.parametrize("kind", ["manual", "test"])
async def test_runs_by_hand_change_no_result(office: ScheduledOffice, kind: str) -> None:
    """Neither `fire_time` nor `last_result`, and the owner, who looks at them, gets no notice."""
    await office.all.schedules.create(office.caller, draft())
    await _remove_tracker(office.inputs, 7)
    if kind == "manual":
        run_id = await office.all.runs.run_now(office.caller, 1)
    else:
        run_id = await office.all.runs.send_test(office.caller, 1, [])
    run = await make(office, run_id)
    schedule = await office.schedules.find(1)

    assert ("failed", (), None, None) == (
        run.state,
        tuple(run.deliveries),
        schedule.fire_time,
        schedule.last_result,
    )


async def test_a_deleted_schedule_makes_nothing_more(office: ScheduledOffice) -> None:
    """Its runs that are not made, and deliveries that have not begun, are skipped."""
    first = await run_now(office)
    await make(office, first)
    second = await office.all.runs.run_now(office.caller, 1)
    await office.all.schedules.delete(office.caller, 1)
    await office.all.maker.step_all()

    for one in (first, second):
        assert ("skipped", "The schedule was deleted") == (
            office.runs.stored[one].state,
            office.runs.stored[one].reason,
        )
    assert await office.all.deliveries.claim("w", 0) is None


async def test_a_test_goes_to_given_addresses(office: ScheduledOffice) -> None:
    """To the owner by default, never to the webhook."""
    await office.all.schedules.create(office.caller, draft(webhook_url="https://example.com/hook"))
    for emails, expected in (([], ["ann@example.com"]), (["x@y.example"], ["x@y.example"])):
        office.now.pass_by(seconds=1)
        run = await make(office, await office.all.runs.send_test(office.caller, 1, emails))
        assert expected == [one.address for one in run.deliveries]


async def _remove_tracker(inputs: FakeInputs, tracker_id: int) -> None:
    await inputs.delete(TRACKERS, 1, [(tracker_id,)])


async def test_the_next_look_comes_when_the_next_step_is_due(office: ScheduledOffice) -> None:
    """And after 15 s where none is known; a step that another process took is forgotten."""
    maker = office.all.maker
    assert 15 == maker.pause_s()
    await run_now(office)
    await maker.step_all()
    assert 0.2 <= maker.pause_s() <= 1
    office.now.pass_by(minutes=1)

    assert 15 == maker.pause_s()
