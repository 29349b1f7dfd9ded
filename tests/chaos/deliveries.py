"""Kill campaign of scheduled reports: `python -m tests.chaos.deliveries --schedules 200 --kills 20 --seed 1`.

Two of each service deliver the runs of many schedules to a mail server that drops, delays and puts off, while random
processes are killed. Exit code 1 when a recipient has no mail, or when a Message-ID came twice without a kill or a cut
between the message and the recorded answer. With `--in-doubt hold` none may come twice; each doubt is a state of a run.
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
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daybook.account.v1.account_service_pb2 import CreateApiKeyRequest, CreateUserRequest
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.fleet_pb2 import Tracker
from daybook.input.v1.input_service_pb2 import Batch, TrackerList, UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV
from daybook.report.v1.report_pb2 import Plugin
from daybook.schedule.v1.schedule_pb2 import Recipient, Rule, Schedule, Webhook, Weekdays
from daybook.schedule.v1.schedule_service_pb2 import CreateScheduleRequest
from daybook.schedule.v1.schedule_service_pb2_grpc import ScheduleServiceStub
from psutil import NoSuchProcess
from pymongo import AsyncMongoClient
from pymongo.errors import PyMongoError

from services.runtime.channel import open_channel
from tests.chaos import replicas
from tests.chaos.disk import small_disk
from tests.chaos.layout import Layout
from tests.chaos.rough_mail import RoughMailServer, RoughReceiver
from tests.fakes.mail_server import mail_server
from tests.fakes.webhook_receiver import webhook_receiver

VICTIMS = ("generation-1", "generation-2", "rendering-1", "rendering-2", "rendering-1", "rendering-2", "mongodb")
PER_ACCOUNT = 50
BERLIN, MINUTE = ZoneInfo("Europe/Berlin"), timedelta(minutes=1)
ENDS_WITHIN_S = 600.0
INTERRUPTED = 130  # exit code, as of a shell
OVER = ("sent", "partly", "failed", "skipped")
Credentials = Sequence[tuple[str, str]]


@dataclass
class Campaign:
    """The servers of a campaign, what was killed, and which messages a kill may have doubled."""

    layout: Layout
    mail: RoughMailServer
    webhook: RoughReceiver
    chance: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    kills_s: list[float] = field(default_factory=list)

    async def schedule(self, operator: Credentials, count: int, due: datetime) -> None:
        """Make accounts with schedules, each with one recipient and a webhook, all of them due in the same second.

        Raises TimeoutError when that took too long.
        """
        async with open_channel(self.layout.generation) as channel:
            stub = ScheduleServiceStub(channel)
            for first in range(0, count, PER_ACCOUNT):
                caller = await _account(channel, operator, 1 + first)
                for number in range(first, min(first + PER_ACCOUNT, count)):
                    wanted = _schedule(1 + first, number, self.webhook.url, due)
                    await stub.CreateSchedule(CreateScheduleRequest(schedule=wanted), metadata=caller)
        if datetime.now(UTC) >= due:
            raise TimeoutError("schedules were due before all were made: raise --lead")
        await asyncio.sleep((due - datetime.now(UTC)).total_seconds())

    async def kill(self, kills: int, pause_s: float) -> None:
        """Kill one process after the other, each while the stack is at work."""
        for _ in range(kills):
            await asyncio.sleep(pause_s * (0.5 + self.chance.random()))
            name = self.chance.choice(VICTIMS)
            process = await self.layout.parts[name].main()
            with suppress(NoSuchProcess):
                process.kill()
            self.kills_s.append(time.monotonic())
            self.killed[name] += 1
        await self.layout.until_healthy()

    async def until_over(self, count: int) -> Counter[str]:
        """Let time until next tries pass, until every run is over or in doubt; return the runs by state."""
        ends, told = time.monotonic() + ENDS_WITHIN_S, 0.0
        while True:
            states = Counter[str]()
            with suppress(PyMongoError):
                async with AsyncMongoClient[Any](self.layout.database(), timeoutMS=2_000) as client:
                    states = await _states(client.daybook.schedule_runs)
            if sum(states[one] for one in (*OVER, "doubtful")) == count:
                return states
            if time.monotonic() > told + 10:
                told = time.monotonic()
                sys.stdout.write(f"{dict(states)}, {sum(self.mail.taken.values())} mails, {dict(self.killed)}\n")
                sys.stdout.flush()
            if time.monotonic() > ends:
                return states
            await asyncio.sleep(1)

    def wrong(self, states: Counter[str], count: int, *, hold: bool) -> list[str]:
        """Return what must not be, after printing what was."""
        mails, notices = self.mail.taken, self.webhook.taken
        doubled = {name: times for name, times in mails.items() if times > 1}
        excused = self.mail.cut + self.mail.hit_by(self.kills_s)
        missing = count - sum(times > 0 for times in mails.values())
        sys.stdout.write(
            f"runs {dict(states)}; killed {dict(self.killed)}; mails {sum(mails.values())}, "
            f"of which again {sum(doubled.values()) - len(doubled)}; cut after the message {self.mail.cut.total()}; "
            f"without a mail {missing}; webhooks {sum(notices.values())} of {len(notices)} ids\n"
        )
        found = [f"{name} came {times} times" for name, times in doubled.items() if hold or times > 1 + excused[name]]
        found += [f"{missing} recipients have no mail"] if missing > (states["doubtful"] if hold else 0) else []
        found += [f"{count - len(notices)} webhooks are missing"] if len(notices) != count else []
        allowed = states["sent"] + (states["doubtful"] if hold else 0)
        return [*found, *([f"{count - allowed} runs are not sent"] if allowed != count else [])]


async def _states(runs: Any) -> Counter[str]:
    """Let tries that nobody holds be due, and count the runs by state."""
    now = datetime.now(UTC)
    later = {"state": "delivering", "next_try": {"$gt": now}, "$or": [{"lease": None}, {"lease.numbers": []}]}
    due = {"$set": {"next_try": now, "deliveries.$[one].next_try": now}, "$inc": {"version": 1}}
    await runs.update_many(later, due, array_filters=[{"one.state": "waiting"}])
    counted = await runs.aggregate([{"$group": {"_id": "$state", "count": {"$sum": 1}}}])
    return Counter({one["_id"]: one["count"] async for one in counted})


async def _account(channel: Any, operator: Credentials, tracker_id: int) -> Credentials:
    login = f"owner{tracker_id}@example.com"
    accounts = AccountServiceStub(channel)
    user = CreateUserRequest(login=login, password="secret", time_zone="Europe/Berlin")
    await accounts.CreateUser(user, metadata=operator)
    key = (await accounts.CreateApiKey(CreateApiKeyRequest(login=login), metadata=operator)).hash
    trackers = TrackerList(items=[Tracker(id=tracker_id, label="Car")])
    request = UpsertRequest(owner_login=login, batch=Batch(trackers=trackers))
    await InputServiceStub(channel).Upsert(iter([request]), metadata=operator)
    return [("authorization", f"NVX {key}")]


def _schedule(tracker_id: int, number: int, webhook_url: str, due: datetime) -> Schedule:
    return Schedule(
        enabled=True,
        tracker_report=GenerateReportRequest(title=f"Trips {number}", tracker_ids=[tracker_id], plugin=Plugin(id=4)),
        period="1d",
        rule=Rule(weekdays=Weekdays(days=range(1, 8))),
        sending_time=f"{due.astimezone(BERLIN):%H:%M}",
        recipients=[Recipient(email=f"to{number}@example.com")],
        webhook=Webhook(url=webhook_url),
        formats=[FORMAT_CSV],
    )


async def campaign(options: argparse.Namespace, folder: Path) -> bool:
    """Play a campaign; say whether all was right."""
    chance = random.Random(options.seed)
    async with AsyncExitStack() as held:
        mail = await held.enter_async_context(mail_server(server=RoughMailServer(chance=chance)))
        receiver = RoughReceiver(chance=chance)
        await held.enter_async_context(webhook_receiver(receiver=receiver))
        disk = held.enter_context(small_disk(folder / "disk"))
        more = _environment(mail.port, options.in_doubt)
        layout = await held.enter_async_context(replicas.laid_out(folder, disk, more))
        played = Campaign(layout, mail, receiver, chance)
        due = (datetime.now(UTC) + timedelta(seconds=options.lead)).replace(second=0, microsecond=0) + MINUTE
        await played.schedule([("authorization", f"Bearer {layout.operator_token()}")], options.schedules, due)
        killing = asyncio.create_task(played.kill(options.kills, options.pause))
        states = await played.until_over(options.schedules)
        await killing
        wrong = played.wrong(states, options.schedules, hold=options.in_doubt == "hold")
    for line in wrong:
        sys.stdout.write(f"WRONG: {line}\n")
    return not wrong


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
