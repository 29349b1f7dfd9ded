"""Requests that are no messages: bad parameters, where grpc would end the call with words of its own."""

from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from typing import Any

from google.protobuf.message import DecodeError

from services.errors import InvalidParameters

Behaviour = Callable[[Any, Any], Any]
_UNREADABLE = object()


def reader(read: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Return a reader of requests that never fails; `refusing` tells of bytes that are no message."""

    def request(sent: bytes) -> Any:
        try:
            return read(sent)
        except DecodeError:
            return _UNREADABLE

    return request


def refusing(behaviour: Behaviour, *, streaming: bool) -> Behaviour:
    """Return a method that takes what such a reader read: a request, or a stream of them.

    It raises InvalidParameters, at once or when the stream comes to it, for what is no message of the contract or is
    nested deeper than protobuf reads.
    """

    async def one(request: Any, context: Any) -> Any:
        return await behaviour(_checked(request), context)

    async def several(requests: AsyncIterable[Any], context: Any) -> Any:
        async with aclosing(_each(requests)) as each:
            return await behaviour(each, context)

    return several if streaming else one


async def _each(requests: AsyncIterable[Any]) -> AsyncGenerator[Any, None]:
    async for request in requests:
        yield _checked(request)


def _checked(request: Any) -> Any:
    if request is _UNREADABLE:
        raise InvalidParameters.one("request", "must be a message of the contract, not nested too deep")
    return request
