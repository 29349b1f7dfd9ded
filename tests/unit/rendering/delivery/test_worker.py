"""Worker of deliveries: from a claim to recorded outcomes, over a real mail server and a real webhook."""

import asyncio

import pytest
from daybook.schedule.v1.schedule_pb2 import OUTCOME_RETRY, OUTCOME_SENT
from pydantic import SecretStr

from services.errors import NotAuthenticated, NotNow, TooMuch, Unavailable
from services.rendering.bootstrap import assembled
from services.rendering.delivery import claim_job, worker
from services.rendering.delivery.delivery_queue import ClaimKey, LeaseLost
from services.rendering.delivery.outcome import DeliveryOutcome
from services.rendering.delivery.worker import DeliveryWorker
from services.rendering.settings import Settings
from tests.builders.claims import claim_of, mail_to
from tests.builders.delivery import delivered, delivery, report, working
from tests.fakes.deliveries import FakeDeliveryQueue
from tests.fakes.mail_server import CUT, HANG, mail_server

BOB, EVE, DAN = "bob@example.com", "eve@example.com", "dan@example.com"
KEY = ClaimKey(7, 1)
TAKEN = DeliveryOutcome(OUTCOME_SENT, 250, "taken")


async def test_what_must_not_be_sent_now_is_left_out() -> None:
    """It is no longer part of the claim: nothing is sent and nothing recorded."""
    claim = claim_of([mail_to(BOB), mail_to(EVE, 2)])
    queue = FakeDeliveryQueue([claim], refuse_start={1: NotNow("unsubscribed")})
    async with (
        mail_server() as server,
        delivery(report(), smtp_port=server.port) as made,
        working(queue, made.channels),
    ):
        await queue.until(lambda: bool(queue.finished))

    assert {2: TAKEN} == queue.outcomes()
    assert [EVE] == [to for to, _ in server.mails]


async def test_a_start_without_an_answer_sends_nothing() -> None:
    """It may be recorded or not: the delivery is tried again."""
    queue = FakeDeliveryQueue([claim_of([mail_to(BOB)])], refuse_start={1: Unavailable()})
    async with (
        mail_server() as server,
        delivery(report(), smtp_port=server.port) as made,
        working(queue, made.channels),
    ):
        await queue.until(lambda: bool(queue.finished))

    assert OUTCOME_RETRY == queue.outcomes()[1].outcome
    assert [] == server.mails


async def test_an_outcome_is_told_until_it_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the lease: the mail is sent once."""
    monkeypatch.setattr(claim_job, "TRY_AGAIN_S", 0.01)
    queue = FakeDeliveryQueue([claim_of([mail_to(BOB)])], refuse_finish=[Unavailable(), Unavailable()])
    async with (
        mail_server() as server,
        delivery(report(), smtp_port=server.port) as made,
        working(queue, made.channels),
    ):
        await queue.until(lambda: bool(queue.finished))

    assert {1: TAKEN} == queue.outcomes()
    assert 1 == len(server.mails)


async def test_a_lost_lease_ends_the_work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another worker may have the claim: nothing more of it is sent or told."""
    monkeypatch.setattr(claim_job, "EXTEND_EVERY_S", 0.05)
    monkeypatch.setattr(worker, "CLAIM_WAIT_S", 0.05)
    queue = FakeDeliveryQueue([claim_of([mail_to(BOB), mail_to(EVE, 2)])], refuse_extend=[LeaseLost()])
    async with mail_server() as server, delivery(report(), smtp_port=server.port) as made:
        server.answers_with("rcpt", HANG)
        async with working(queue, made.channels):
            await queue.until(lambda: queue.extended == 1 and queue.asked >= 3)

    assert ([], [], []) == (queue.started, queue.finished, server.mails)


async def test_a_lease_that_cannot_be_extended_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Generation is away; it is asked until the lease is over."""
    for name, seconds in {"EXTEND_EVERY_S": 0.02, "TRY_AGAIN_S": 0.02, "LEASE_S": 1.0}.items():
        monkeypatch.setattr(claim_job, name, seconds)
    queue = FakeDeliveryQueue([claim_of([mail_to(BOB)])], refuse_extend=[Unavailable() for _ in range(1_000)])
    async with mail_server() as server, delivery(report(), smtp_port=server.port) as made:
        server.answers_with("rcpt", HANG)
        job = claim_job.ClaimJob(queue.claims.pop(), queue, made.channels, asyncio.Event())
        await job.run()

    assert queue.extended > 2
    assert [] == queue.finished


async def test_a_stop_lets_a_begun_mail_end_and_begins_no_other() -> None:
    """The others are given back, so that they are claimed at once."""
    queue = FakeDeliveryQueue([claim_of([mail_to(BOB), mail_to(EVE, 2)])])
    async with (
        mail_server() as server,
        delivery(report(), smtp_port=server.port) as made,
        working(queue, made.channels) as stopping,
    ):
        await queue.until(lambda: bool(queue.started))
        stopping.set()

    assert {1: TAKEN} == queue.outcomes()
    assert [BOB] == [to for to, _ in server.mails]
    assert [KEY] == queue.released


async def test_a_mail_that_hangs_does_not_hold_up_a_stop() -> None:
    """Past the grace it is cut: what was begun is in doubt then."""
    queue = FakeDeliveryQueue([claim_of([mail_to(BOB)])])
    stopping = asyncio.Event()
    async with mail_server() as server, delivery(report(), smtp_port=server.port) as made:
        server.answers_with("end", HANG)
        async with DeliveryWorker(queue, made.channels, 1).running(stopping, 0.05):
            await queue.until(lambda: bool(queue.started))

    assert ([], [KEY]) == (queue.finished, queue.released)


async def test_a_worker_has_no_more_claims_than_it_may() -> None:
    """A second claim waits until the first is over."""
    claims = [claim_of([mail_to(BOB)], run_id=1), claim_of([mail_to(EVE)], run_id=2)]
    queue = FakeDeliveryQueue(claims)
    async with mail_server() as server, delivery(report(), smtp_port=server.port) as made:
        server.answers_with("rcpt", CUT)
        async with working(queue, made.channels, at_once=1):
            await queue.until(lambda: len(queue.finished) == 2)

    assert [1, 2] == [key.run_id for key, *_ in queue.finished]
    assert 3 >= queue.asked


async def test_a_refused_token_and_a_generation_that_is_away_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker goes on when they are mended, also after a fault that nothing foresaw."""
    monkeypatch.setattr(worker, "REFUSED_S", 0.01)
    monkeypatch.setattr(worker, "AWAY_S", 0.01)
    monkeypatch.setattr(worker, "FAULT_S", 0.01)
    refusals = [NotAuthenticated(), Unavailable(), TooMuch(), ZeroDivisionError()]
    queue = FakeDeliveryQueue([claim_of([mail_to(BOB)])], refuse_claim=refusals)
    async with (
        mail_server() as server,
        delivery(report(), smtp_port=server.port) as made,
        working(queue, made.channels),
    ):
        await queue.until(lambda: bool(queue.finished))

    assert {1: TAKEN} == queue.outcomes()


async def test_a_fault_of_ours_is_tried_again_and_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The owner sees no traceback; operators do."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("services.rendering.delivery.mail.as_html", broken)
    async with mail_server() as server:
        queue = await delivered(claim_of([mail_to(BOB)]), server=server)

    assert claim_job.UNEXPECTED == queue.outcomes()[1]
    assert "ZeroDivisionError" in caplog.text


async def test_a_full_minute_holds_no_worker() -> None:
    """The server is not told of recipients whose mails wait in generation, and the next claim is worked on at once."""
    full, other = claim_of([mail_to(BOB), mail_to(EVE, 2)]), claim_of([mail_to(DAN, 3)], run_id=8)
    queue = FakeDeliveryQueue([full, other], refuse_start={1: TooMuch("full", retry_after_s=60)})
    async with (
        mail_server() as server,
        delivery(report(), smtp_port=server.port) as made,
        working(queue, made.channels, at_once=1),
    ):
        await queue.until(lambda: bool(queue.finished))

    assert [BOB, DAN] == server.tried
    assert {3: TAKEN} == queue.outcomes()


async def test_without_a_token_nothing_is_delivered(caplog: pytest.LogCaptureFixture) -> None:
    """Rendering says so once, at its start."""
    caplog.set_level("INFO")
    async with assembled(Settings()) as off, assembled(Settings(delivery_token=SecretStr("token"))) as on:
        assert off.worker is None
        assert on.worker is not None

    assert ["scheduled reports are not delivered: DELIVERY_TOKEN is not set"] == caplog.messages
