"""Claims of deliveries, their leases and their fences."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from services.errors import InvalidParameters, NotFound
from services.errors.reports import LeaseLost
from services.generation.schedules.outcomes import Finish, Holder
from services.generation.schedules.run import Outcome, Run, RunFile
from tests.builders.scheduled_reports import ScheduledOffice
from tests.unit.generation.schedules.conftest import BOB, EVE, HOOK, claim, delivering, end, holder, states


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


async def test_a_worker_that_goes_while_it_claims_leaves_its_claim_to_others(
    office: ScheduledOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once, not at the end of a lease that nobody knows of."""
    run = await delivering(office)
    claims, reached, proceed = office.runs.claim, asyncio.Event(), asyncio.Event()

    async def slow(*args: Any) -> Run | None:
        reached.set()
        await proceed.wait()
        return await claims(*args)

    monkeypatch.setattr(office.runs, "claim", slow)
    going = asyncio.create_task(office.all.deliveries.claim("w", 20))
    await reached.wait()
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    proceed.set()
    other = await office.all.deliveries.claim("v", 20)

    assert other is not None
    assert (run.id, 2) == (other.run.id, other.run.fence)


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
