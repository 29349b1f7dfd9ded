"""The contract of the port Executor, which the fake and the pool of processes keep alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from services.errors import SpanTooLong
from services.generation.executors.process_pool import PRELOAD, ProcessPool
from services.generation.reporting.executor import Executor
from tests.builders import units_of_work as work
from tests.builders.report_jobs import until
from tests.fakes.executor import FakeExecutor


@pytest.fixture(params=["fake", "processes"])
async def executor(request: pytest.FixtureRequest) -> AsyncIterator[Executor]:
    made: Executor = FakeExecutor() if request.param == "fake" else ProcessPool(2, PRELOAD)
    await made.warm_up()
    yield made
    made.close()


async def test_units_give_their_results(executor: Executor) -> None:
    """Each call returns the result of its own unit, however many there are."""
    assert executor.at_once >= 1
    assert [2 * number for number in range(20)] == await asyncio.gather(
        *(executor.run(work.double, number) for number in range(20))
    )


async def test_an_error_is_raised_as_it_is(executor: Executor) -> None:
    """With what it knows; the next unit is not affected."""
    with pytest.raises(SpanTooLong) as caught:
        await executor.run(work.fail, "span")

    assert {"max_time_span": "P90D"} == caught.value.metadata
    assert 4 == await executor.run(work.double, 2)


async def test_a_cancelled_call_waits_for_its_worker(executor: Executor, tmp_path: Path) -> None:
    """After it nothing of the unit runs any more."""
    path = tmp_path / "go"
    call = asyncio.create_task(executor.run(work.wait_for, path))
    await until(path.with_suffix(".begun").exists)
    call.cancel()
    await asyncio.sleep(0.2)
    assert not call.done()
    path.touch()

    with suppress(asyncio.CancelledError):
        await call
    assert call.cancelled()
