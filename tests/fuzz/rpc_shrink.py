"""Making a call that shows a fault as small as it can be while it still does."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace

from google.protobuf.message import Message

from tests.fuzz.rpc_request import Call
from tests.fuzz.shrink import smallest


async def shrunk(call: Call, fails: Callable[[Call], Awaitable[bool]]) -> Call:
    """Return the smallest call found that still fails: parts of it are left out one by one."""
    return await smallest(call, _smaller, fails)


def _smaller(call: Call) -> Iterator[Call]:
    """Give calls with a message, a field or some metadata less."""
    before: Sequence[Message]
    for place, one in enumerate(call.requests):
        before, after = call.requests[:place], call.requests[place + 1 :]
        if call.rpc.streams_in:
            yield replace(call, requests=[*before, *after])
        for path in _paths(one):
            yield replace(call, requests=[*before, _without(one, path), *after])
    if len(call.metadata) > 1:
        yield replace(call, metadata=call.metadata[:1])


def _paths(message: Message) -> Iterator[tuple[str, ...]]:
    for field, value in message.ListFields():
        yield (field.name,)
        if field.message_type and not field.is_repeated and field.message_type.name != "Struct":
            yield from ((field.name, *path) for path in _paths(value))


def _without(message: Message, path: tuple[str, ...]) -> Message:
    found = type(message)()
    found.CopyFrom(message)
    inside = found
    for name in path[:-1]:
        inside = getattr(inside, name)
    inside.ClearField(path[-1])
    return found
