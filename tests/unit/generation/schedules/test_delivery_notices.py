"""Notices to webhooks and to owners, and tests of the mail server."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.errors import InvalidParameters, NotNow
from services.generation.schedules.claims import Claim
from services.generation.schedules.schedule import LastResult, Recipient, ScheduleLimits
from tests.builders.scheduled_reports import Clock, ScheduledOffice, draft
from tests.unit.generation.schedules.conftest import BOB, HOOK, claim, delivering, end, make


async def test_a_webhook_that_is_gone_is_switched_off(office: ScheduledOffice) -> None:
    """By 410; a change that names it switches it on again, no other."""
    await delivering(office, webhook_url=HOOK)
    await end(office, await claim(office), 2, "failed", code=410, text="gone")
    schedule = await office.schedules.find(1)
    assert schedule is not None
    assert schedule.webhook is not None
    assert "The receiver of notices answered that it is gone" == schedule.webhook.off_reason
    office.now.pass_by(seconds=1)
    second = await make(office, await office.all.runs.run_now(office.caller, 1))
    assert ["mail"] == [one.channel for one in second.deliveries]
    other = replace(draft(webhook_url=HOOK), keeps_webhook=True)
    kept = await office.all.schedules.update(office.caller, 1, lambda _: other)
    assert schedule.webhook == kept.schedule.webhook
    changed = (await office.all.schedules.update(office.caller, 1, lambda _: draft(webhook_url=HOOK))).schedule

    assert changed.webhook is not None
    assert ("", schedule.webhook.secret) == (changed.webhook.off_reason, changed.webhook.secret)


async def test_a_new_secret_signs_beside_the_old_one_for_a_day(office: ScheduledOffice) -> None:
    """Then alone; each is shown once."""
    made = await office.all.schedules.create(office.caller, draft(webhook_url=HOOK))
    changed = await office.all.schedules.update(office.caller, 1, lambda _: draft(webhook_url=HOOK), new_secret=True)
    webhook = changed.schedule.webhook

    assert webhook is not None
    assert [changed.new_secret, made.new_secret] == webhook.secrets(office.now())
    assert [changed.new_secret] == webhook.secrets(office.now() + timedelta(hours=24))
    kept = await office.all.schedules.update(office.caller, 1, lambda _: draft(webhook_url=HOOK))
    assert "" == kept.new_secret


async def test_the_owner_is_told_once_that_a_delivery_failed(office: ScheduledOffice) -> None:
    """By mail to the login, unless that address itself failed; the notice changes no result."""
    for address, told in ((BOB, ["owner_notice"]), ("ann@example.com", [])):
        made = await office.all.schedules.create(office.caller, draft(recipients=(Recipient(address),)))
        office.now.pass_by(days=7)
        await office.all.planner.plan_due()
        run = await make(office, max(office.runs.stored))
        for other in [one for one in office.schedules.stored if one != made.schedule.id]:
            await office.schedules.remove(other)
        await end(office, await claim(office), 1, "failed", code=550, text="no such user")
        await office.all.maker.step_all()
        run = office.runs.stored[run.id]

        assert told == [one.purpose for one in run.deliveries[1:]]
        assert "failed" == run.state
        if told:
            notice = (await claim(office)).deliveries[0]
            assert notice.text is not None
            assert "Scheduled report failed: Trips of the week" == notice.text.subject
            assert "Not delivered to bob@example.org: no such user" in notice.text.paragraphs
            await end(office, await _claimed_again(office), 2)
            assert "failed" == office.runs.stored[run.id].state
            await office.schedules.remove(made.schedule.id)


async def test_a_schedule_tells_that_its_run_is_in_doubt_until_that_is_decided() -> None:
    """A doubt is no failure; what is sent again is told when that is over."""
    office = ScheduledOffice(limits=ScheduleLimits(in_doubt="hold"), now=Clock())
    made = await office.all.schedules.create(office.caller, draft())
    office.now.pass_by(days=7)
    await office.all.planner.plan_due()
    run = await make(office, max(office.runs.stored))
    await end(office, await claim(office), 1, "in_doubt")
    await office.all.maker.step_all()
    result = (await office.all.schedules.get(office.caller, made.schedule.id)).schedule.last_result
    unknown = "It is unknown whether the receiver's server has taken it"
    assert LastResult(success=False, run_id=run.id, report_id=run.report_id, error=unknown) == result

    await office.all.runs.resolve(office.caller, run.id, 1, "resend")
    await office.all.maker.step_all()
    await end(office, await claim(office), 1, "sent")
    await office.all.maker.step_all()
    schedule = (await office.all.schedules.get(office.caller, made.schedule.id)).schedule
    assert (LastResult(success=True, run_id=run.id, report_id=run.report_id), 0) == (
        schedule.last_result,
        schedule.failed_runs,
    )


async def _claimed_again(office: ScheduledOffice) -> Claim:
    office.now.pass_by(seconds=61)
    return await claim(office)


async def test_a_failed_run_is_told_to_webhooks(office: ScheduledOffice) -> None:
    """Without a report, and without a token."""
    await office.all.schedules.create(office.caller, draft(webhook_url=HOOK))
    run_id = await office.all.runs.run_now(office.caller, 1)
    await office.all.maker.step_all()
    office.reports.change(office.runs.stored[run_id].report_id, state="failed", failure="It broke")
    office.now.pass_by(seconds=30)
    await office.all.maker.step_all()
    found = await claim(office)

    assert (None, "", "") == (found.target, found.access_token, found.share_token)
    assert (True, "It broke") == (found.run.making_failed, found.run.reason)
    assert ["webhook"] == [one.delivery.channel for one in found.deliveries]
    await end(office, found, 1)
    assert "failed" == office.runs.stored[run_id].state


async def test_a_test_of_the_mail_server_is_tried_once(office: ScheduledOffice) -> None:
    """Its run is yielded until it is over; the server's words are there."""
    seen = []
    async for run in office.all.mail_tests.sent("ops@example.com"):
        seen.append(run.state)
        if run.fence == 0:
            found = await claim(office)
            assert found.target is None
            await end(office, found, 1, "retry", code=421, text="busy")

    assert ["delivering", "failed"] == seen
    assert ("failed", "busy") == (run.deliveries[0].state, run.reason)


async def test_a_test_of_the_mail_server_needs_a_worker_and_an_address(office: ScheduledOffice) -> None:
    """Without one it says so after half a minute."""
    with pytest.raises(InvalidParameters):
        await anext(office.all.mail_tests.sent("a@b\r\nBcc: c@d"))
    runs = office.all.mail_tests.sent("ops@example.com")
    await anext(runs)
    office.now.pass_by(seconds=31)
    with pytest.raises(NotNow, match="No delivery worker"):
        await anext(runs)
