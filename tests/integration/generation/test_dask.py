"""Units of work and whole reports on a real Dask cluster that loses workers and its scheduler."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from daybook.input.v1.fleet_pb2 import Tracker
from distributed import KilledWorker

from services.generation import kinds
from services.generation.executors import dask_cluster, dask_connection
from services.generation.executors.dask_cluster import DaskCluster
from services.generation.executors.dask_worker import NotBegun
from services.generation.executors.process_pool import PRELOAD, ProcessPool
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting.report import Report
from services.generation.reporting.units import ClusterAway, OtherVersion, UnitLost, UnitTooLong
from services.generation.store.mongo_series import MongoSeries
from tests.builders import units_of_work as work
from tests.builders.dask_cluster import Cluster
from tests.builders.inputs import put
from tests.builders.people import report
from tests.builders.points import drive
from tests.builders.report_jobs import Factory, until, working
from tests.builders.third_party_distribution import install

MONDAY_MS = 1_601_856_000_000  # the day of the builders' report
VARYING = {"_id", "report_id", "expire_time", "run"}


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Give a scheduler with two workers."""
    made = Cluster(tmp_path_factory.mktemp("cluster")).start()
    yield made
    made.stop()


@pytest.fixture
async def units(cluster: Cluster) -> AsyncIterator[DaskCluster]:
    """Give a connection to both workers."""
    async with DaskCluster(cluster.address, unit_s=60, wait_s=200).connected() as made:
        await until(lambda: made.at_once == 2, within_s=120)
        yield made


def begun(folder: Path) -> list[Path]:
    """Return what units left in a folder, the latest last."""
    return sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime)


def said_begun(units: DaskCluster) -> int:
    """Return how many units are known to have begun."""
    return sum(run.begun for run in units._runs.values())


def pids(folder: Path) -> list[list[int]]:
    """Return which processes began each sheet; one that is only about to say so is left out."""
    return [found for path in begun(folder) if (found := list(map(int, path.read_text().split())))]


async def stored(factory: Factory, report_id: int) -> list[dict[str, Any]]:
    """Return what a report's parts hold."""
    found = factory.db.report_sheets.find({"report_id": report_id}).sort({"sheet": 1, "part": 1})
    return [{name: value for name, value in part.items() if name not in VARYING} async for part in found]


async def points(factory: Factory, trackers: int) -> None:
    """Give trackers points on the day of the builders' report."""
    for tracker in range(1, trackers + 1):
        await MongoSeries(factory.db).add(POINTS, tracker, drive(2_000, start_ms=MONDAY_MS + tracker * 60_000))


async def made_by(factory: Factory, units: Any, trackers: int) -> Report:
    """Make a report with these units."""
    factory.executor = units
    report_id = await factory.ask(trackers)
    async with working(factory.jobs()):
        return await factory.ended(report_id, within_s=120)


async def test_errors_and_results_travel(units: DaskCluster, tmp_path: Path, cluster: Cluster) -> None:
    """Each unit gives its own result or error, in another process, and no worker logs what it was sent."""
    noted = await asyncio.gather(*(units.run(work.note, (tmp_path / "log", number)) for number in range(8)))
    with pytest.raises(RuntimeError, match="Untransportable: ab"):
        await units.run(work.fail, "other")
    with pytest.raises(ValueError, match="invalid literal"):
        await units.run(int, "mongodb-password")

    assert [0, 2, 4] == await asyncio.gather(*(units.run(work.double, number) for number in range(3)))
    assert os.getpid() not in noted
    assert 2 == len(set(noted))
    assert "Compute Failed" in cluster.log()
    assert "content" not in cluster.log()


async def test_a_cluster_makes_the_same_report(factory: Factory, units: DaskCluster) -> None:
    """Its parts are those that the pool of processes makes."""
    await points(factory, 3)
    by_pool = await made_by(factory, ProcessPool(2, PRELOAD), 3)
    by_cluster = await made_by(factory, units, 3)
    parts = await stored(factory, by_pool.id)

    assert ("finished", "finished") == (by_pool.state, by_cluster.state)
    assert 4 == len(parts)
    assert parts == await stored(factory, by_cluster.id)
    assert by_pool.sheet_headers == by_cluster.sheet_headers


async def test_a_killed_worker_costs_a_run(factory: Factory, units: DaskCluster, tmp_path: Path) -> None:
    """The report is finished in its first attempt; the unit that the worker had is made again, and nothing twice."""
    factory.make_sheet, factory.executor = partial(work.paced_sheet, tmp_path), units
    report_id = await factory.ask(8)
    async with working(factory.jobs()):
        await until(lambda: len(pids(tmp_path)) >= 3)
        os.kill(pids(tmp_path)[-1][0], signal.SIGKILL)
        made = await factory.ended(report_id, within_s=120)
    runs = [len(one) for one in pids(tmp_path)]

    assert ("finished", 1, 9) == (made.state, made.attempt, made.part_count)
    assert 9 == await factory.parts(report_id)
    assert 8 == len(runs)
    assert 9 >= sum(runs)


async def test_a_cluster_is_shared_between_accounts(factory: Factory, units: DaskCluster, tmp_path: Path) -> None:
    """A report of one tracker is finished long before the sheets that another account asked for first."""
    factory.make_sheet, factory.executor = partial(work.paced_sheet, tmp_path), units
    runners = [factory.jobs(at_once=1), factory.jobs(at_once=1)]  # of two services on one cluster
    for _ in range(2):
        await factory.ask(30)
    await put(factory.db, TRACKERS, 2, Tracker(id=31, label="Bob's"))
    async with working(runners[0]), working(runners[1]):
        await until(lambda: len(begun(tmp_path)) >= 2)
        before = len(begun(tmp_path))
        bobs = await factory.reports.queue(report(account_id=2, owner_id=1, tracker_ids=(31,)))
        for runner in runners:
            runner.wake()
        made = await factory.ended(bobs, within_s=120)
        assert made.finish_time is not None
        end_s = made.finish_time.timestamp()
        after = len([path for path in begun(tmp_path) if path.stat().st_mtime <= end_s])

    assert ("finished", 1) == (made.state, made.attempt)
    assert after - before <= 10


async def test_runs_that_the_cluster_loses_cost_a_unit_nothing(
    units: DaskCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many they are, the unit gives its result."""
    run, losses = units._run_once, iter([NotBegun(), dask_cluster._Lost(), KilledWorker(None, None, 0)] * 10)
    monkeypatch.setattr(dask_cluster, "LONGEST_PAUSE_S", 0.01)

    async def losing(one: Any, content: bytes) -> Any:
        if (error := next(losses, None)) is not None:
            raise error
        return await run(one, content)

    monkeypatch.setattr(units, "_run_once", losing)
    assert 4 == await units.run(work.double, 2)


async def test_a_unit_that_kills_its_workers_is_lost_alone(units: DaskCluster, tmp_path: Path) -> None:
    """It has three runs, whatever the scheduler was told to repeat; units that waited behind it pay nothing."""
    culprit = asyncio.create_task(units.run(work.die, tmp_path / "deaths"))
    others = asyncio.gather(*(units.run(work.note, (tmp_path / "log", number)) for number in range(12)))
    with pytest.raises(UnitLost):
        await culprit
    await others

    assert ["died"] * 3 == (tmp_path / "deaths").read_text().split()
    assert {str(number) for number in range(12)} == set((tmp_path / "log").read_text().split())


async def test_a_unit_that_hangs_is_ended(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its worker is ended at its time, as often as a unit may be tried, and others give results after it."""
    monkeypatch.setattr(dask_cluster, "MAX_DEATHS", 2)
    async with DaskCluster(cluster.address, unit_s=1.5, wait_s=60).connected() as units:
        with pytest.raises(UnitTooLong):
            await units.run(work.count_and_be_deaf, tmp_path / "log")
        assert 6 == await units.run(work.double, 3)

    assert ["begun"] * 2 == (tmp_path / "log").read_text().split()


async def test_a_cancelled_unit_is_waited_for(units: DaskCluster, tmp_path: Path) -> None:
    """Whoever cancels a running unit knows afterwards that its worker has stopped; a waiting one never begins."""
    running = [asyncio.create_task(units.run(work.wait_for, tmp_path / str(number))) for number in range(8)]
    await until(lambda: 2 == said_begun(units), within_s=30)
    for task in running:
        task.cancel()
    await until(lambda: 6 == len([task for task in running if task.done()]))
    await asyncio.sleep(0.1)
    assert 2 == len([task for task in running if not task.done()])
    for number in range(8):
        (tmp_path / str(number)).touch()
    await asyncio.gather(*running, return_exceptions=True)

    assert all(task.cancelled() for task in running)
    assert 2 == len([path for path in begun(tmp_path) if path.suffix])


async def test_a_cancelled_unit_stays_cancelled_when_its_cluster_goes(
    units: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever cancelled it while it ran hears nothing of a cluster that is away for too long."""
    running = asyncio.create_task(units.run(work.wait_for, tmp_path / "end"))
    await until(lambda: said_begun(units), within_s=30)
    monkeypatch.setattr(units._connection, "_wait_s", -1.0)
    monkeypatch.setattr(units._connection, "_usable", asyncio.Event())
    running.cancel()
    await asyncio.wait({running})
    (tmp_path / "end").touch()

    assert running.cancelled()


async def test_a_plugin_that_workers_lack_fails_the_report(
    factory: Factory, units: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third party's report that is installed here and not there says so at once, and is not tried again."""
    install(tmp_path, monkeypatch)
    report_id = await factory.ask(2, plugin_id=900)
    factory.executor = units
    async with working(factory.jobs()):
        made = await factory.ended(report_id)

    assert ("failed", "Plugin not found", 1) == (made.state, made.failure, made.attempt)
    assert 900 in kinds.all_kinds()


async def test_a_worker_of_another_version_makes_nothing(
    units: DaskCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit whose shape the worker may not know is refused before it is looked at."""
    monkeypatch.setattr(dask_cluster, "contract", lambda: "0.0.1-other")

    with pytest.raises(OtherVersion):
        await units.run(work.note, (tmp_path / "log", 1))
    assert not (tmp_path / "log").exists()


async def test_a_report_outlives_its_scheduler(
    factory: Factory, units: DaskCluster, cluster: Cluster, tmp_path: Path
) -> None:
    """It waits for the scheduler to come back and is then finished, with nothing twice."""
    factory.make_sheet, factory.executor = partial(work.paced_sheet, tmp_path), units
    report_id = await factory.ask(6)
    async with working(factory.jobs()):
        await until(lambda: len(begun(tmp_path)) >= 2)
        cluster.kill_scheduler()
        await asyncio.to_thread(cluster.start)
        made = await factory.ended(report_id, within_s=250)

    assert ("finished", 1, 7) == (made.state, made.attempt, made.part_count)
    assert 7 == await factory.parts(report_id)


@pytest.mark.parametrize("end", ["pause_scheduler", "kill_scheduler"])
async def test_without_a_scheduler_units_fail_in_time(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """Whether it is gone or does not answer, those who wait for it learn that, also those who come later."""
    async with DaskCluster(cluster.address, unit_s=60, wait_s=0.5).connected() as units:
        await until(lambda: units.at_once == 2, within_s=120)
        running = asyncio.create_task(units.run(work.wait_for, tmp_path / "end"))
        await until(lambda: begun(tmp_path))
        monkeypatch.setattr(dask_connection, "CONNECT_S", 1.0)
        getattr(cluster, end)()
        with pytest.raises(ClusterAway):
            await running
        with pytest.raises(ClusterAway):
            await units.run(work.double, 3)
    cluster.resume_scheduler()
    (tmp_path / "end").touch()
