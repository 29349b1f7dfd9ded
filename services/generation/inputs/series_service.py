"""Use case around series: storing the possible samples of a batch, refusing the impossible ones."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
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
from services.generation.inputs.series_store import SeriesStore

MAX_REFUSALS = 100


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
        """Store the possible samples of a batch; without an owner the entity may be anybody's.

        Raises NotFound for an unknown entity, also for one that is removed meanwhile, InvalidParameters when the batch
        is too long or its columns differ in length, StoreUnavailable.
        """
        kind = registry.find_kind(series.kind)
        if kind is None or (owner_id is None and not kind.is_global):
            raise InvalidParameters.one("owner_login", "must name an account")
        id_ = getattr(message, series.entity_field)
        entity = await self._entity(kind, owner_id, id_)
        violations = series.violations(message)
        if violations:
            raise InvalidParameters(violations)
        written = await self._write(series, entity, series.samples_of(message))
        try:
            await self._entity(kind, owner_id, id_)
        except NotFound:  # it was removed while its samples were written
            await self._store.remove(series, entity)
            raise
        return written

    async def _entity(self, kind: InputKind[Any], owner_id: int | None, id_: int) -> Any:
        found = await self._inputs.entities(kind, [id_], owner_id)
        if id_ not in found:
            raise NotFound(f"There is no {kind.noun} {id_}")
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
