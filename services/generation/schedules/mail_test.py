"""Tests of the mail server: a mail that goes the whole way through a delivery worker, tried once."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from services.errors import InvalidParameters, NotNow, Unavailable, Violation
from services.generation.accounts.audit import audited
from services.generation.schedules.receiver_checks import AddressChecks
from services.generation.schedules.run import UNFINISHED, Delivery, Run, settled, stopped
from services.generation.schedules.schedule_store import Runs
from services.generation.schedules.schedule_words import NO_WORKER
from services.generation.schedules.stored_changes import changed

WAIT = timedelta(seconds=30)  # for a worker
LOOK_S = 0.25
TRIES = 10


@dataclass(frozen=True, slots=True)
class MailTests:
    """Sender of test mails for operators; `wake` lets waiting workers look at once."""

    runs: Runs
    addresses: AddressChecks
    now: Callable[[], datetime]
    wake: Callable[[], None]

    async def sent(self, address: str) -> AsyncGenerator[Run, None]:
        """Send a mail to an address and yield its run at once and after each change, until it is over.

        Raises InvalidParameters, and NotNow when no worker claims the mail.
        """
        found: list[Violation] = []
        addresses = self.addresses.checked([address], "address", found)
        if found:
            raise InvalidParameters([Violation("address", one.description) for one in found])
        with audited("test_mail", address=address[:255]) as known:
            run = await self._planned(addresses[0])
            known["run_id"] = run.id
        self.wake()
        yield run
        while run.state in UNFINISHED:
            if run.fence == 0 and self.now() - run.create_time > WAIT:
                await changed(self.runs, run.id, lambda one: stopped(one, NO_WORKER, self.now()))
                raise NotNow(NO_WORKER)
            await asyncio.sleep(LOOK_S)
            seen, run = run, await self.runs.find(run.id) or run
            if run.version != seen.version:
                yield run

    async def _planned(self, address: str) -> Run:
        for _ in range(TRIES):
            now = self.now()
            delivery = Delivery(1, "mail", address, purpose="mail_test", next_try=now)
            civil = now.astimezone(UTC).replace(tzinfo=None, microsecond=0)
            run = Run(0, 0, 0, "mail_test", now, civil, "UTC", now, deliveries=(delivery,))
            stored = await self.runs.add(settled(run, now))
            if stored is not None:
                return stored
        raise Unavailable
