"""What runs in a worker of a Dask cluster: it says that a unit begins, and does it in time."""

import logging
import pickle
import threading
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from distributed import get_worker
from distributed.utils import sync

from services.generation.executors.unit_process import ended_after, portable
from services.generation.reporting.units import OtherVersion, contract, run_number
from services.runtime import logs
from services.runtime.memory import give_back_large_blocks

log = logging.getLogger("daybook.dask")

BEGUN_TOPIC = "daybook-units-begun"
BEGIN_S = 10.0

_one_at_a_time = threading.Lock()  # a time limit is the whole process's


class NotBegun(Exception):
    """The scheduler could not be told that a unit begins, so it did not."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A unit on its way. What it holds has the database's password, and workers log what they were sent."""

    run_id: str
    run_number: int
    contract: str
    unit_s: float
    log_level: str
    content: bytes = field(repr=False)  # the work and its unit, read only when the contract is ours


def open_parcel(parcel: Parcel) -> Any:
    """Do a parcel's work and return what it gives. Raises OtherVersion, NotBegun, and what the work raises."""
    _furnish(parcel.log_level)
    if parcel.contract != contract():
        log.error("the service runs another version: %s, here %s", parcel.contract, contract())
        raise OtherVersion
    with _one_at_a_time:
        _say_begun(parcel.run_id)
        run_number.set(parcel.run_number)
        work, unit = pickle.loads(parcel.content)  # noqa: S301 - whoever reaches the scheduler may run anything anyway
        with ended_after(parcel.unit_s):
            return portable(work, unit)


def _say_begun(run_id: str) -> None:
    """Let the service know, through the scheduler, before anything is done: from here on a death counts."""
    worker = get_worker()
    try:
        sync(worker.loop, worker.scheduler.log_event, topic=BEGUN_TOPIC, msg=run_id, callback_timeout=BEGIN_S)
    except Exception as error:
        raise NotBegun from error


@cache
def _furnish(log_level: str) -> None:
    """Prepare a process for units as the service's own workers are prepared."""
    give_back_large_blocks()
    logs.configure("generation-worker", log_level)
