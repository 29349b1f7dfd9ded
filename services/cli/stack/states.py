"""What the parts of a stack say of themselves, in a word each."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from services.cli.failure import CommandFailed
from services.cli.stack.health import accepts, answers_http, is_serving
from services.cli.stack.plan import GENERATION, RENDERING
from services.runtime.tls import TlsSettings

GATEWAY = "gateway"
SERVICES = {"generation": GENERATION, "rendering": RENDERING}
NAMES = (*SERVICES, GATEWAY)
SERVING = "serving"


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its name, where it listens (host:port), and whether the gateway speaks HTTPS there."""

    name: str
    address: str
    https: bool = False


async def states_of(parts: Iterable[Part], tls: TlsSettings) -> dict[Part, str]:
    """Return for each part "serving", "not serving", "does not answer", or why it is not trusted."""
    asked = list(parts)
    return dict(zip(asked, await asyncio.gather(*(_state_of(part, tls) for part in asked)), strict=True))


async def _state_of(part: Part, tls: TlsSettings) -> str:
    try:
        serving = await _is_serving(part, tls)
    except CommandFailed as failure:
        return str(failure)
    if serving:
        return SERVING
    return "not serving" if await accepts(part.address) else "does not answer"


async def _is_serving(part: Part, tls: TlsSettings) -> bool:
    if part.name == GATEWAY:
        return await answers_http(part.address, "/health", encrypted=part.https)
    return await is_serving(part.address, SERVICES[part.name], tls)
