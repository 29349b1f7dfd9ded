"""Deliveries of generation keep the contract of their port over a real channel, as their fake does."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import grpc
import pytest
from daybook.schedule.v1.delivery_service_pb2_grpc import add_DeliveryServiceServicer_to_server

from services.errors import NotAuthenticated, Unavailable
from services.generation.accounts.delivery_token import DeliveryTokenCheck
from services.generation.schedules.run import Delivery
from services.generation.servicers.deliveries import DeliveryServicer
from services.rendering.delivery.delivery_client import DeliveryClient
from services.runtime.channel import open_channel
from tests.builders.claims import claim_of, mail_to
from tests.builders.scheduled_reports import MONDAY, RUN, ScheduledOffice
from tests.contracts.deliveries import DeliveryQueueContract
from tests.fakes.deliveries import FakeDeliveryQueue
from tests.integration.servers import Server, serving

SERVICE = "daybook.schedule.v1.DeliveryService"
TOKEN = "delivery"


class TestFakeDeliveryQueue(DeliveryQueueContract):
    @pytest.fixture
    def deliveries(self) -> FakeDeliveryQueue:
        return FakeDeliveryQueue([claim_of([mail_to("bob@example.com"), mail_to("eve@example.com", 2)])])


@asynccontextmanager
async def generation() -> AsyncIterator[Server]:
    """Run deliveries with a run that is due: two tests of the mail server."""
    office = ScheduledOffice()
    mails = [Delivery(number, "mail", "bob@example.com", "mail_test", next_try=MONDAY) for number in (1, 2)]
    due = {"kind": "mail_test", "state": "delivering", "step_time": None, "next_try": MONDAY}
    await office.runs.add(replace(RUN, schedule_id=0, owner_id=0, window=None, deliveries=mails, **due))
    servicer = DeliveryServicer(office.all.deliveries, DeliveryTokenCheck(TOKEN))

    def add(server: grpc.aio.Server) -> None:
        add_DeliveryServiceServicer_to_server(servicer, server)

    async with serving(add, SERVICE) as running:
        yield running


class TestDeliveryClient(DeliveryQueueContract):
    @pytest.fixture
    async def deliveries(self) -> AsyncIterator[DeliveryClient]:
        async with generation() as running:
            yield DeliveryClient(running.channel, TOKEN, "worker")


async def test_a_wrong_token_is_refused() -> None:
    """So is none: a client has one in any case."""
    async with generation() as running:
        for token in ("wrong", ""):
            with pytest.raises(NotAuthenticated):
                await DeliveryClient(running.channel, token, "worker").claim(0)


async def test_a_claim_of_nothing_is_no_line_of_the_log(caplog: pytest.LogCaptureFixture) -> None:
    """An idle worker asks again and again."""
    caplog.set_level("INFO", "daybook.rpc")
    async with generation() as running:
        client = DeliveryClient(running.channel, TOKEN, "worker")
        claims = [await client.claim(0) for _ in range(3)]

    assert 1 == sum(claim is not None for claim in claims) == len(caplog.messages)


async def test_a_generation_that_is_away_is_unavailable() -> None:
    """Whatever is asked of it."""
    async with generation() as running:
        address = running.address
    async with open_channel(address) as channel:
        with pytest.raises(Unavailable):
            await DeliveryClient(channel, TOKEN, "worker").claim(0)
