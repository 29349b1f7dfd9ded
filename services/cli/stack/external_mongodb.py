"""External MongoDB server: whether it can be reached, asked before anything is started that needs it."""

import asyncio
import re
from urllib.parse import parse_qs, unquote

from services.cli.errors import CommandFailed
from services.cli.stack.status import accepts, answers_mongodb

REACHED_WITHIN_S = 3.0
POLL_S = 0.1
DEFAULT_PORT = 27017
URI = re.compile(r"mongodb(?P<srv>\+srv)?://(?:[^/?]*@)?(?P<hosts>[^/?]*)/?[^?]*\??(?P<options>.*)", re.DOTALL)


async def require_mongodb(uri: str) -> None:
    """Return once any server that the URI names can be reached.

    An encrypted server need only accept connections, and servers found by DNS (mongodb+srv) are not asked. Raises
    CommandFailed, without credentials, when none can be reached in time.
    """
    found = URI.fullmatch(uri)
    names = found["hosts"] if found else ""
    if found is None or not names:
        raise CommandFailed("MONGODB_URI names no server: it is mongodb://HOST:PORT/")
    if found["srv"]:
        return
    encrypted = _is_encrypted(found["options"])
    tries = [
        asyncio.ensure_future(_reached(address, encrypted=encrypted)) for address in map(_address, names.split(","))
    ]
    try:
        done, _ = await asyncio.wait(tries, timeout=REACHED_WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in tries:
            one.cancel()
        await asyncio.gather(*tries, return_exceptions=True)
    if not done:
        raise CommandFailed(f"MongoDB at {unquote(names)} cannot be reached: is it running, and is MONGODB_URI right?")


async def _reached(address: str, *, encrypted: bool) -> None:
    is_there = accepts if encrypted else answers_mongodb
    while not await is_there(address):  # noqa: ASYNC110  # another server gives us no event to wait for
        await asyncio.sleep(POLL_S)


def _address(name: str) -> str:
    """Return host:port, with MongoDB's default port where none is named, or the path of a socket."""
    host = unquote(name)
    return host if host.startswith("/") or re.search(r":\d+$", host) else f"{host}:{DEFAULT_PORT}"


def _is_encrypted(options: str) -> bool:
    given = {name.lower(): values[-1].lower() for name, values in parse_qs(options).items()}
    return "true" in {given.get("tls"), given.get("ssl")}
