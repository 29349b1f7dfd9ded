"""Asking the parts that run in this container or on this machine: `python -m services.cli.probe [PART ...]`.

The same as `daybook health` for a container's own health check: by the addresses to listen on, and quick to start.
"""

import asyncio
import sys
from collections.abc import Sequence

from services.cli.failure import CommandFailed
from services.cli.settings import ListenSettings, read
from services.cli.stack.health import accepts
from services.cli.stack.states import GATEWAY, NAMES, SERVING, Part, states_of

EVERYWHERE = frozenset({"", "0.0.0.0", "[::]"})  # noqa: S104  # to compare with


def parts_here(settings: ListenSettings) -> list[Part]:
    """Return every part as this machine reaches it; one that listens on all interfaces by `localhost`."""
    parts = []
    for name in NAMES:
        host, _, port = getattr(settings, f"{name}_listen").rpartition(":")
        address = f"{'localhost' if host in EVERYWHERE else host}:{port}"
        parts.append(Part(name, address, https=name == GATEWAY and settings.public_tls.is_on))
    return parts


async def probe(names: Sequence[str], settings: ListenSettings) -> bool:
    """Print a line for each named part, without names for each that listens here. Say whether all serve, one at least.

    Raises CommandFailed when there is no part of a name.
    """
    unknown = set(names) - set(NAMES)
    if unknown:
        raise CommandFailed(f"no part is called {', '.join(sorted(unknown))}: there are {', '.join(NAMES)}")
    here = parts_here(settings)
    asked = [part for part in here if (part.name in names if names else await accepts(part.address))]
    states = await states_of(asked, settings.grpc_tls)
    for part, state in states.items():
        print(f"{part.name} at {part.address}: {state}")
    if not states:
        print("nothing listens here")
    return bool(states) and set(states.values()) == {SERVING}


def main() -> int:
    """Return 0 when all that were asked serve, else 1."""
    try:
        return 0 if asyncio.run(probe(sys.argv[1:], read(ListenSettings))) else 1
    except CommandFailed as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
