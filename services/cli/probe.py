"""Health check of a container or machine: `python -m services.cli.probe [PART ...]`.

It asks as `daybook health` does, by the addresses that the parts listen on, and starts quickly.
"""

import asyncio
import sys
from collections.abc import Sequence

from services.cli.errors import CommandFailed, exit_code_of
from services.cli.settings import ListenSettings, read
from services.cli.stack.parts import GATEWAY, NAMES, SERVING, Endpoint
from services.cli.stack.status import accepts, statuses_of
from services.runtime.shown_text import shown

EVERYWHERE = frozenset({"", "0.0.0.0", "[::]"})  # noqa: S104  # to compare with


def parts_here(settings: ListenSettings) -> list[Endpoint]:
    """Return every part as this machine reaches it, by `localhost` when it listens on all interfaces."""
    parts = []
    for name in NAMES:
        host, _, port = getattr(settings, f"{name}_listen").rpartition(":")
        address = f"{'localhost' if host in EVERYWHERE else host}:{port}"
        parts.append(Endpoint(name, address, https=name == GATEWAY and settings.public_tls.is_on))
    return parts


async def probe(names: Sequence[str], settings: ListenSettings) -> bool:
    """Print a line for each named part, without names for each part that listens here.

    Return whether there is any and all serve. Raises CommandFailed when there is no part of a name.
    """
    unknown = set(names) - set(NAMES)
    if unknown:
        raise CommandFailed(f"no part is called {shown(', '.join(sorted(unknown)))}: there are {', '.join(NAMES)}")
    here = parts_here(settings)
    asked = [part for part in here if (part.name in names if names else await accepts(part.address))]
    states = await statuses_of(asked, settings.grpc_tls)
    for part, state in states.items():
        print(f"{part.name} at {part.address}: {state}")
    if not states:
        print("nothing listens here")
    return bool(states) and set(states.values()) == {SERVING}


def main() -> int:
    """Return 0 when all parts that were asked serve, else 1."""
    return exit_code_of(lambda: 0 if asyncio.run(probe(sys.argv[1:], read(ListenSettings))) else 1)


if __name__ == "__main__":
    sys.exit(main())
