"""Entry point of units of work in a worker of a Dask cluster."""

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

_lock = threading.Lock()  # a time limit applies to the whole process


class NotBegun(Exception):
    """The beginning of a unit could not be reported to the scheduler, so the unit did not begin."""


@dataclass(frozen=True, slots=True)
class RemoteUnit:
    """A unit as it is sent. Its content has the database's password, and workers log their arguments."""

    run_id: str
    run_number: int
    contract: str
    unit_s: float
    log_level: str
    content: bytes = field(repr=False)  # pickled work and unit, read only when the contract is equal


def run_unit(remote: RemoteUnit) -> Any:
    """Return the result of a unit. Raises OtherVersion, NotBegun, and the errors of the work."""
    _prepare_process(remote.log_level)
    if remote.contract != contract():
        log.error("the service runs another version: %s, here %s", remote.contract, contract())
        raise OtherVersion
    with _lock:
        _report_begin(remote.run_id)
        run_number.set(remote.run_number)
        work, unit = pickle.loads(remote.content)  # noqa: S301 - clients of the scheduler may run any code anyway
        with ended_after(remote.unit_s):
            return portable(work, unit)


def _report_begin(run_id: str) -> None:
    """Report through the scheduler that the unit begins: from here on a death of the worker counts."""
    worker = get_worker()
    try:
        sync(worker.loop, worker.scheduler.log_event, topic=BEGUN_TOPIC, msg=run_id, callback_timeout=BEGIN_S)
    except Exception as error:
        raise NotBegun from error


@cache
def _prepare_process(log_level: str) -> None:
    """Prepare the process as the service's own workers are prepared."""
    give_back_large_blocks()
    logs.configure("generation-worker", log_level)
