"""One call of an RPC: what it carries and how long it is waited for; and how it ended."""

import asyncio
import json
import shlex
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import grpc
from google.protobuf.json_format import MessageToDict, SerializeToJsonError
from google.protobuf.message import Message

from tests.rpcs import Metadata, Outcome, Rpc, failed

ANSWER_WITHIN_S = 30
LOST_S = ANSWER_WITHIN_S + 15  # nothing at all came back, not even the library's own deadline
UNTOLD, MOST_TRIES = "Internal error from Core", 5  # of grpc.aio
WATCHED_S = 5  # a report in the making is watched for as long as it is made


@dataclass(frozen=True, slots=True)
class Call:
    """A call; a unary one takes the first request. `within_s` is its deadline, `cancel_s` when it is given up."""

    rpc: Rpc
    requests: Sequence[Message]
    metadata: Metadata = ()
    within_s: float = ANSWER_WITHIN_S
    cancel_s: float | None = None

    @property
    def hurried(self) -> bool:
        """Whether it may end without an answer."""
        return self.within_s < ANSWER_WITHIN_S or self.cancel_s is not None

    def grpcurl(self, address: str) -> str:
        """Return a command line that sends it, but for its deadline."""
        words = ["grpcurl -plaintext"]
        for key, value in self.metadata:
            words.append(f"-H {shlex.quote(f'{key}: {value!s}')}")
        words += [f"-d {shlex.quote(' '.join(map(_json, self.requests)))}", address, self.rpc.path[1:]]
        return " ".join(words)


@dataclass
class Wires:
    """Channels to the services."""

    channels: dict[str, grpc.aio.Channel] = field(default_factory=dict)

    async def send(self, call: Call) -> Outcome:
        """Return how a call ended. Raises TimeoutError when it did not end at all.

        A stream that the service has refused while it was being written is sent again: the library then has no status.
        """
        for _ in range(MOST_TRIES):
            outcome = await self._sent(call)
            if not (call.rpc.streams_in and outcome.message == UNTOLD):
                break
        return outcome

    async def _sent(self, call: Call) -> Outcome:
        channel = self.channels["rendering" if call.rpc.service.startswith("daybook.rendering") else "generation"]
        answers: list[Message] = []
        async with asyncio.timeout(LOST_S):
            ongoing = self._begun(channel, call)
            if call.cancel_s is not None:
                asyncio.get_running_loop().call_later(call.cancel_s, ongoing.cancel)
            try:
                if call.rpc.streams_out:
                    answers.extend([one async for one in ongoing])
                else:
                    answers.append(await ongoing)
            except grpc.aio.AioRpcError as error:
                return failed(error, answers)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise
                return Outcome(grpc.StatusCode.CANCELLED)  # the call was, not this task
            finally:
                ongoing.cancel()
        return Outcome(grpc.StatusCode.OK, answers=answers)

    def _begun(self, channel: grpc.aio.Channel, call: Call) -> grpc.aio.Call:
        make = getattr(channel, call.rpc.shape)(
            call.rpc.path,
            request_serializer=call.rpc.request.SerializeToString,
            response_deserializer=call.rpc.response.FromString,
        )
        asked = _each(call.requests) if call.rpc.streams_in else call.requests[0]
        return make(asked, metadata=tuple(call.metadata), timeout=call.within_s)


async def _each(requests: Sequence[Message]) -> AsyncIterator[Message]:
    for one in requests:
        yield one


def _json(message: Message) -> str:
    try:
        return json.dumps(MessageToDict(message, preserving_proto_field_name=True))
    except (SerializeToJsonError, ValueError):  # moments out of range, numbers that are not finite
        return f"{message.DESCRIPTOR.full_name} {message.SerializeToString().hex()}"
