"""Clients of reports: they ask, repeat what was not answered, follow, fetch and compare."""

import asyncio
import random
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.chaos.answers import Answer, Caller
from tests.chaos.ledger import Ask, Asked, Ledger
from tests.chaos.timeouts import until_told

WHOLE = 100  # percent
FETCHED_AS = ("retrieve", "csv", "csv", "xlsx")


def lasting(csv: bytes) -> bytes:
    """Return a report's CSV without the line that tells when it was made."""
    return b"\n".join(line for line in csv.split(b"\n") if not line.startswith(b"Created,"))


@dataclass(frozen=True, slots=True)
class Reporter:
    """A client with reports to ask for. Everything it learns goes into the ledger."""

    caller: Caller
    ledger: Ledger
    name: str
    chance: random.Random

    async def run(self, asks: list[Ask], stop: asyncio.Event) -> None:
        """Have one report after the other made until told to stop, perhaps in the middle of one."""
        number = 0
        while not stop.is_set():
            asked = Asked(f"{self.name}-{number}", self.chance.choice(asks))
            self.ledger.reports.append(asked)
            await self._whole(asked, stop)
            number += 1

    async def _whole(self, asked: Asked, stop: asyncio.Event) -> None:
        form = self.chance.choice(FETCHED_AS)
        for work in (self.ask, self.is_made, partial(self.fetch, form=form)):
            await until_told(partial(work, asked), stop)

    async def ask(self, asked: Asked) -> bool:
        """Ask for the report, or ask again; say whether it has an id now."""
        answer = await self.caller.tracker("generate", {"hash": asked.ask.hash, **asked.ask.parameters}, asked.key)
        if answer.is_ok:
            asked.ids.add(answer.body["id"])
        return answer.is_ok

    async def is_made(self, asked: Asked) -> bool:
        """Return whether the report has come to its end, finished or failed."""
        answer = await self._about("status", asked)
        if answer.kind == "500/6":
            asked.said_failed = True
        if answer.is_ok and answer.body["percent_ready"] > asked.percent:
            asked.percent = answer.body["percent_ready"]
            self.ledger.progress.note()
        return asked.said_failed or (answer.is_ok and asked.percent == WHOLE)

    async def fetch(self, asked: Asked, form: str) -> bool:
        """Fetch the report and compare it with the undisturbed one; say whether there is nothing more to try."""
        if asked.said_failed:
            return True
        if form == "retrieve":
            answer = await self._about("retrieve", asked)
            same = answer.is_ok and answer.body["report"]["sheets"] == asked.ask.sheets
        else:
            answer = await self._about("download", asked, format=form)
            same = answer.is_ok and (
                lasting(answer.body) == asked.ask.csv if form == "csv" else answer.body[:2] == b"PK"
            )
        if answer.is_ok and not same:
            self.ledger.strange.append(f"report {asked.key} differs from the undisturbed one as {form}")
        return answer.is_ok

    async def delete(self, asked: Asked) -> bool:
        """Delete the report; say whether that was answered as done."""
        return (await self._about("delete", asked)).is_ok

    async def _about(self, action: str, asked: Asked, **more: Any) -> Answer:
        body = {"hash": asked.ask.hash, "report_id": min(asked.ids), **more}
        return await self.caller.tracker(action, body)
