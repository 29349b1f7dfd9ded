"""Campaigns of scheduled reports: `python -m tests.chaos.deliveries --schedules 200 --kills 20 --seed 1`.

Two of each service deliver the runs of many schedules to a mail server and a receiver of webhooks that drop, delay and
put off, while random processes are killed. Exit code 1 when a recipient has no mail or no notice, or when a Message-ID
or a `webhook-id` came twice without a kill or a cut between the message and the recorded answer. With `--in-doubt hold`
no Message-ID may; each doubt is a state of a run.

With `--gently` processes are told to stop, and only cuts excuse what came twice.

With `--load` nothing is killed or rough, nothing may come twice, and a report is downloaded meanwhile: its downloads
may take 3 times as long as before.
"""

import argparse
import asyncio
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from psutil import NoSuchProcess
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from services.runtime.channel import open_channel
from tests.chaos import replicas
from tests.chaos.disk import small_disk
from tests.chaos.download_load import DownloadLoad, download_load
from tests.chaos.due_schedules import DueSchedules, whole_minute_after
from tests.chaos.layout import Layout
from tests.chaos.rough_mail_and_webhooks import RoughMailServer, RoughReceiver
from tests.fakes.mail_server import mail_server
from tests.fakes.webhook_receiver import webhook_receiver

VICTIMS = ("generation-1", "generation-2", "rendering-1", "rendering-2", "rendering-1", "rendering-2", "mongodb")
ENDS_WITHIN_S = 600.0
MOST_TIMES = 3.0  # of the usual time of a download
INTERRUPTED = 130  # exit code, as of a shell
OVER = ("sent", "partly", "failed", "skipped")


@dataclass(frozen=True, slots=True)
class Stored:
    """Numbers of runs by state, and of their reports."""

    states: Counter[str] = field(default_factory=Counter)
    reports: int = 0

    def over(self) -> int:
        """Return the number of runs that are over or in doubt."""
        return sum(self.states[one] for one in (*OVER, "doubtful"))


@dataclass
class Campaign:
    """The servers of a campaign, and what was killed when."""

    layout: Layout
    mail: RoughMailServer
    webhook: RoughReceiver
    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    kills_s: list[float] = field(default_factory=list)

    async def kill(self, kills: int, pause_s: float, *, gently: bool) -> None:
        """Kill one process after the other, each at work; one that is told to stop doubles nothing."""
        for _ in range(kills):
            await asyncio.sleep(pause_s * (0.5 + self.chance.random()))
            name = self.chance.choice(VICTIMS)
            process = await self.layout.parts[name].main()
            with suppress(NoSuchProcess):
                process.send_signal(signal.SIGTERM if gently else signal.SIGKILL)
            self.kills_s += [] if gently else [time.monotonic()]
            self.killed[name] += 1
        await self.layout.until_healthy()

    async def until_over(self, count: int) -> Stored:
        """Let time until next tries pass, until every run is over or in doubt; return what is stored."""
        ends, told = time.monotonic() + ENDS_WITHIN_S, 0.0
        while True:
            found = Stored()
            with suppress(PyMongoError):
                async with AsyncMongoClient[Any](self.layout.database(), timeoutMS=2_000) as client:
                    found = await _stored(client.daybook)
            if found.over() == count or time.monotonic() > ends:
                return found
            if time.monotonic() > told + 10:
                told = time.monotonic()
                sys.stdout.write(f"{dict(found.states)}, {self.mail.taken.total()} mails, {dict(self.killed)}\n")
                sys.stdout.flush()
            await asyncio.sleep(1)

    def wrong(self, stored: Stored, count: int, *, hold: bool) -> list[str]:
        """Return what must not be, after printing what was."""
        kills, doubts = max(1, self.killed.total()), stored.states["doubtful"] if hold else 0
        sys.stdout.write(f"runs {dict(stored.states)}; reports {stored.reports}; killed {dict(self.killed)}\n")
        found = []
        for what, one, doubtful in (("mails", self.mail, doubts), ("webhooks", self.webhook, 0)):
            again, cut = one.again(), one.cut.total()
            missing = count - len(+one.taken)
            sys.stdout.write(
                f"{what}: {one.taken.total()} of {count}, of which again {again}; cut after the message {cut}; "
                f"again past the cuts for each kill {max(0, again - cut) / kills:.2f}; missing {missing}\n"
            )
            found += [f"{missing} {what} are missing"] if missing > doubtful else []
        found += [f"{name} came {times} times" for name, times in self.mail.doubled().items() if hold]
        found += [] if hold else self.mail.unexcused(self.kills_s)
        found += self.webhook.unexcused(self.kills_s)
        if (stored.states["sent"] + doubts, stored.states.total(), stored.reports) != (count, count, count):
            found.append(f"not {count} runs are sent, each with one report")
        return found


async def _stored(database: Any) -> Stored:
    """Let tries that nobody holds be due, and return what is stored."""
    now = datetime.now(UTC)
    later = {"state": "delivering", "next_try": {"$gt": now}, "$or": [{"lease": None}, {"lease.numbers": []}]}
    due = {"$set": {"next_try": now, "deliveries.$[one].next_try": now}, "$inc": {"version": 1}}
    await database.schedule_runs.update_many(later, due, array_filters=[{"one.state": "waiting"}])
    counted = await database.schedule_runs.aggregate([{"$group": {"_id": "$state", "count": {"$sum": 1}}}])
    states = Counter({one["_id"]: one["count"] async for one in counted})
    return Stored(states, await database.reports.count_documents({"request_id": {"$regex": "^schedule:"}}))


async def campaign(options: argparse.Namespace, folder: Path) -> bool:
    """Play a campaign; say whether all was right."""
    chance = random.Random(options.seed)
    async with AsyncExitStack() as held:
        mail = RoughMailServer(chance=chance, is_rough=not options.load)
        await held.enter_async_context(mail_server(server=mail))
        receiver = RoughReceiver(chance=chance, is_rough=not options.load)
        await held.enter_async_context(webhook_receiver(receiver=receiver))
        disk = held.enter_context(small_disk(folder / "disk"))
        more = _environment(mail.port, options.in_doubt)
        layout = await held.enter_async_context(replicas.laid_out(folder, disk, more))
        load = await held.enter_async_context(download_load(layout)) if options.load else None
        if load is not None:
            await load.run_alone()
        due = DueSchedules(options.schedules, whole_minute_after(options.lead), receiver.url)
        async with open_channel(layout.generation) as channel:
            await due.make(channel, [("authorization", f"Bearer {layout.operator_token()}")])
        await due.until_due()
        played = Campaign(layout, mail, receiver, chance)
        stored = await _played(played, options, load)
        wrong = played.wrong(stored, options.schedules, hold=options.in_doubt == "hold")
        wrong += load.wrong(MOST_TIMES) if load is not None else []
    for line in wrong:
        sys.stdout.write(f"WRONG: {line}\n")
    return not wrong


async def _played(played: Campaign, options: argparse.Namespace, load: DownloadLoad | None) -> Stored:
    """Kill, or download, until all runs are over; return what is stored."""
    over = asyncio.Event()
    beside = (
        load.run_until(over) if load is not None else played.kill(options.kills, options.pause, gently=options.gently)
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(beside)
        began_s = time.monotonic()
        stored = await played.until_over(options.schedules)
        sys.stdout.write(f"over after {time.monotonic() - began_s:.0f} s\n")
        over.set()
    return stored


def _environment(port: int, in_doubt: str) -> dict[str, str]:
    return {
        "DELIVERY_TOKEN": "campaign",
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(port),
        "SMTP_SECURITY": "none",
        "SMTP_FROM": "reports@example.com",
        "SMTP_TIMEOUT": "5",
        "SMTP_PER_MINUTE": "100000",
        "MAIL_IN_DOUBT": in_doubt,
        "WEBHOOK_ALLOW_PRIVATE": "true",
        "PUBLIC_URL": "https://reports.example.com",
    }


def main() -> int:
    """Read the options, play, and leave nothing behind unless something was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos.deliveries", description=__doc__)
    parser.add_argument("--schedules", type=int, default=200, help="how many runs (200)")
    parser.add_argument("--kills", type=int, default=20, help="how many processes are killed (20)")
    parser.add_argument("--pause", type=float, default=3.0, help="seconds between two kills, about (3)")
    parser.add_argument("--lead", type=float, default=60.0, help="seconds at least until all are due (60)")
    parser.add_argument("--seed", type=int, default=1, help="decides kills and answers (1)")
    parser.add_argument("--in-doubt", choices=("resend", "hold"), default="resend", help="MAIL_IN_DOUBT (resend)")
    parser.add_argument("--gently", action="store_true", help="stop processes by SIGTERM, which may double nothing")
    parser.add_argument("--load", action="store_true", help="kill nothing, and measure downloads beside the deliveries")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # parts end and the disk goes
    folder, is_right = Path(tempfile.mkdtemp(prefix="daybook-deliveries-")), True
    try:
        is_right = asyncio.run(campaign(options, folder))
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        if is_right:
            shutil.rmtree(folder)
    sys.stdout.write("" if is_right else f"logs: {folder}\n")
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
