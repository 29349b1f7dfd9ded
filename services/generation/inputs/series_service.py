"""Use cases around series: storing the possible samples of a batch, deleting samples, telling what is stored."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
from google.protobuf.message import Message

from services.errors import InvalidParameters, NotFound, Violation
from services.generation.domain.sample_validation import FINE, first_broken, with_moments
from services.generation.domain.samples import Samples
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.series import Series
from services.generation.inputs.series_store import Recorded, SeriesStore

MAX_REFUSALS = 100
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
FIRST_MS, LAST_MS = 0, 1 << 47  # 1970, and the year 6429; samples lie between


@dataclass(frozen=True, slots=True)
class Written:
    """Result of a batch; `refusals` describes the first 100 samples refused, each with its place in the batch."""

    stored: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[tuple[int, Violation]] = field(default_factory=list)


class SeriesService:
    """Writes samples to the store."""

    def __init__(self, store: SeriesStore, inputs: InputStore, now: Callable[[], datetime]) -> None:
        self._store = store
        self._inputs = inputs
        self._now = now

    async def put(self, series: Series, owner_id: int | None, message: Message) -> Written:
        """Store the possible samples of a batch; without an owner the entity may be of any account.

        Samples of an entity that the owner does not have are refused. Raises NotFound for an unknown entity of a global
        kind, and for one that is removed meanwhile, InvalidParameters when the batch is too long or its columns differ
        in length, StoreUnavailable.
        """
        kind = _kind_of(series, owner_id)
        id_ = getattr(message, series.entity_field)
        violations = series.violations(message)
        if violations:
            raise InvalidParameters(violations)
        try:
            entity = await self._entity(kind, owner_id, id_)
        except NotFound:
            if kind.is_global:
                raise
            unknown = Violation(series.entity_field, f"must be a {kind.noun} of the account")
            count = len(series.samples_of(message))
            return Written(refused=count, refusals=[(place, unknown) for place in range(min(count, MAX_REFUSALS))])
        written = await self._write(series, entity, series.samples_of(message))
        try:
            await self._entity(kind, owner_id, id_)
        except NotFound:  # it was removed while its samples were written
            await self._store.remove(series, entity)
            raise
        return written

    async def clear(
        self, series: Series, owner_id: int | None, id_: int, start: datetime | None, end: datetime | None
    ) -> int:
        """Delete the samples of an entity from a moment to before another one; return how many there were.

        None stands for the first and behind the last sample. Without an owner the entity may be of any account. Raises
        NotFound for an unknown entity, InvalidParameters when the moments are in the wrong order, StoreUnavailable.
        """
        if start is not None and end is not None and end < start:
            raise InvalidParameters.one("end_time", "must not lie before start_time")
        entity = await self._entity(_kind_of(series, owner_id), owner_id, id_)
        first, last = (FIRST_MS if start is None else _ms(start)), (LAST_MS if end is None else _ms(end))
        return await self._store.clear(series, entity, first, last)

    async def recorded(self, kind: InputKind[Any], owner_id: int | None, id_: int) -> dict[str, Recorded]:
        """Return what is stored of each series of a record, by name. Raises NotFound and StoreUnavailable."""
        known = registry.series_of(kind)
        if not known:
            return {}
        entity = await self._entity(kind, owner_id, id_)
        return {series.name: await self._store.recorded(series, entity) for series in known}

    async def _entity(self, kind: InputKind[Any], owner_id: int | None, id_: int) -> Any:
        found = await self._inputs.entities(kind, [id_], owner_id)
        if id_ not in found:
            raise NotFound(kind.missing((id_,)))
        return found[id_]

    async def _write(self, series: Series, entity: Any, samples: Samples) -> Written:
        columns = with_moments(series.columns, int(self._now().timestamp() * 1000))
        broken = first_broken(samples, columns)
        fine = broken == FINE
        refused = np.flatnonzero(~fine)
        refusals = []
        for place in refused[:MAX_REFUSALS].tolist():
            column = columns[broken[place]]
            refusals.append((place, Violation(column.name, column.reason(samples.column(column.name)[place]))))
        stored = await self._store.add(series, entity, samples.take(fine)) if fine.any() else 0
        return Written(stored, int(fine.sum()) - stored, len(refused), refusals)


def _kind_of(series: Series, owner_id: int | None) -> InputKind[Any]:
    """Return the kind of the entities of a series. Raises InvalidParameters when they need an owner to be known by."""
    kind = registry.find_kind(series.kind)
    if kind is None or (owner_id is None and not kind.is_global):
        raise InvalidParameters.one("owner_login", "must name an account")
    return kind


def _ms(moment: datetime) -> int:
    """Return a moment in milliseconds, cut to those that samples can have."""
    return min(max(-((EPOCH - moment) // MILLISECOND), FIRST_MS), LAST_MS)
