"""Making a request that shows a fault as small as it can be while it still does."""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace

from tests.fuzz.http_request import Request
from tests.fuzz.shrink import smallest


async def shrunk(request: Request, fails: Callable[[Request], Awaitable[bool]]) -> Request:
    """Return the smallest request found that still fails: parts of it are left out one by one."""
    return await smallest(request, _smaller, fails)


def _smaller(request: Request) -> Iterator[Request]:
    if request.body:
        yield replace(request, body=b"")
        yield from (replace(request, body=body) for body in _bodies(request.body))
    for place in range(len(request.headers)):
        yield replace(request, headers=request.headers[:place] + request.headers[place + 1 :])
    path, mark, query = request.target.partition(b"?")
    if mark:
        pairs = query.split(b"&")
        yield replace(request, target=path)
        for place in range(len(pairs)):
            yield replace(request, target=path + b"?" + b"&".join(pairs[:place] + pairs[place + 1 :]))


def _bodies(body: bytes) -> Iterator[bytes]:
    try:
        value = json.loads(body)
    except ValueError:
        value = None
    if isinstance(value, dict) and len(value) > 1:
        for name in value:
            yield json.dumps({one: value[one] for one in value if one != name}).encode()
    if len(body) > 1:
        yield body[: len(body) // 2]
        yield body[len(body) // 2 :]
