"""One round: a load, faults in the middle of it, and then the reckoning."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial

from tests.chaos.answers import Answers, Caller
from tests.chaos.environment import Environment
from tests.chaos.fairness import Waits, wait_for_small
from tests.chaos.faults import Fault, Weather
from tests.chaos.ledger import Asked, Ledger
from tests.chaos.oracle import Findings, store_of
from tests.chaos.reporters import Reporter
from tests.chaos.strikes import strike
from tests.chaos.timeouts import until
from tests.chaos.writers import Writer, run_saved

CLIENTS_PER_OWNER = 2
GREEDY_CLIENTS = 6  # of the first account, one more than it may have reports in the making
RUNNERS = 2
CALM_LOAD_S = 5.0  # or as long as the faults last, if that is shorter


@dataclass(frozen=True, slots=True)
class Played:
    """Outcome of a round; `wrong` lists every violation."""

    number: int
    faults: Sequence[str]
    findings: Findings
    kinds: Counter[str]
    runs: int
    written: int
    seconds: float
    wrong: Sequence[str]
    killed: int
    beside_s: Sequence[float]  # of small reports while other accounts had large ones made, nothing else being wrong


@dataclass(frozen=True, slots=True)
class Round:
    """A round by its number, with the faults drawn for it. Equal seeds ask for the same things in the same order."""

    environment: Environment
    seed: int
    number: int
    faults: list[Fault]
    weather: Weather = field(default_factory=Weather)

    async def play(self, load_s: float) -> Played:
        """Let the load run for so many seconds and until all is well again; then compare what was said with what is."""
        began, answers, ledger, weather = time.monotonic(), Answers(), Ledger(), self.weather
        environment, caller, waits = self.environment, self.environment.caller(answers), Waits()
        weather.any_machine = environment.any_machine
        stop = asyncio.Event()
        reporters, load = self._load(caller, ledger, waits, stop)
        try:
            await asyncio.gather(asyncio.sleep(load_s), strike(self.faults, environment.layout, weather))
            await environment.until_calm()
            weather.calm_at = time.monotonic()
            await asyncio.sleep(min(CALM_LOAD_S, load_s))
        except asyncio.CancelledError:
            for work in load:
                work.cancel()
            raise
        finally:
            stop.set()
            await asyncio.wait(load)
        for work in load:
            work.result()
        findings, wrong = await self._settled(caller, ledger, reporters[0])
        written = sum(len(one.acknowledged) for one in (ledger.imported, ledger.plain, ledger.points))
        return Played(
            number=self.number,
            faults=[f"missed {one}" if one in weather.missed else str(one) for one in self.faults],
            findings=findings,
            kinds=answers.kinds(),
            runs=ledger.runs,
            written=written + len(environment.records.kept),
            seconds=time.monotonic() - began,
            wrong=[*answers.violations(weather), *ledger.strange, *wrong],
            killed=weather.killed,
            beside_s=waits.calm_s(weather),
        )

    async def _settled(self, caller: Caller, ledger: Ledger, reporter: Reporter) -> tuple[Findings, list[str]]:
        """See everything to its end, compare it with what was said, and delete the reports."""
        environment = self.environment
        ledger.progress.note()
        await asyncio.gather(*(_settle(reporter, asked) for asked in ledger.reports))
        wrong = [
            *await environment.accounts.wrong(caller),
            *await environment.saved_reports.wrong(caller),
            *await environment.records.wrong(caller),
        ]
        async with store_of(environment.layout) as oracle:
            findings = await oracle.check(ledger, environment.seed_data, self.number)
            made = [asked for asked in ledger.reports if asked.ids]
            await asyncio.gather(*(until(partial(reporter.delete, asked), ledger.progress) for asked in made))
            return findings, [*wrong, *(findings.wrong or []), *await oracle.left()]

    def _load(
        self, caller: Caller, ledger: Ledger, waits: Waits, stop: asyncio.Event
    ) -> tuple[list[Reporter], list[asyncio.Task[None]]]:
        """Start the clients; return those of reports, and all their tasks."""
        environment, seed = self.environment, f"{self.seed}-{self.number}"
        seed_data, works = environment.seed_data, []
        reporters: list[Reporter] = []
        for place, key in enumerate(dict.fromkeys(ask.hash for ask in seed_data.asks)):
            asks = [ask for ask in seed_data.asks if ask.hash == key]
            for _ in range(CLIENTS_PER_OWNER if place else GREEDY_CLIENTS):
                name = f"{seed}-{len(reporters)}"
                reporters.append(Reporter(caller, ledger, name, random.Random(name)))
                works.append(reporters[-1].run(asks, stop))
        works.append(wait_for_small(reporters[-1], seed_data.small, waits, stop))
        writer = Writer(caller, ledger, environment.operator, seed_data, self.number)
        works += [writer.import_entries(stop), writer.create_entries(stop), writer.write_points(stop)]
        works += [run_saved(caller, ledger, seed_data, f"{seed}-run-{one}", stop) for one in range(RUNNERS)]
        lasting = (environment.accounts, environment.saved_reports, environment.records)
        works += [client.work(caller, self.number, stop) for client in lasting]
        return reporters, [asyncio.create_task(work) for work in works]


async def _settle(reporter: Reporter, asked: Asked) -> None:
    """See a report through to its end now that nothing disturbs it, asking again where no answer came."""
    for work in (reporter.ask, reporter.is_made, partial(reporter.fetch, form="retrieve")):
        if not await until(partial(work, asked), reporter.ledger.progress):
            return
