"""Requests that cannot be decoded, answered as bad parameters where gRPC would end the call with words of its own."""

from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from contextlib import aclosing
from typing import Any

from google.protobuf.message import DecodeError

from services.errors import InvalidParameters

Behaviour = Callable[[Any, Any], Any]
_UNDECODABLE = object()


def decoder(decode: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Return a decoder of requests that never fails; `checked` raises for bytes that are no message."""

    def request(sent: bytes) -> Any:
        try:
            return decode(sent)
        except DecodeError:
            return _UNDECODABLE

    return request


def checked(behaviour: Behaviour, *, streaming: bool) -> Behaviour:
    """Return a method that takes what `decoder` returned: a request, or a stream of them.

    It raises InvalidParameters, at once or when the stream comes to it, for bytes that are no message of the contract
    or are nested deeper than protobuf reads.
    """

    def unary(request: Any, context: Any) -> Awaitable[Any]:
        awaited: Awaitable[Any] = behaviour(_checked(request), context)
        return awaited

    async def stream(requests: AsyncIterable[Any], context: Any) -> Any:
        async with aclosing(_each(requests)) as each:
            return await behaviour(each, context)

    return stream if streaming else unary


async def _each(requests: AsyncIterable[Any]) -> AsyncGenerator[Any, None]:
    async for request in requests:
        yield _checked(request)


def _checked(request: Any) -> Any:
    if request is _UNDECODABLE:
        raise InvalidParameters.one("request", "must be a message of the contract, not nested too deep")
    return request
