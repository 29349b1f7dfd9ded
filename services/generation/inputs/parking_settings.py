"""Parking settings of trackers, as their account reads and changes them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from daybook.input.v1.fleet_pb2 import Parking, Tracker

from services.errors import InvalidParameters, NotFound
from services.errors.reports import TrackerNotFound
from services.generation.inputs.input_scope import Scope
from services.generation.inputs.input_service import InputService
from services.generation.inputs.trackers import TRACKERS

FIELDS = frozenset(Parking.DESCRIPTOR.fields_by_name)


class ParkingSettings:
    """Reads and changes the parking settings of the trackers of an account."""

    def __init__(self, inputs: InputService) -> None:
        self._inputs = inputs

    async def get(self, owner_id: int, tracker_id: int) -> Parking:
        """Return the settings of a tracker. Raises TrackerNotFound."""
        with _as_trackers():
            return (await self._inputs.get(TRACKERS, Scope(owner_id), Tracker(id=tracker_id))).parking

    async def update(self, owner_id: int, tracker_id: int, parking: Parking, fields: Sequence[str]) -> Parking:
        """Change the settings named by `fields`, in one step, and return all of them.

        Raises InvalidParameters, which names each bad value, and TrackerNotFound.
        """
        if set(fields) - FIELDS:
            raise InvalidParameters.one("update_mask", f"must be of {', '.join(sorted(FIELDS))}")
        if not fields:
            return await self.get(owner_id, tracker_id)
        paths = [f"parking.{name}" for name in fields]
        with _as_trackers():
            tracker = Tracker(id=tracker_id, parking=parking)
            return (await self._inputs.change(TRACKERS, owner_id, tracker, paths)).parking


@contextmanager
def _as_trackers() -> Iterator[None]:
    try:
        yield
    except NotFound as error:
        raise TrackerNotFound from error
