"""InputService: records of any kind, and samples of any series, in batches of the contract."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceServicer

from services.errors import InvalidParameters, NotPermitted, Violation
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import account_of
from services.generation.accounts.user import TRACKER_RIGHT
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.input_service import Deletion, InputService, records_of
from services.generation.inputs.parking_settings import ParkingSettings
from services.generation.inputs.series import Series
from services.generation.inputs.series_service import SeriesService, Written
from services.generation.inputs.series_store import Recorded
from services.generation.inputs.upsert_plan import Outcome
from services.generation.inputs.zone_points import ZonePoints
from services.generation.servicers.input_lists import InputList, moment_in
from services.generation.servicers.input_owners import Context, InputOwners, owner_of
from services.generation.servicers.owner_turns import BatchTurns, list_turns

MAX_IDS = 10_000
MAX_REFUSALS = 100


class InputServicer(InputServiceServicer):
    """Fills daybook.input.v1.InputService: operators write, owners and operators read.

    Parking settings are changed by the owner.
    """

    def __init__(
        self, inputs: InputService, series: SeriesService, parking: ParkingSettings, owners: InputOwners
    ) -> None:
        self._inputs = inputs
        self._series = series
        self._parking = parking
        self._owners = owners
        self._lists = list_turns()  # by the caller's account, by the owner for operators
        self._batches = BatchTurns()

    async def Upsert(self, request_iterator: AsyncIterator[pb.UpsertRequest], context: Context) -> pb.UpsertResponse:
        """See the contract."""
        await self._owners.require_operator(context)
        tally = Tally()
        with audited("upsert_inputs") as known:
            async for request in request_iterator:
                name = request.batch.WhichOneof("records") or ""
                known |= {"kind": name, "owner": request.owner_login or request.workspace_id}
                async with self._batches.turn(owner_of(request)):
                    await self._store(name, request, tally)
                known["stored"] = tally.answer.stored_count
        return tally.answer

    async def _store(self, name: str, request: pb.UpsertRequest, tally: "Tally") -> None:
        series = registry.find_series(name)
        if series is not None:
            tally.add_samples(await self._samples(series, request))
            return
        kind = _kind(name, "batch")
        owner_id = await self._owners.written(kind, request)
        records = records_of(request.batch, name)
        tally.add(kind, await self._inputs.put(kind, owner_id, records, create_only=request.create_only))

    async def _samples(self, series: Series, request: pb.UpsertRequest) -> Written:
        if request.create_only:
            raise InvalidParameters.one("create_only", f"must be false for {series.name}")
        owner_id = await self._anyones(request.owner_login)
        return await self._series.put(series, owner_id, getattr(request.batch, series.name))

    async def _anyones(self, login: str) -> int | None:
        """Return the id of an account; None without a login."""
        return await self._owners.account(login) if login else None

    async def Get(self, request: pb.GetRequest, context: Context) -> pb.GetResponse:
        """See the contract."""
        caller = await self._owners.caller(context)
        kind, record = _named(request)
        scope = await self._owners.read(kind, request, caller)
        found = await self._inputs.get(kind, scope, record)
        answer = pb.GetResponse(record=_batch_of(kind, [found]))
        if kind.id_field:
            recordings = await self._series.recorded(kind, scope.owner_id, getattr(found, kind.id_field))
            answer.recordings.extend(recording(name, one) for name, one in recordings.items())
        return answer

    async def Update(self, request: pb.UpdateRequest, context: Context) -> pb.UpdateResponse:
        """See the contract."""
        await self._owners.require_operator(context)
        kind, record = _only(request.record, "record")
        owner_id, fields = await self._owners.changed(kind, request), list(request.update_mask.paths)
        owner = request.owner_login or request.workspace_id
        with audited("update_input", kind=kind.name, owner=owner, fields=fields) as known:
            known["key"] = [str(getattr(record, name)) for name in kind.key]
            changed = await self._inputs.change(kind, owner_id, record, fields)
        return pb.UpdateResponse(record=_batch_of(kind, [changed]))

    async def DeleteSamples(self, request: pb.DeleteSamplesRequest, context: Context) -> pb.DeleteSamplesResponse:
        """See the contract."""
        await self._owners.require_operator(context)
        series = registry.find_series(request.series)
        if series is None:
            wanted = f"must be one of {', '.join(one.name for one in registry.SERIES)}"
            raise InvalidParameters.one("series", wanted)
        owner_id = await self._anyones(request.owner_login)
        start, end = moment_in(request, "start_time"), moment_in(request, "end_time")
        with audited("delete_samples", series=series.name, id=request.entity_id) as known:
            known["count"] = count = await self._series.clear(series, owner_id, request.entity_id, start, end)
        return pb.DeleteSamplesResponse(deleted_count=count)

    async def List(self, request: pb.ListRequest, context: Context) -> pb.ListResponse:
        """See the contract."""
        caller = await self._owners.caller(context)
        kind = _kind(request.kind, "kind")
        scope = await self._owners.read(kind, request, caller)
        asked = InputList(kind, request)
        async with self._lists.slot(account_of(caller) or owner_of(request)):
            found = await self._inputs.page(kind, scope, asked.page, asked.matching)
            return pb.ListResponse(
                batch=_batch_of(kind, found),
                next_page_token=asked.next_token(found),
                total_size=0 if request.page_token else await self._inputs.count(kind, scope, asked.matching),
            )

    async def ReadZonePoints(self, request: pb.ReadZonePointsRequest, context: Context) -> pb.ReadZonePointsResponse:
        """See the contract."""
        user = await self._owners.user(context)
        points = await ZonePoints(self._inputs).get(user.account_id, request.zone_id, request.point_count)
        return pb.ReadZonePointsResponse(points=points)

    async def GetParking(self, request: pb.GetParkingRequest, context: Context) -> pb.GetParkingResponse:
        """See the contract."""
        user = await self._owners.user(context)
        return pb.GetParkingResponse(parking=await self._parking.get(user.account_id, request.tracker_id))

    async def UpdateParking(self, request: pb.UpdateParkingRequest, context: Context) -> pb.UpdateParkingResponse:
        """See the contract."""
        user = await self._owners.user(context)
        if not user.may(TRACKER_RIGHT):
            raise NotPermitted(right=TRACKER_RIGHT)
        tracker_id, fields = request.tracker_id, request.update_mask.paths
        with audited("update_parking", user_id=user.id, tracker_id=tracker_id, fields=list(fields)):
            parking = await self._parking.update(user.account_id, tracker_id, request.parking, fields)
        return pb.UpdateParkingResponse(parking=parking)

    async def Delete(self, request: pb.DeleteRequest, context: Context) -> pb.DeleteResponse:
        """See the contract."""
        await self._owners.require_operator(context)
        name = request.keys.WhichOneof("records") or request.kind
        if request.kind not in ("", name):
            raise InvalidParameters.one("kind", "must be the kind of the keys")
        kind = _kind(name, "kind")
        owner_id = await self._owners.changed(kind, request)
        with audited("delete_inputs", kind=name, owner=request.owner_login or request.workspace_id) as known:
            keys = records_of(request.keys, name)
            how = Deletion(allow_missing=request.allow_missing, detach=request.detach)
            known["count"] = count = await self._inputs.delete(kind, owner_id, request.ids, keys, how)
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


def _named(request: pb.GetRequest) -> tuple[InputKind[Any], Any]:
    """Return the kind that a request names, and a record with the key."""
    if request.HasField("key"):
        kind, record = _only(request.key, "key")
        if request.id or request.kind not in ("", kind.name):
            raise InvalidParameters.one("key", "must be given alone")
        return kind, record
    kind = _kind(request.kind, "kind")
    if kind.id_field is None:
        raise InvalidParameters.one("key", f"must be given for {kind.name}, which have no ids")
    return kind, kind.message(**{kind.id_field: request.id})


def _only(batch: pb.Batch, field_: str) -> tuple[InputKind[Any], Any]:
    """Return the kind and the one record of a batch."""
    kind = _kind(batch.WhichOneof("records") or "", field_)
    records = records_of(batch, kind.name)
    if len(records) != 1:
        raise InvalidParameters.one(field_, "must hold one record")
    return kind, records[0]


def _batch_of(kind: InputKind[Any], records: Sequence[Any]) -> pb.Batch:
    """Return records as a batch, which has a kind also without any."""
    batch = pb.Batch()
    getattr(batch, kind.name).SetInParent()
    records_of(batch, kind.name).extend(records)
    return batch


def recording(name: str, recorded: Recorded) -> pb.Recording:
    """Return what is stored of a series."""
    found = pb.Recording(series=name, sample_count=recorded.count)
    if recorded.first_ms is not None and recorded.last_ms is not None:
        found.first_time.FromMilliseconds(recorded.first_ms)
        found.last_time.FromMilliseconds(recorded.last_ms)
    return found


def _kind(name: str, field_: str) -> InputKind[Any]:
    """Return the kind of a name. Raises InvalidParameters; a violation has no room for the names of all kinds."""
    kind = registry.find_kind(name)
    if kind is None:
        raise InvalidParameters.one(field_, "must be one of the fields of Batch, such as trackers")
    return kind
