"""Inputs of an account as reports read them, in a worker process."""

from collections.abc import Iterable, Mapping
from typing import Any

from daybook.input.v1.fleet_pb2 import Employee
from pymongo.database import Database

from services.generation.domain.drivers import ALWAYS_MS, Handover, handovers_of
from services.generation.domain.samples import Samples
from services.generation.inputs.assignments import ASSIGNMENTS
from services.generation.inputs.employees import EMPLOYEES
from services.generation.inputs.input_kind import InputKind, M
from services.generation.inputs.registry import find_kind
from services.generation.inputs.series import Series
from services.generation.store.input_reader import MongoInputReader
from services.generation.store.mongo import Document
from services.generation.store.series_reader import MongoSeriesReader


class AccountReader:
    """Inputs of an account."""

    def __init__(self, database: Database[Document], account_id: int) -> None:
        self._database = database
        self._reader = MongoInputReader(database)
        self._owner_id = account_id

    def all(self, kind: InputKind[M], **by: Any) -> list[M]:
        """Return the records that match, by key."""
        return self._reader.read(kind, self._owner_id, **by)

    def last(self, kind: InputKind[M], **by: Any) -> M | None:
        """Return the record with the highest key of those that match."""
        found = self.all(kind, **by)
        return found[-1] if found else None

    def samples(self, series: Series, record_id: int, start_ms: int, end_ms: int) -> Samples:
        """Return what a series holds of a record, in time order."""
        kind = find_kind(series.kind)
        entity = None if kind is None else self.stored_id(kind, record_id)
        if entity is None:
            return series.samples(())
        return MongoSeriesReader(self._database, series).samples(entity, start_ms, end_ms)

    def span(self, series: Series, record_id: int) -> tuple[int, int] | None:
        """Return the moments of the first and the last sample of a record, None without samples."""
        kind = find_kind(series.kind)
        entity = None if kind is None else self.stored_id(kind, record_id)
        return None if entity is None else MongoSeriesReader(self._database, series).span(entity)

    def stored_id(self, kind: InputKind[Any], record_id: int) -> Any:
        """Return under what the series of a record are stored, None when the account does not have it."""
        return self._reader.stored_id(kind, self._owner_id, record_id)

    def assignments(self, **by: Any) -> list[Handover]:
        """Return the assignments that match."""
        return [
            Handover(one.start_time.ToMilliseconds(), one.employee_id or None, one.tracker_id)
            for one in self.all(ASSIGNMENTS, **by)
        ]

    def employees(self, ids: Iterable[int | None]) -> Mapping[int, Employee]:
        """Return the employees among the ids."""
        return {found.id: found for found in self.all(EMPLOYEES, id=set(ids) - {None})}

    def handovers(self, tracker_id: int) -> list[Handover]:
        """Return the handovers of a tracker, in time order.

        Without any assignment the employee who has the tracker drove it since ever.
        """
        own = self.assignments(tracker_id=tracker_id)
        if not own:
            holder = self.last(EMPLOYEES, tracker_id=tracker_id)
            own = [] if holder is None else [Handover(-ALWAYS_MS, holder.id, tracker_id)]
        drivers = {one.driver_id for one in own} - {None}
        elsewhere = [one for one in self.assignments(employee_id=drivers) if one.tracker_id != tracker_id]
        return handovers_of(tracker_id, [*own, *elsewhere])
