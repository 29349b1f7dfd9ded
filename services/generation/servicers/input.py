"""InputService: records of any kind, in batches of the contract."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from daybook.input.v1 import input_service_pb2 as pb
from daybook.input.v1.input_service_pb2_grpc import InputServiceServicer
from grpc.aio import ServicerContext

from services.errors import InvalidParameters, NotAuthenticated, Violation, WorkspaceNotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.audit import audited
from services.generation.accounts.authentication import Authenticator, Principal
from services.generation.inputs import registry
from services.generation.inputs.input_service import InputService, records_of
from services.generation.inputs.input_store import InputFilter
from services.generation.inputs.kind import InputKind, Owner
from services.generation.inputs.upsert_plan import Outcome
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.timetracking.time_store import Timesheets
from services.runtime.channel import authorization_of, client_address_of

Context = ServicerContext[Any, Any]
Request = pb.UpsertRequest | pb.ListRequest | pb.DeleteRequest

MAX_IDS = 10_000
MAX_REFUSALS = 100


class InputServicer(InputServiceServicer):
    """Fills daybook.input.v1.InputService: operators write, owners and operators read."""

    def __init__(
        self, inputs: InputService, accounts: AccountService, timesheets: Timesheets, callers: Authenticator
    ) -> None:
        self._inputs = inputs
        self._accounts = accounts
        self._timesheets = timesheets
        self._callers = callers

    async def Upsert(self, request_iterator: AsyncIterator[pb.UpsertRequest], context: Context) -> pb.UpsertResponse:
        """See the contract."""
        await self._operator(context)
        tally = Tally()
        with audited("upsert_inputs") as known:
            async for request in request_iterator:
                kind = _kind(request.batch.WhichOneof("records") or "", "batch")
                owner_id = await self._owner(kind, request)
                known |= {"kind": kind.name, kind.owner.value: owner_id}
                tally.add(await self._inputs.put(kind, owner_id, records_of(request.batch, kind.name)))
                known["stored"] = tally.answer.stored_count
        return tally.answer

    async def List(self, request: pb.ListRequest, context: Context) -> pb.ListResponse:
        """See the contract."""
        caller = await self._caller(context)
        kind = _kind(request.kind, "kind")
        owner_id = await (self._owner(kind, request) if caller.operator else self._own(kind, request, caller))
        page = page_of(request, *kind.order_types)
        matching = InputFilter(list(request.ids) or None, request.text)
        found = await self._inputs.page(kind, owner_id, page, matching)
        answer = pb.ListResponse()
        records_of(answer.batch, kind.name).extend(found)  # type: ignore[attr-defined] # a repeated field
        getattr(answer.batch, kind.name).SetInParent()
        if found:
            answer.next_page_token = next_token(page, found, *kind.order_of(found[-1]))
        return answer

    async def Delete(self, request: pb.DeleteRequest, context: Context) -> pb.DeleteResponse:
        """See the contract."""
        await self._operator(context)
        name = request.keys.WhichOneof("records") or request.kind
        if request.kind not in ("", name):
            raise InvalidParameters.one("kind", "must be the kind of the keys")
        kind = _kind(name, "kind")
        owner_id = await self._owner(kind, request)
        with audited("delete_inputs", kind=name, **{kind.owner.value: owner_id}) as known:
            keys = records_of(request.keys, name)
            known["count"] = count = await self._inputs.delete(kind, owner_id, request.ids, keys)
        return pb.DeleteResponse(deleted_count=count)

    async def _owner(self, kind: InputKind[Any], request: Request) -> int:
        """Return the id of the owner that an operator names."""
        if kind.owner is Owner.WORKSPACE:
            _require_empty(request, "owner_login", kind)
            if await self._timesheets.workspace(request.workspace_id) is None:
                raise WorkspaceNotFound(f"There is no workspace {request.workspace_id}")
            return request.workspace_id
        _require_empty(request, "workspace_id", kind)
        if not request.owner_login:
            raise InvalidParameters.one("owner_login", "must name an account")
        return (await self._accounts.by_login(request.owner_login)).account_id

    async def _own(self, kind: InputKind[Any], request: pb.ListRequest, caller: Principal) -> int:
        """Return the id of the owner whose records an account may read."""
        if request.owner_login:
            raise InvalidParameters.one("owner_login", "is for operators")
        if kind.owner is Owner.WORKSPACE:
            member = await self._timesheets.member(request.workspace_id, email=caller.email)
            if member is None or not member.active:
                raise WorkspaceNotFound(f"There is no workspace {request.workspace_id}")
            return request.workspace_id
        _require_empty(request, "workspace_id", kind)
        if caller.user is None:
            raise NotAuthenticated
        return caller.user.account_id

    async def _operator(self, context: Context) -> None:
        if not (await self._caller(context)).operator:
            raise NotAuthenticated("The operator token is missing")

    async def _caller(self, context: Context) -> Principal:
        caller = await self._callers.caller(authorization_of(context), client_address_of(context))
        if caller is None:
            raise NotAuthenticated
        return caller


@dataclass(slots=True)
class Tally:
    """Counts of a stream, as they are answered."""

    answer: pb.UpsertResponse = field(default_factory=pb.UpsertResponse)
    seen: int = 0

    def add(self, outcomes: list[Outcome]) -> None:
        """Count the outcomes of a batch."""
        answer = self.answer
        for index, outcome in enumerate(outcomes, self.seen):
            if outcome.refusal is not None:
                self.refuse(index, outcome.refusal)
            elif outcome.stored:
                answer.stored_count += 1
            else:
                answer.unchanged_count += 1
        if self.seen < MAX_IDS and any(outcome.id for outcome in outcomes):
            answer.ids.extend(outcome.id for outcome in outcomes[: MAX_IDS - self.seen])
        self.seen += len(outcomes)

    def refuse(self, index: int, refusal: Violation) -> None:
        """Count a refused record, and describe it if it is among the first."""
        self.answer.refused_count += 1
        if len(self.answer.refusals) < MAX_REFUSALS:
            self.answer.refusals.add(index=index, field=refusal.field, reason=refusal.description)


def _kind(name: str, field_: str) -> InputKind[Any]:
    kind = registry.find_kind(name)
    if kind is None:
        names = ", ".join(one.name for one in registry.INPUT_KINDS)
        raise InvalidParameters.one(field_, f"must be of one of the kinds {names}")
    return kind


def _require_empty(request: Request, field_: str, kind: InputKind[Any]) -> None:
    if getattr(request, field_):
        raise InvalidParameters.one(field_, f"must be empty: {kind.name} belong to the {kind.owner.name.lower()}")
