"""One round: a load, faults in the middle of it, and then the reckoning."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from tests.chaos.answers import Answers
from tests.chaos.environment import Environment
from tests.chaos.faults import Fault, Weather, strike
from tests.chaos.ledger import Asked, Ledger
from tests.chaos.oracle import Findings
from tests.chaos.reporters import Reporter
from tests.chaos.timeouts import until
from tests.chaos.writers import Writer, run_saved

CLIENTS_PER_OWNER = 2
RUNNERS = 2
CALM_LOAD_S = 1.0
SETTLED_WITHIN_S = 90.0


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a round; `wrong` lists every violation."""

    number: int
    faults: Sequence[str]
    findings: Findings
    kinds: Counter[str]
    runs: int
    written: int
    seconds: float
    wrong: Sequence[str]


@dataclass(frozen=True, slots=True)
class Round:
    """A round by its number, with the faults drawn for it. Equal seeds ask for the same things in the same order."""

    environment: Environment
    seed: int
    number: int
    faults: list[Fault]

    async def play(self, load_s: float) -> Played:
        """Let the load run for so many seconds and until all is well again; then compare what was said with what is."""
        began, answers, ledger, weather = time.monotonic(), Answers(), Ledger(), Weather()
        stop = asyncio.Event()
        reporters, load = self._load(answers, ledger, stop)
        try:
            await asyncio.gather(asyncio.sleep(load_s), strike(self.faults, self.environment.layout, weather))
            await self.environment.until_calm()
            weather.calm_at = time.monotonic()
            await asyncio.sleep(CALM_LOAD_S)
        finally:
            stop.set()
            await asyncio.gather(*load)
        await asyncio.gather(*(_settle(reporters[0], asked) for asked in ledger.reports))
        findings = await self.environment.oracle.check(ledger, self.environment.seed_data, self.number)
        await asyncio.gather(
            *(until(partial(reporters[0].delete, asked), SETTLED_WITHIN_S) for asked in ledger.reports if asked.ids)
        )
        wrong = [
            *answers.violations(weather),
            *ledger.strange,
            *(findings.wrong or []),
            *await self.environment.oracle.left(),
        ]
        written = sum(len(one.acknowledged) for one in (ledger.imported, ledger.plain, ledger.points))
        seconds = time.monotonic() - began
        faults = [f"missed {one}" if one in weather.missed else str(one) for one in self.faults]
        return Played(self.number, faults, findings, answers.kinds(), ledger.runs, written, seconds, wrong)

    def _load(
        self, answers: Answers, ledger: Ledger, stop: asyncio.Event
    ) -> tuple[list[Reporter], list[asyncio.Task[None]]]:
        """Start the clients; return those of reports, and all their tasks."""
        environment, caller, seed = self.environment, self.environment.caller(answers), f"{self.seed}-{self.number}"
        works, reporters = [], []
        for key in sorted({ask.hash for ask in environment.seed_data.asks}):
            asks = [ask for ask in environment.seed_data.asks if ask.hash == key]
            for _ in range(CLIENTS_PER_OWNER):
                name = f"{seed}-{len(reporters)}"
                reporters.append(Reporter(caller, ledger, name, random.Random(name)))
                works.append(reporters[-1].run(asks, stop))
        writer = Writer(caller, ledger, environment.operator, environment.seed_data, self.number)
        works += [writer.import_entries(stop), writer.create_entries(stop), writer.write_points(stop)]
        works += [run_saved(caller, ledger, environment.seed_data, f"{seed}-run-{one}", stop) for one in range(RUNNERS)]
        return reporters, [asyncio.create_task(work) for work in works]


async def _settle(reporter: Reporter, asked: Asked) -> None:
    """See a report through to its end now that nothing disturbs it, asking again where no answer came."""
    for work in (reporter.ask, reporter.is_made, partial(reporter.fetch, form="retrieve")):
        if not await until(partial(work, asked), SETTLED_WITHIN_S):
            return
