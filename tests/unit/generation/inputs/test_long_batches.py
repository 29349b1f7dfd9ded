"""Long batches of records beside other calls."""

import asyncio

from daybook.input.v1.fleet_pb2 import Employee

from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_service import MAX_BATCH, InputService
from services.runtime.cooperation import SLICE
from tests.fakes.inputs import FakeInputs


async def test_others_go_on_while_a_long_batch_is_checked() -> None:
    """They have a turn after every few records."""
    service, turns = InputService(FakeInputs(), {}), 0
    employees = [Employee(id=number + 1, first_name="Ann") for number in range(MAX_BATCH)]
    storing = asyncio.create_task(service.put(EMPLOYEES, 1, employees))
    while not storing.done():
        await asyncio.sleep(0)
        turns += 1

    assert MAX_BATCH == len([one for one in await storing if one.stored])
    assert turns >= MAX_BATCH // SLICE
