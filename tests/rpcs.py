"""Every RPC of the contracts, found in their descriptors, and calls that need nothing but these."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

import daybook
import grpc
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import ErrorInfo
from google.rpc.status_pb2 import Status

ANSWER_WITHIN_S = 120
DETAILS_KEY = "grpc-status-details-bin"
Metadata = Sequence[tuple[str, str | bytes]]


@dataclass(frozen=True, slots=True)
class Rpc:
    """One RPC: the full name of its service, its own, its messages, and whether they come as streams."""

    service: str
    name: str
    request: type[Message]
    response: type[Message]
    streams_in: bool
    streams_out: bool

    @property
    def path(self) -> str:
        """The value on the wire."""
        return f"/{self.service}/{self.name}"

    @property
    def short(self) -> str:
        """Service and name without the package."""
        return f"{self.service.rpartition('.')[2]}/{self.name}"

    @property
    def shape(self) -> str:
        """The kind of call, as grpc spells it."""
        words = {True: "stream", False: "unary"}
        return f"{words[self.streams_in]}_{words[self.streams_out]}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """End of a call, with the answers before; `reason` is empty where no service of Daybook gave one."""

    code: grpc.StatusCode
    message: str = ""
    reason: str = ""
    details: Status = field(default_factory=Status)
    answers: Sequence[Message] = ()


def rpcs_of(files: Iterable[FileDescriptor]) -> list[Rpc]:
    """Return the RPCs of files, in their order."""
    return [
        Rpc(
            service.full_name,
            one.name,
            GetMessageClass(one.input_type),
            GetMessageClass(one.output_type),
            one.client_streaming,
            one.server_streaming,
        )
        for file in files
        for service in file.services_by_name.values()
        for one in service.methods
    ]


def contracts() -> Iterator[FileDescriptor]:
    """Give every file of the contracts."""
    for root in map(Path, daybook.__path__):
        for file in sorted(root.rglob("*_pb2.py")):
            words = ("daybook", *file.relative_to(root).with_suffix("").parts)
            yield import_module(".".join(words)).DESCRIPTOR


def asked(channel: grpc.Channel, rpc: Rpc, requests: Sequence[Message], metadata: Metadata) -> Outcome:
    """Call an RPC and read all that it answers; a unary one takes the first request."""
    behaviour = getattr(channel, rpc.shape)(
        rpc.path,
        request_serializer=rpc.request.SerializeToString,
        response_deserializer=rpc.response.FromString,
    )
    answers: list[Message] = []
    try:
        answer = behaviour(
            iter(requests) if rpc.streams_in else requests[0], metadata=metadata, timeout=ANSWER_WITHIN_S
        )
        answers.extend(answer if rpc.streams_out else [answer])
    except grpc.RpcError as error:
        return failed(error, answers)
    return Outcome(grpc.StatusCode.OK, answers=answers)


def failed(error: grpc.RpcError, answers: Sequence[Message] = ()) -> Outcome:
    """Return how a call ended that failed."""
    details, info = Status(), ErrorInfo()
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS_KEY:
            details = Status.FromString(value)
    for one in details.details:
        one.Unpack(info)
    return Outcome(error.code(), error.details() or "", info.reason, details, answers)
