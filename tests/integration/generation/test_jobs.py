"""Making reports: their sheets, their progress, and why one cannot be made."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from daybook.input.v1.fleet_pb2 import Employee, Tracker
from daybook.report.v1.sheet_pb2 import SheetPart

from services.errors import InvalidParameters, NonexistentEntities
from services.generation.executors.process_pool import PRELOAD, ProcessPool
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.points import POINTS
from services.generation.inputs.trackers import TRACKERS
from services.generation.reporting import job_runner as jobs
from services.generation.reporting import report_job
from services.generation.reporting.report import Report
from services.generation.reporting.report_job import UNFORESEEN
from services.generation.reporting.units import SheetResult, SheetUnit, UnitLost
from services.generation.store.mongo_series import MongoSeries
from tests.builders.inputs import assigned, put
from tests.builders.kinds import tables, texts
from tests.builders.people import NOON, report
from tests.builders.points import points_of
from tests.builders.report_jobs import Factory, Gate, no_sheet, no_summary, quick, until, working
from tests.builders.third_party_distribution import install
from tests.builders.tracks import NOON_MS, track

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


async def test_a_report_by_employees_is_about_what_they_drove(
    factory: Factory, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each employee has a sheet under the own name and id, over the trackers driven while assigned to them."""
    install(tmp_path, monkeypatch)
    drive = track((10, 0), (20, 60), (10, 0), (30, 40), (10, 0))
    await put(factory.db, TRACKERS, 1, Tracker(id=1, label="Ford"), Tracker(id=2, label="Seat"))
    names = enumerate(("Ann", "Sam", "Eve"), 1)
    await put(factory.db, EMPLOYEES, 1, *(Employee(id=one, first_name=name) for one, name in names))
    handover = datetime.fromtimestamp(NOON_MS / 1000, UTC) + timedelta(minutes=35)
    await put(factory.db, ASSIGNMENTS, 1, assigned(2, NOON - timedelta(days=9), 1), assigned(2, handover, 2))
    for tracker_id in (1, 2):
        await MongoSeries(factory.db).add(POINTS, tracker_id, points_of(drive))
    period = {"from_time": NOON - timedelta(hours=12), "to_time": NOON + timedelta(hours=11)}
    day = period | {"create_time": NOON + timedelta(days=1)}
    asked = report(
        plugin_id=901, tracker_ids=(), employee_ids=(1, 2, 3), options={"include_summary_sheet": True}, **day
    )
    report_id = await factory.reports.queue(asked)
    async with working(factory.jobs()):
        made = await factory.ended(report_id)
    sheets = [SheetPart.FromString(part.message).sheet async for part in factory.reports.parts(made)]

    assert ("finished", ["Summary", "Ann", "Sam", "Eve"]) == (made.state, list(made.sheet_headers))
    assert [[], [1], [2], [3]] == [list(sheet.entity_ids) for sheet in sheets]
    assert [["20"], ["20"]] == [texts(tables(sheet)[0], "way") for sheet in sheets[1:3]]
    assert "No data found for the selected period" == sheets[3].sections[0].text.text
    assert (["Ann", "Sam", "Eve"], ["20", "20", "—"]) == tuple(
        texts(tables(sheets[0])[0], name) for name in ("object", "way")
    )


async def test_a_woken_maker_begins_at_once(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who queues a report does not wait for the maker's next look."""
    monkeypatch.setattr(jobs, "POLL_S", 3600)
    worker_id = quick(factory).jobs()
    async with working(worker_id):
        await asyncio.sleep(0.1)
        for _ in range(3):
            report_id = await factory.ask(1)
            worker_id.wake()
            await factory.ended(report_id)


async def test_percent_moves_with_the_sheets(factory: Factory, monkeypatch: pytest.MonkeyPatch) -> None:
    """It rises with each sheet that is done, and is at most 99 before the end."""
    factory.make_sheet = gate = Gate(no_sheet)
    factory.make_summary = no_summary
    monkeypatch.setattr(report_job, "WRITE_EVERY_S", 0.0)
    report_id = await factory.ask(4)
    written, advance = [0], factory.queue.advance

    async def advancing(report: Report, worker_id: str, percent: int) -> bool:
        is_ours = await advance(report, worker_id, percent)
        written.append((await factory.stands(report_id)).percent)
        return is_ours

    monkeypatch.setattr(factory.queue, "advance", advancing)
    async with working(factory.jobs()):
        for done in range(4):
            await until(lambda done=done: len(gate.begun) >= min(done + 2, 4) and len(written) == done + 1)
            gate.open(1)
        ended = await factory.ended(report_id)

    assert [0, 24, 49, 74, 99, 100] == [*written, ended.percent]


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
