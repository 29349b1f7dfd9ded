"""Making reports: their sheets, their progress, and why one cannot be made."""

import asyncio
import time
from pathlib import Path

import pytest
from daybook.report.v1.sheet_pb2 import SheetPart

from services.errors import InvalidParameters, NonexistentEntities
from services.generation.executors.process_pool import PRELOAD, ProcessPool
from services.generation.reporting import job_runner as jobs
from services.generation.reporting.report import Report
from services.generation.reporting.report_job import UNFORESEEN
from services.generation.reporting.units import SheetResult, SheetUnit, UnitLost
from tests.integration.generation.third_party import install
from tests.integration.generation.workshops import Factory, Gate, no_sheet, no_summary, quick, until, working

pytestmark = pytest.mark.timeout(60)

INTERNAL = "secret of the machine room"


async def test_a_report_is_made(factory: Factory) -> None:
    """Each tracker has its sheet in the order asked for, behind the summary; nothing is held any more."""
    report_id = await factory.ask(3)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)
    parts = [SheetPart.FromString(part.message) async for part in factory.reports.parts(made)]

    assert ("finished", 100, 1, "") == (made.state, made.percent, made.attempt, made.failure)
    assert ["Summary", "Car 1", "Car 2", "Car 3"] == list(made.sheet_headers) == [one.sheet.header for one in parts]
    assert (4, [[], [1], [2], [3]]) == (made.part_count, [list(one.sheet.entity_ids) for one in parts])
    assert factory.executor.closed


async def test_worker_processes_make_the_same(factory: Factory) -> None:
    """The real pool and the worker's module end to end."""
    report_id = await factory.ask(2)
    factory.executor = ProcessPool(2, PRELOAD)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)

    assert ("finished", ["Summary", "Car 1", "Car 2"]) == (made.state, list(made.sheet_headers))


async def test_a_third_partys_report_is_made(factory: Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A report of another distribution is found by its entry point, here and in worker processes."""
    install(tmp_path, monkeypatch)
    report_id = await factory.ask(1, plugin_id=900)
    factory.executor = ProcessPool(1, PRELOAD)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)

    assert ("finished", "") == (made.state, made.failure)


async def test_a_woken_maker_begins_at_once(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who queues a report does not wait for the maker's next look."""
    monkeypatch.setattr(jobs, "POLL_S", 30)
    worker_id = quick(factory).jobs()
    async with working(worker_id):
        await asyncio.sleep(0.1)
        for _ in range(3):
            report_id = await factory.ask(1)
            worker_id.wake()
            async with asyncio.timeout(10):
                await factory.ended(report_id)


async def test_percent_moves_with_the_sheets(factory: Factory) -> None:
    """It rises with each sheet that is done, and is at most 99 before the end."""
    factory.make_sheet = gate = Gate(no_sheet)
    factory.make_summary = no_summary
    report_id = await factory.ask(4)
    seen = []
    async with working(factory.jobs()):
        for done in range(4):
            await until(lambda done=done: len(gate.begun) >= min(done + 2, 4))
            await asyncio.sleep(0.3)
            seen.append((await factory.stands(report_id)).percent)
            gate.open(1)
        seen.append((await factory.ended(report_id)).percent)

    assert [0, 24, 49, 74, 100] == seen


async def test_progress_is_written_four_times_a_second(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of quick sheets are not hundreds of writes."""
    writes = []
    progress = factory.queue.advance

    async def counted(report: Report, worker_id: str, percent: int) -> bool:
        writes.append(percent)
        return await progress(report, worker_id, percent)

    monkeypatch.setattr(factory.queue, "advance", counted)
    report_id = await quick(factory).ask(300)
    began = time.monotonic()
    async with working(factory.jobs()):
        await factory.ended(report_id)

    assert len(writes) <= 3 + 4 * (time.monotonic() - began)
    assert 99 == writes[-1]


@pytest.mark.parametrize(
    ("error", "failure"),
    [
        (RuntimeError(INTERNAL), UNFORESEEN),
        (NonexistentEntities("The tracker 2 was deleted"), "The tracker 2 was deleted"),
        (UnitLost(), UnitLost.message),
        (InvalidParameters([]), InvalidParameters.message),
    ],
)
async def test_a_report_that_cannot_be_made_says_why(
    factory: Factory, error: Exception, failure: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It fails at once with words for its owner and nothing internal, which the log has; its slot is free."""

    def broken(unit: SheetUnit) -> SheetResult:
        if unit.entity_id == 2:
            raise error
        return no_sheet(unit)

    quick(factory).make_sheet = broken
    report_id = await factory.ask(3)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)
    stored = await factory.db.reports.find_one({"_id": report_id})

    assert ("failed", failure) == (made.state, made.failure)
    assert made.percent < 100
    assert not {"slot", "worker_id", "lease_time"} & stored.keys()
    assert "expire_time" in stored
    assert INTERNAL not in str(stored)
    assert any(one.exc_info and one.exc_info[1] is error for one in caplog.records)
