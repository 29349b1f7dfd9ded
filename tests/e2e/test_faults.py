"""Kill -9 in the middle of a report: it finishes once and whole, what was answered is kept, clients see 503 at most."""

import asyncio
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psutil
import pytest
from pymongo import MongoClient

from tests.e2e.fleets import fill
from tests.e2e.stack import Client, Stack

BACK_WITHIN_S = 200
DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
TRACKERS = list(range(1, 101))
PATIENCE = {
    "LEASE_SECONDS": "3600",  # a successor takes over without waiting for them
    "CALL_SECONDS": "100",  # what is told before is not told because the gateway's time was up
    "FIRST_MESSAGE_SECONDS": "3600",
}
MODULES = {"generation": "services.generation", "rendering": "services.rendering", "gateway": "gateway"}


@pytest.fixture(scope="module")
def shaken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Give a stack that may be harmed, with leases and deadlines that outlast the tests."""
    running = Stack(tmp_path_factory.mktemp("shaken"), PATIENCE).start()
    yield running
    assert 0 == running.stop()


@pytest.fixture(scope="module")
def fleet(shaken: Stack) -> Client:
    """Give the client of a fleet whose every tracker drove the published example."""
    shaken.command("user", "add", "fleet", "--password", "secret", "--time-zone", "Europe/Moscow")
    client = Client(shaken.addresses["gateway"], shaken.command("key", "add", "fleet")["hash"])
    token = (shaken.data_dir / "operator-token").read_text().strip()
    asyncio.run(fill(shaken.addresses["generation"], (("authorization", f"Bearer {token}"),), "fleet", TRACKERS))
    return client


@pytest.fixture(scope="module")
def undisturbed(fleet: Client) -> list[Any]:
    """Give the sheets of a report that nothing disturbed."""
    return fleet.made(TRACKERS, DAY)["sheets"]


def part(stack: Stack, name: str) -> psutil.Process:
    """Return the process of a part of the stack, the one that runs its module."""
    everyone = psutil.Process(stack.process.pid).children(recursive=True)
    if name == "mongodb":
        return next(one for one in everyone if one.name() == "mongod")
    return next(one for one in everyone if one.cmdline()[-1:] == [MODULES[name]])


def workers(stack: Stack) -> list[psutil.Process]:
    """Return the processes that compute, busiest first."""
    return sorted(forkserver(stack).children(), key=lambda one: -sum(one.cpu_times()[:2]))


def forkserver(stack: Stack) -> psutil.Process:
    """Return the process that the workers are forked from."""
    return next(one for one in part(stack, "generation").children() if "forkserver" in " ".join(one.cmdline()))


def half_made(client: Client) -> int:
    """Ask for the report of the whole fleet and wait until some of it is made; for another one if all of it is."""
    report_id = client.generate(TRACKERS, DAY)
    while not 5 <= (percent := client.post("report/tracker/status", report_id=report_id).json()["percent_ready"]) < 95:
        if percent == 100:
            report_id = client.generate(TRACKERS, DAY)
        time.sleep(0.02)
    return report_id


def whole_once(stack: Stack, client: Client, report_id: int, undisturbed: list[Any]) -> None:
    """Wait for a disturbed report and compare it with the undisturbed one, in the answer and in the store."""
    client.wait(report_id)
    sheets = retrieved(client, report_id)
    assert [sheet["header"] for sheet in undisturbed] == [sheet["header"] for sheet in sheets]
    assert [] == [sheet for sheet, expected in zip(sheets, undisturbed, strict=True) if sheet != expected]
    with MongoClient[dict[str, Any]](stack.mongodb_uri) as mongo:
        report = mongo[stack.database_name].reports.find_one({"_id": report_id})
        parts = list(
            mongo[stack.database_name].report_sheets.find(
                {"report_id": report_id}, {"attempt": 1, "sheet": 1, "part": 1}
            )
        )
    assert ("finished", 100) == (report["state"], report["percent"])
    assert not {"slot", "worker_id", "lease_time"} & report.keys()
    assert {report["attempt"]} == {one["attempt"] for one in parts}
    assert report["part_count"] == len(parts) == len({(one["sheet"], one["part"]) for one in parts})


def retrieved(client: Client, report_id: int) -> list[Any]:
    """Return the sheets of a finished report; on the way only a later answer is allowed."""
    ends = time.monotonic() + BACK_WITHIN_S
    while (answer := client.post("report/tracker/retrieve", report_id=report_id)).status_code == 503:
        assert time.monotonic() < ends
        time.sleep(0.2)
    return answer.json()["report"]["sheets"]


def kill_a_worker(stack: Stack) -> None:
    workers(stack)[0].kill()


def kill_the_forkserver(stack: Stack) -> None:
    forkserver(stack).kill()


def stop_and_kill_the_forkserver(stack: Stack) -> None:
    """Let a worker that is needed wait for a forkserver that does not answer, and is then killed."""
    stopped = forkserver(stack)
    stopped.suspend()
    workers(stack)[0].kill()
    time.sleep(1.5)
    stopped.kill()


def kill_generation(stack: Stack) -> None:
    part(stack, "generation").kill()


def kill_rendering(stack: Stack) -> None:
    part(stack, "rendering").kill()


def kill_mongodb(stack: Stack) -> None:
    part(stack, "mongodb").kill()


def kill_everything(stack: Stack) -> None:
    """Kill all of the stack at once and start it again on the same data."""
    whole = psutil.Process(stack.process.pid)
    for one in [whole, *whole.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):  # its own watch has ended it with the one before
            one.kill()
    stack.process.wait()
    stack.process.stdout.close()
    stack.start()


HARMS = [
    kill_a_worker, kill_the_forkserver, stop_and_kill_the_forkserver, kill_generation, kill_rendering, kill_mongodb,
    kill_everything,
]  # fmt: skip


@pytest.mark.parametrize("harm", HARMS)
def test_a_report_survives(shaken: Stack, fleet: Client, undisturbed: list[Any], harm: Callable[[Stack], None]) -> None:
    """Whatever is killed in the middle, the report finishes once and whole."""
    report_id = half_made(fleet)
    harm(shaken)
    client = Client(shaken.addresses["gateway"], fleet.hash)
    fleet.base = client.base
    whole_once(shaken, client, report_id, undisturbed)


def test_a_download_cut_short_is_no_file(shaken: Stack, fleet: Client, undisturbed: list[Any]) -> None:
    """Rendering dies while it answers: the client gets an error or a broken transfer, and the next try is whole."""
    report_id = fleet.generate(TRACKERS, DAY)
    fleet.wait(report_id)
    part(shaken, "rendering").send_signal(signal.SIGSTOP)
    with ThreadPoolExecutor(1) as asking:
        asked = asking.submit(fleet.post, "report/tracker/download", report_id=report_id, format="xlsx")
        time.sleep(3)  # the request is on its way
        part(shaken, "rendering").kill()
        answer = asked.result()

    assert (503, 14) == (answer.status_code, answer.json()["status"]["code"])
    assert undisturbed == retrieved(fleet, report_id)


def test_mongodb_gone_is_said_before_a_call_is_given_up(shaken: Stack, fleet: Client) -> None:
    """A MongoDB that hangs is answered as 14/503 by the service, and all goes on when it is back."""
    mongodb = part(shaken, "mongodb")
    mongodb.suspend()
    while mongodb.status() != psutil.STATUS_STOPPED:  # on a busy machine its threads go on for a moment
        time.sleep(0.01)
    try:
        answer = fleet.post("report/tracker/list")
    finally:
        mongodb.resume()

    assert (503, {"code": 14, "description": "Database unavailable"}) == (answer.status_code, answer.json()["status"])
    while fleet.post("report/tracker/list").status_code != 200:
        time.sleep(0.2)


def test_what_was_acknowledged_is_there_after_everything_was_killed(shaken: Stack, fleet: Client) -> None:
    """Accounts, keys and trackers answered as done are on disk."""
    added = shaken.command("tracker", "add", "--owner", "fleet", "--label", "Last word")["tracker_id"]
    kill_everything(shaken)
    fleet.base = shaken.addresses["gateway"]

    assert "Last word" in {one["label"] for one in fleet.post("tracker/list").json()["list"] if one["id"] == added}
