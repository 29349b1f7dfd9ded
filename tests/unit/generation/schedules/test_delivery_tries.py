"""Tries of deliveries: their waits, their limits, and what becomes of a doubt."""

from datetime import timedelta

import pytest

from services.errors import NotNow, TooMuch
from services.errors.reports import LeaseLost
from services.generation.schedules.outcomes import Finish
from services.generation.schedules.run import Run
from services.generation.schedules.schedule import Recipient, ScheduleLimits
from tests.builders.scheduled_reports import Clock, ScheduledOffice, draft
from tests.unit.generation.schedules.conftest import BOB, EVE, HOOK, claim, delivering, end, holder, make, states


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
    await delivering(office, BOB, webhook_url=HOOK)
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
