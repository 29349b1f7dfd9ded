"""The pool of worker processes."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from services.errors import InvalidParameters, SpanTooLong
from services.generation.executors import worker_process
from services.generation.executors.process_pool import PRELOAD, ProcessPool
from services.generation.executors.worker_process import NICENESS
from services.generation.reporting.units import UnitLost, UnitTooLong
from tests.builders import units_of_work as work
from tests.builders.forkserver_deaths import die_with_the_forkserver
from tests.builders.report_jobs import until


@pytest.fixture
async def pool() -> AsyncIterator[ProcessPool]:
    made = ProcessPool(2, PRELOAD)
    yield made
    made.close()


def lines(path: Path) -> list[str]:
    return path.read_text().split()


def begun(folder: Path) -> list[Path]:
    return list(folder.glob("*.begun"))


def pids_of(pool: ProcessPool) -> list[int]:
    return [worker.pid for worker in pool._workers if worker.pid is not None]


def kill_one(pool: ProcessPool) -> bool:
    """Kill a worker, if there is one that still lives."""
    for pid in pids_of(pool):
        with suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()
            return True
    return False


def has_ended(process: psutil.Process) -> bool:
    """Return whether a process is gone, or waits for nothing but its parent to notice."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


async def test_units_run_side_by_side(pool: ProcessPool, tmp_path: Path) -> None:
    """Each unit gets its own result, in another process, and one runs while another does."""
    pids = await asyncio.gather(*(pool.run(work.meet, (tmp_path, number)) for number in range(2)))

    assert [0, 2, 4] == await asyncio.gather(*(pool.run(work.double, number) for number in range(3)))
    assert os.getpid() not in pids
    assert 2 == len(set(pids))


async def test_workers_stand_back(pool: ProcessPool) -> None:
    """Who asks the service is answered before the next sheet is made: workers are nicer than their parent."""
    assert os.nice(0) + NICENESS == await pool.run(os.nice, 0)


async def test_warming_up_does_not_stop_the_event_loop(pool: ProcessPool) -> None:
    """The service answers while its first worker is started, however long that takes."""
    forkserver = psutil.Process(await pool.run(work.parent, None))
    forkserver.suspend()
    other = ProcessPool(1, PRELOAD)
    warming = asyncio.create_task(other.warm_up())
    await until(lambda: other._workers[0]._starting is not None)
    assert not warming.done()
    forkserver.resume()
    await warming

    assert 1 == len(pids_of(other))
    other.close()


async def test_a_unit_that_kills_its_workers_is_lost_alone(pool: ProcessPool, tmp_path: Path) -> None:
    """The culprit is lost after killing three workers by itself; every innocent unit beside it gives its result."""
    innocents = [asyncio.create_task(pool.run(work.note, (tmp_path / "log", number))) for number in range(12)]
    culprit = asyncio.create_task(pool.run(work.die, tmp_path / "deaths"))
    innocents += [asyncio.create_task(pool.run(work.note, (tmp_path / "log", number))) for number in range(12, 24)]
    with pytest.raises(UnitLost):
        await culprit
    await asyncio.gather(*innocents)

    assert 3 <= len(lines(tmp_path / "deaths")) <= 4
    assert {str(number) for number in range(24)} == set(lines(tmp_path / "log"))
    assert 6 == await pool.run(work.double, 3)


async def test_two_culprits_are_told_apart(pool: ProcessPool, tmp_path: Path) -> None:
    """Each is counted for itself, and one that dies once only is no culprit."""
    outcomes = await asyncio.gather(
        pool.run(work.die, tmp_path / "one"),
        pool.run(work.die_once, tmp_path / "unlucky"),
        pool.run(work.die, tmp_path / "two"),
        pool.run(work.double, 3),
        return_exceptions=True,
    )

    assert [UnitLost, "done", UnitLost, 6] == [type(one) if isinstance(one, UnitLost) else one for one in outcomes]
    assert all(3 <= len(lines(tmp_path / name)) <= 4 for name in ("one", "two"))


@pytest.mark.parametrize(("hang", "begun"), [(work.count_and_sleep, {3}), (work.count_and_be_deaf, {4})])
async def test_a_unit_that_hangs_is_ended(tmp_path: Path, hang: Callable[[Path], None], begun: set[int]) -> None:
    """It is interrupted, or its worker is ended when that is in vain, three times; the others give their results."""
    pool = ProcessPool(2, PRELOAD, unit_s=1.5)
    hanging = asyncio.create_task(pool.run(hang, tmp_path / "log"))
    await until((tmp_path / "log").exists)
    others = await asyncio.gather(*(pool.run(work.double, number) for number in range(4)))
    with pytest.raises(UnitTooLong):
        await hanging
    pool.close()

    assert [0, 2, 4, 6] == others
    assert len(lines(tmp_path / "log")) in begun


async def test_a_unit_that_takes_too_long_is_tried_as_often_as_the_pool_says(tmp_path: Path) -> None:
    pool = ProcessPool(1, PRELOAD, unit_s=1.5, tries=1)
    with pytest.raises(UnitTooLong):
        await pool.run(work.count_and_sleep, tmp_path / "log")
    pool.close()

    assert 1 == len(lines(tmp_path / "log"))


async def test_a_worker_killed_from_outside_costs_nobody(pool: ProcessPool, tmp_path: Path) -> None:
    """Whatever kills a worker, at work or idle, all units give their results."""
    await pool.warm_up()
    for _ in range(2):
        running = [asyncio.create_task(pool.run(work.note, (tmp_path / "log", number))) for number in range(6)]
        await until(lambda: kill_one(pool))
        assert 6 == len(await asyncio.gather(*running))
        await until(lambda: kill_one(pool))


async def test_a_killed_forkserver_costs_nobody(pool: ProcessPool, tmp_path: Path) -> None:
    """Units that are running, waiting or yet to come are done by workers of another forkserver."""
    pids = await asyncio.gather(*(pool.run(work.note, (tmp_path / "log", number)) for number in range(8)))
    working = asyncio.gather(*(pool.run(work.note, (tmp_path / "log", number)) for number in range(8, 40)))
    await asyncio.sleep(0)
    psutil.Process(pids[0]).parent().kill()

    assert 32 == len(await working)
    assert set(pids).isdisjoint(await asyncio.gather(*(pool.run(work.note, (tmp_path / "log", 40)) for _ in range(2))))


async def test_a_killed_forkserver_is_no_death_of_a_unit_alone(tmp_path: Path) -> None:
    """A unit that runs alone, and during which it is killed again and again, gives its result."""
    pool = ProcessPool(1, "json")
    assert 5 == await pool._run_alone(die_with_the_forkserver, tmp_path / "log")
    psutil.Process(pids_of(pool)[0]).parent().kill()  # the next one has its modules
    pool.close()


async def test_a_stopped_forkserver_stops_nothing_else(pool: ProcessPool, tmp_path: Path) -> None:
    """While a worker cannot be started the other one works and the event loop runs; then the forkserver is killed."""
    (first,) = await asyncio.gather(pool.run(work.note, (tmp_path / "log", 0)))
    forkserver = psutil.Process(first).parent()
    forkserver.suspend()
    held = asyncio.create_task(pool.run(work.wait_for, tmp_path / "held"))
    await until((tmp_path / "held.begun").exists)
    stuck = asyncio.create_task(pool.run(work.double, 2))
    await until(lambda: any(worker._starting is not None for worker in pool._workers))
    (tmp_path / "held").touch()
    assert first == await held
    assert [2, 4] == [await pool.run(work.double, number) for number in (1, 2)]
    assert not stuck.done()
    forkserver.kill()

    assert 4 == await stuck


async def test_a_forkserver_that_hangs_is_killed(
    pool: ProcessPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that is not there in time is started by another forkserver."""
    forkserver = psutil.Process(await pool.run(work.parent, None))
    forkserver.suspend()
    monkeypatch.setattr(worker_process, "START_S", 0.5)
    units = asyncio.gather(*(pool.run(work.note, (tmp_path / "log", number)) for number in (1, 2)))
    await until(lambda: has_ended(forkserver))
    monkeypatch.setattr(worker_process, "START_S", 60.0)

    assert 2 == len(await units)


async def test_closing_does_not_wait_for_a_forkserver(tmp_path: Path) -> None:
    """A pool that is closed while a worker is being started ends at once, and so does the worker later."""
    pool = ProcessPool(1, PRELOAD)
    (first,) = await asyncio.gather(pool.run(work.note, (tmp_path / "log", 0)))
    forkserver = psutil.Process(first).parent()
    forkserver.suspend()
    other = ProcessPool(1, PRELOAD)
    stuck = asyncio.create_task(other.run(work.double, 2))
    await until(lambda: other._workers[0]._starting is not None)
    other.close()
    stuck.cancel()
    await asyncio.wait([stuck])
    forkserver.resume()

    assert 4 == await pool.run(work.double, 2)
    await until(lambda: other._workers[0]._starting is None)
    assert [] == pids_of(other)
    pool.close()


async def test_a_worker_that_cannot_be_started_is_waited_for(pool: ProcessPool, monkeypatch: Any) -> None:
    """Starts that fail cost a unit nothing, however many they are."""
    refused = iter([ConnectionRefusedError(111, "Connection refused"), BlockingIOError(11, "no room"), EOFError()])
    start = ProcessPoolExecutor._adjust_process_count

    def failing(executor: ProcessPoolExecutor) -> None:
        if (error := next(refused, None)) is not None:
            raise error
        start(executor)

    monkeypatch.setattr(ProcessPoolExecutor, "_adjust_process_count", failing)
    assert 4 == await pool.run(work.double, 2)


async def test_errors_travel_with_all_they_say(pool: ProcessPool) -> None:
    """An error of a unit is raised here; an error that cannot travel comes as its text and harms no other unit."""
    with pytest.raises(SpanTooLong) as span:
        await pool.run(work.fail, "span")
    with pytest.raises(InvalidParameters) as parameters:
        await pool.run(work.fail, "parameters")
    before = pids_of(pool)
    with pytest.raises(RuntimeError, match="Untransportable: ab"):
        await pool.run(work.fail, "other")

    assert {"max_time_span": "P90D"} == span.value.metadata
    assert ["title"] == [one.field for one in parameters.value.violations]
    assert set(before) <= set(pids_of(pool))


async def test_a_cancelled_unit_is_waited_for(pool: ProcessPool, tmp_path: Path) -> None:
    """Whoever cancels a running unit knows afterwards that its worker has stopped; a waiting one never begins."""
    running = [asyncio.create_task(pool.run(work.wait_for, tmp_path / str(number))) for number in range(12)]
    await until(lambda: 2 == len(begun(tmp_path)))
    for task in running:
        task.cancel()
    await asyncio.sleep(0.1)
    assert not running[0].done()
    for number in range(12):
        (tmp_path / str(number)).touch()
    await asyncio.gather(*running, return_exceptions=True)

    assert all(task.cancelled() for task in running)
    assert 2 == len(begun(tmp_path))
    assert 6 == await pool.run(work.double, 3)


async def test_closing_ends_all_work_at_once(tmp_path: Path) -> None:
    """Busy workers are killed; whoever waits for a unit, or asks for another, waits until cancelled."""
    pool = ProcessPool(2, PRELOAD)
    waiting = [asyncio.create_task(pool.run(work.wait_for, tmp_path / str(number))) for number in range(6)]
    await until(lambda: 2 == len(begun(tmp_path)))
    pids = pids_of(pool)
    pool.close()
    waiting.append(asyncio.create_task(pool.run(work.double, 3)))
    await until(lambda: not any(map(psutil.pid_exists, pids)))
    await asyncio.sleep(0.1)

    assert not any(task.done() for task in waiting)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_workers_end_with_their_service(tmp_path: Path) -> None:
    """A service that is killed leaves no worker behind, however busy it is."""
    service = await asyncio.create_subprocess_exec(sys.executable, "-m", work.__name__, tmp_path)
    pids = [tmp_path / str(number) for number in range(2)]
    await until(lambda: all(path.exists() and path.read_text() for path in pids))
    workers = [int(path.read_text()) for path in pids]
    assert all(map(psutil.pid_exists, workers))
    service.kill()
    await service.wait()

    await until(lambda: not any(map(psutil.pid_exists, workers)))
