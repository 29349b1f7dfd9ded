"""InputService: records of any kind, and samples of any series, in batches of the contract."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceServicer

from services.errors import InvalidParameters, Violation
from services.generation.accounts.audit import audited
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_service import InputService, records_of
from services.generation.inputs.input_store import InputFilter
from services.generation.inputs.series import Series
from services.generation.inputs.series_service import SeriesService, Written
from services.generation.inputs.upsert_plan import Outcome
from services.generation.servicers.input_owners import Context, InputOwners
from services.generation.servicers.page_tokens import next_token, page_of

MAX_IDS = 10_000
MAX_REFUSALS = 100


class InputServicer(InputServiceServicer):
    """Fills daybook.input.v1.InputService: operators write, owners and operators read."""

    def __init__(self, inputs: InputService, series: SeriesService, owners: InputOwners) -> None:
        self._inputs = inputs
        self._series = series
        self._owners = owners

    async def Upsert(self, request_iterator: AsyncIterator[pb.UpsertRequest], context: Context) -> pb.UpsertResponse:
        """See the contract."""
        await self._owners.require_operator(context)
        tally = Tally()
        with audited("upsert_inputs") as known:
            async for request in request_iterator:
                name = request.batch.WhichOneof("records") or ""
                known |= {"kind": name, "owner": request.owner_login or request.workspace_id}
                series = registry.find_series(name)
                if series is not None:
                    tally.add_samples(await self._samples(series, request))
                else:
                    kind = _kind(name, "batch")
                    owner_id = await self._owners.written(kind, request)
                    tally.add(kind, await self._inputs.put(kind, owner_id, records_of(request.batch, name)))
                known["stored"] = tally.answer.stored_count
        return tally.answer

    async def _samples(self, series: Series, request: pb.UpsertRequest) -> Written:
        owner_id = await self._owners.account(request.owner_login) if request.owner_login else None
        return await self._series.put(series, owner_id, getattr(request.batch, series.name))

    async def List(self, request: pb.ListRequest, context: Context) -> pb.ListResponse:
        """See the contract."""
        caller = await self._owners.caller(context)
        kind = _kind(request.kind, "kind")
        scope = await self._owners.read(kind, request, caller)
        page = page_of(request, *kind.order_types)
        matching = InputFilter(list(request.ids) or None, request.text)
        found = await self._inputs.page(kind, scope, page, matching)
        token = next_token(page, found, *kind.order_of(found[-1])) if found else ""
        answer = pb.ListResponse(next_page_token=token)
        getattr(answer.batch, kind.name).SetInParent()
        records_of(answer.batch, kind.name).extend(found)
        return answer

    async def Delete(self, request: pb.DeleteRequest, context: Context) -> pb.DeleteResponse:
        """See the contract."""
        await self._owners.require_operator(context)
        name = request.keys.WhichOneof("records") or request.kind
        if request.kind not in ("", name):
            raise InvalidParameters.one("kind", "must be the kind of the keys")
        kind = _kind(name, "kind")
        owner_id = await self._owners.written(kind, request)
        with audited("delete_inputs", kind=name, owner=request.owner_login or request.workspace_id) as known:
            keys = records_of(request.keys, name)
            known["count"] = count = await self._inputs.delete(kind, owner_id, request.ids, keys)
        return pb.DeleteResponse(deleted_count=count)


@dataclass(slots=True)
class Tally:
    """Counts of a stream, as they are answered."""

    answer: pb.UpsertResponse = field(default_factory=pb.UpsertResponse)
    seen: int = 0

    def add(self, kind: InputKind[Any], outcomes: list[Outcome]) -> None:
        """Count the outcomes of a batch of records."""
        answer = self.answer
        for index, outcome in enumerate(outcomes):
            if outcome.refusal is not None:
                answer.refused_count += 1
                self._describe(index, outcome.refusal)
            elif outcome.stored:
                answer.stored_count += 1
            else:
                answer.unchanged_count += 1
        if self.seen < MAX_IDS and kind.id_field:
            answer.ids.extend(outcome.id for outcome in outcomes[: MAX_IDS - self.seen])
        self.seen += len(outcomes)

    def add_samples(self, written: Written) -> None:
        """Count the samples of a batch."""
        self.answer.stored_count += written.stored
        self.answer.unchanged_count += written.unchanged
        self.answer.refused_count += written.refused
        for index, refusal in written.refusals:
            self._describe(index, refusal)
        self.seen += written.stored + written.unchanged + written.refused

    def _describe(self, index: int, refusal: Violation) -> None:
        """Describe the refusal of a record of the batch if it is among the first of the stream."""
        if len(self.answer.refusals) < MAX_REFUSALS:
            self.answer.refusals.add(index=self.seen + index, field=refusal.field, reason=refusal.description)


def _kind(name: str, field_: str) -> InputKind[Any]:
    """Return the kind of a name. Raises InvalidParameters; a violation has no room for the names of all kinds."""
    kind = registry.find_kind(name)
    if kind is None:
        raise InvalidParameters.one(field_, "must be one of the fields of Batch, such as trackers")
    return kind
