"""Claims, leases, tries and outcomes of deliveries: nearly exactly once."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from services.errors import InvalidParameters, NotFound, NotNow, TooMuch
from services.errors.reports import LeaseLost
from services.generation.schedules.claims import Claim
from services.generation.schedules.outcomes import Finish, Holder
from services.generation.schedules.run import Outcome, Run, RunFile
from services.generation.schedules.schedule import Recipient, ScheduleLimits
from tests.builders.scheduled_reports import Clock, ScheduledOffice, draft
from tests.unit.generation.schedules.conftest import claim, make

BOB, EVE, DAN = "bob@example.org", "eve@example.org", "dan@example.org"
HOOK = "https://example.com/hook"


async def delivering(office: ScheduledOffice, *addresses: str, **changes: object) -> Run:
    """Return a run by hand whose report is made, with mails to these addresses."""
    receivers = tuple(Recipient(one) for one in addresses or (BOB,))
    made = await office.all.schedules.create(office.caller, draft(recipients=receivers, **changes))
    return await make(office, await office.all.runs.run_now(office.caller, made.schedule.id))


def holder(found: Claim, worker: str = "w") -> Holder:
    """Return the holder of a claim."""
    return Holder(worker, found.run.fence)


async def end(office: ScheduledOffice, found: Claim, number: int, outcome: Outcome = "sent", **more: object) -> str:
    """Start a delivery and finish it, and return its state."""
    who = holder(found)
    await office.all.deliveries.start(found.run.id, who, number)
    return await office.all.deliveries.finish(found.run.id, who, Finish(number, outcome, **more))  # type: ignore[arg-type] # fields by name


def states(office: ScheduledOffice, run_id: int) -> Sequence[str]:
    """Return the state of a run and of its deliveries."""
    run = office.runs.stored[run_id]
    return [run.state, *(one.state for one in run.deliveries)]


async def test_a_claim_has_all_that_a_worker_needs(office: ScheduledOffice) -> None:
    """Words in the owner's language, tokens, formats; the webhook its secrets."""
    run = await delivering(office, BOB, webhook_url=HOOK, message="Hello\nBob", formats=("pdf", "csv"))
    found = await claim(office)
    mail, webhook = found.deliveries

    assert (run.id, 1, run.report_id) == (found.run.id, found.run.fence, found.target)
    assert office.now() + timedelta(seconds=60) == found.lease_end_time
    assert mail.text is not None
    assert "Trips of the week, 25\N{EN DASH}31 May 2026" == mail.text.subject
    assert ("Hello\nBob", "Trips-of-the-week_2026-05-25_2026-05-31") == (mail.text.message, mail.text.file_name)
    assert "You get this mail because ann@example.com has scheduled the report in Daybook." == mail.text.reason
    assert (32, 32) == (len(mail.unsubscribe_token), len(found.share_token))
    assert [True] == [one.startswith("whsec_") for one in webhook.secrets]
    assert (
        {run.report_id}
        == {*office.links.shared.values()}
        == {target for target, _ in office.links.access_links.values()}
    )


async def test_the_share_token_is_the_same_in_all_claims(office: ScheduledOffice) -> None:
    """The access token is not."""
    await delivering(office)
    first = await claim(office)
    office.now.pass_by(seconds=61)
    second = await claim(office, "v")

    assert first.share_token == second.share_token
    assert first.access_token != second.access_token


async def test_of_many_workers_one_claims_a_run(office: ScheduledOffice) -> None:
    """The others get nothing."""
    await delivering(office)
    claims = await asyncio.gather(*(office.all.deliveries.claim(f"w{one}", 0) for one in range(9)))

    assert 1 == sum(one is not None for one in claims)


async def test_what_is_sent_is_over(office: ScheduledOffice) -> None:
    """The last outcome ends the lease and the access; files are known by their format."""
    run = await delivering(office, BOB, EVE)
    found = await claim(office)
    await end(office, found, 1, files=(RunFile("pdf", 7, "0" * 64),))
    assert 1 == len(office.links.access_links)
    await end(office, found, 2, files=(RunFile("pdf", 7, "0" * 64),))

    assert ["sent", "sent", "sent"] == states(office, run.id)
    assert ({}, 1) == (office.links.access_links, len(office.runs.stored[run.id].files))
    assert await office.all.deliveries.claim("w", 0) is None


@pytest.mark.parametrize(
    ("outcomes", "state"),
    [
        (("sent", "failed"), "partly"),
        (("failed", "failed"), "failed"),
        (("skipped", "skipped"), "skipped"),
        (("sent", "skipped"), "sent"),
        (("failed", "skipped"), "failed"),
        (("sent", "retry"), "delivering"),
    ],
)
async def test_a_run_is_what_its_deliveries_are(
    office: ScheduledOffice, outcomes: Sequence[Outcome], state: str
) -> None:
    """Failed in part, whole, or skipped with the reason."""
    run = await delivering(office, BOB, EVE)
    found = await claim(office)
    for number, outcome in enumerate(outcomes, 1):
        await end(office, found, number, outcome, text="why")

    assert state == states(office, run.id)[0]
    assert (state in ("partly", "failed", "skipped")) == (office.runs.stored[run.id].reason == "why")


async def test_an_old_fence_changes_nothing(office: ScheduledOffice) -> None:
    """Nor does another worker, nor a lease that ended; the new claim goes on."""
    run = await delivering(office)
    old = await claim(office)
    office.now.pass_by(seconds=61)
    new = await claim(office, "v")
    before = office.runs.stored[run.id]
    deliveries = office.all.deliveries
    for who in (holder(old), Holder("x", new.run.fence)):
        for call in (
            deliveries.start(run.id, who, 1),
            deliveries.finish(run.id, who, Finish(1, "sent")),
            deliveries.extend(run.id, who),
        ):
            with pytest.raises(LeaseLost):
                await call
    assert before == office.runs.stored[run.id]
    office.now.pass_by(seconds=61)
    with pytest.raises(LeaseLost):
        await deliveries.start(run.id, holder(new, "v"), 1)
    with pytest.raises(NotFound):
        await deliveries.start(99, holder(new, "v"), 1)


async def test_an_extended_lease_goes_on_with_its_access(office: ScheduledOffice) -> None:
    """For 60 s from then."""
    run = await delivering(office)
    found = await claim(office)
    office.now.pass_by(seconds=50)
    until = await office.all.deliveries.extend(run.id, holder(found))
    office.now.pass_by(seconds=50)

    assert await office.all.deliveries.claim("v", 0) is None
    assert [until] == [moment for _, moment in office.links.access_links.values()]
    assert "sent" == await end(office, found, 1)


async def test_what_was_not_begun_is_claimed_again(office: ScheduledOffice) -> None:
    """A delivery that was sent before the worker died is not."""
    await delivering(office, BOB, EVE)
    await end(office, await claim(office), 1)
    office.now.pass_by(seconds=61)
    again = await claim(office, "v")

    assert [2] == [one.delivery.number for one in again.deliveries]


@pytest.mark.parametrize("is_released", [False, True])
@pytest.mark.parametrize(("in_doubt", "state"), [("resend", "waiting"), ("hold", "doubtful")])
async def test_what_was_begun_is_in_doubt(in_doubt: str, state: str, *, is_released: bool) -> None:
    """A mail is sent again or held for its owner; a webhook, whose receiver drops repeats, is sent again.

    It is so when the lease is over, and at once when the worker gives its claim back, which ends its access.
    """
    office = ScheduledOffice(limits=ScheduleLimits(in_doubt=in_doubt), now=Clock())  # type: ignore[arg-type] # one of the two
    run = await delivering(office, BOB, webhook_url=HOOK)
    found = await claim(office)
    for number in (1, 2):
        await office.all.deliveries.start(run.id, holder(found), number, "<run@x>")
    if is_released:
        await office.all.deliveries.release(run.id, holder(found))
        assert {} == office.links.access_links
    else:
        office.now.pass_by(seconds=61)
    again = await claim(office, "v")

    assert ["delivering", state, "waiting"] == states(office, run.id)
    assert ([1, 2] if state == "waiting" else [2]) == [one.delivery.number for one in again.deliveries]
    doubted = office.runs.stored[run.id].delivery(1)
    assert ("in_doubt", "<run@x>") == (doubted.attempts[-1].outcome, doubted.message_id)


async def held(office: ScheduledOffice) -> Run:
    """Return a run whose only mail is in doubt."""
    run = await delivering(office)
    await end(office, await claim(office), 1, "in_doubt")
    return run


@pytest.mark.parametrize(("resolution", "state"), [("resend", "waiting"), ("drop", "skipped")])
async def test_the_owner_decides_about_a_doubt(resolution: str, state: str) -> None:
    """Once; nothing is sent before."""
    office = ScheduledOffice(limits=ScheduleLimits(in_doubt="hold"), now=Clock())
    run = await held(office)
    assert ["doubtful", "doubtful"] == states(office, run.id)
    office.now.pass_by(days=3)
    assert await office.all.deliveries.claim("v", 0) is None
    await office.all.runs.resolve(office.caller, run.id, 1, resolution)  # type: ignore[arg-type] # one of the two

    assert state == states(office, run.id)[1]
    assert (state == "waiting") == (await office.all.deliveries.claim("v", 0) is not None)
    with pytest.raises(NotNow):
        await office.all.runs.resolve(office.caller, run.id, 1, "drop")


async def test_tries_follow_the_plan_until_they_are_given_up(office: ScheduledOffice) -> None:
    """After 1, 5, 15, 60 and 180 minutes, then every 180, for 24 hours; all are listed. Sent again, for a day more."""
    run = await delivering(office)
    waits = await waits_of(office, run.id)

    planned = [1, 5, 15, 60, 180, 180, 180, 180, 180, 180, 180, 180]
    assert all(abs(wait - minutes) <= minutes * 0.101 for wait, minutes in zip(waits, planned, strict=False))
    assert 10 <= len(waits) <= 13
    delivery = office.runs.stored[run.id].delivery(1)
    assert "Given up after repeated tries: later" == delivery.reason
    assert {451} == {one.code for one in delivery.attempts}

    await office.all.runs.resolve(office.caller, run.id, 1, "resend")
    assert 7 <= len(await waits_of(office, run.id)) <= 9


async def waits_of(office: ScheduledOffice, run_id: int) -> list[float]:
    """Refuse a mail for now until it is given up, and return the minutes between the tries."""
    waits = list[float]()
    while states(office, run_id)[0] == "delivering" and len(waits) < 50:
        await end(office, await claim(office), 1, "retry", code=451, text="later")
        next_try = office.runs.stored[run_id].delivery(1).next_try
        if next_try is not None:
            waits.append((next_try - office.now()) / timedelta(minutes=1))
            office.now.moment = next_try
    return waits


async def test_a_receiver_may_ask_for_a_longer_wait(office: ScheduledOffice) -> None:
    """Of at most three hours."""
    run = await delivering(office)
    await end(office, await claim(office), 1, "retry", retry_after=timedelta(days=2))
    next_try = office.runs.stored[run.id].delivery(1).next_try

    assert next_try is not None
    assert timedelta(minutes=180) == next_try - office.now()


async def test_a_sent_mail_is_never_sent_again(office: ScheduledOffice) -> None:
    """Whatever happens to the others."""
    await delivering(office, BOB, EVE)
    found = await claim(office)
    await end(office, found, 1)
    await end(office, found, 2, "retry")
    office.now.pass_by(minutes=2)
    again = await claim(office)

    assert [2] == [one.delivery.number for one in again.deliveries]
    with pytest.raises(NotNow):
        await office.all.deliveries.start(again.run.id, holder(again), 1)


async def test_an_outcome_may_be_told_twice(office: ScheduledOffice) -> None:
    """It counts once; another outcome of the same claim is refused."""
    run = await delivering(office)
    found = await claim(office)
    await end(office, found, 1)
    assert "sent" == await office.all.deliveries.finish(run.id, holder(found), Finish(1, "sent"))
    with pytest.raises(LeaseLost):
        await office.all.deliveries.finish(run.id, holder(found), Finish(1, "failed"))

    assert 1 == len(office.runs.stored[run.id].delivery(1).attempts)


async def test_mails_past_the_limit_of_a_minute_wait_for_the_next() -> None:
    """Without a try; webhooks do not count."""
    office = ScheduledOffice(limits=ScheduleLimits(mails_per_minute=1), now=Clock())
    run = await delivering(office, BOB, EVE, webhook_url=HOOK)
    found = await claim(office)
    await end(office, found, 1)
    with pytest.raises(TooMuch) as caught:
        await office.all.deliveries.start(run.id, holder(found), 2)
    await end(office, found, 3)

    assert caught.value.retry_after_s is not None
    assert 0 < caught.value.retry_after_s <= 60
    office.now.pass_by(minutes=1)
    again = await claim(office)
    await end(office, again, 2)
    assert ["sent", "sent", "sent", "sent"] == states(office, run.id)
    assert 1 == len(office.runs.stored[run.id].delivery(2).attempts)


async def test_a_claim_has_no_mails_while_the_minute_is_full() -> None:
    """So that workers are free for webhooks, and for what others wait for."""
    office = ScheduledOffice(limits=ScheduleLimits(mails_per_minute=1), now=Clock())
    await delivering(office, BOB, EVE)
    await delivering(office, DAN, webhook_url=HOOK)
    found = await claim(office)
    await end(office, found, 1)
    with pytest.raises(TooMuch):
        await office.all.deliveries.start(found.run.id, holder(found), 2)

    later = await claim(office)
    assert ["webhook"] == [one.delivery.channel for one in later.deliveries]
    assert await office.all.deliveries.claim("w", 0) is None
    office.now.pass_by(minutes=1)
    assert [EVE] == [one.delivery.address for one in (await claim(office)).deliveries]


async def test_who_unsubscribes_before_the_start_gets_nothing(office: ScheduledOffice) -> None:
    """The next run skips the address too, and a change of the schedule does not bring it back."""
    run = await delivering(office)
    found = await claim(office)
    await office.all.unsubscriptions.unsubscribe(found.deliveries[0].unsubscribe_token, from_all=False)
    with pytest.raises(NotNow):
        await office.all.deliveries.start(run.id, holder(found), 1)
    await office.all.schedules.update(office.caller, 1, lambda _: draft(recipients=(Recipient("BOB@example.org"),)))
    office.now.pass_by(seconds=1)
    second = await make(office, await office.all.runs.run_now(office.caller, 1))

    assert ["skipped", "skipped"] == states(office, run.id)
    assert "The recipient has unsubscribed" == second.deliveries[0].reason


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


async def test_a_worker_needs_a_name_and_waits_a_little(office: ScheduledOffice) -> None:
    """A run that is made wakes it."""
    for worker, wait_s in (("", 0), ("x" * 101, 0), ("a\n", 0), ("w", 21)):
        with pytest.raises(InvalidParameters):
            await office.all.deliveries.claim(worker, wait_s)
    waiting = asyncio.create_task(office.all.deliveries.claim("w", 20))
    await asyncio.sleep(0)
    await delivering(office)

    assert await asyncio.wait_for(waiting, 10) is not None


async def test_a_service_that_goes_down_lets_nobody_wait(office: ScheduledOffice) -> None:
    """Calls that wait get nothing, as do those that come."""
    waiting = [asyncio.create_task(office.all.deliveries.claim(f"w{one}", 20)) for one in range(3)]
    await asyncio.sleep(0)
    office.all.deliveries.close()

    assert [None] * 3 == await asyncio.wait_for(asyncio.gather(*waiting), 10)
    assert await office.all.deliveries.claim("w", 20) is None


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
