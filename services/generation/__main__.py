"""Runs the generation service: settings, adapters, server."""

import sys

import uvloop
from pydantic import ValidationError

from services.generation.bootstrap import SERVICES, assembled
from services.generation.settings import Settings
from services.runtime import logs
from services.runtime.memory import give_back_large_blocks, keep_what_is_loaded
from services.runtime.observability import CannotBeObserved, observed
from services.runtime.serve import CannotListen, Health, make_server, run_until_stopped, start
from services.runtime.settings import wrong_settings


async def run(settings: Settings) -> None:
    """Serve until told to stop."""
    health = Health(SERVICES)
    server = make_server(SERVICES, health)
    async with assembled(settings, server, health):
        await start(server, health, settings.generation_listen, settings.grpc_tls)
        keep_what_is_loaded()
        await run_until_stopped(server, health, settings.stop_grace_seconds)


def main() -> None:
    """Read the settings and serve; a wrong setting or a taken port is one clear line and exit code 1."""
    give_back_large_blocks()
    try:
        settings = Settings()
    except ValidationError as error:
        sys.exit(f"generation: {wrong_settings(error)}")
    logs.configure("generation", settings.log_level)
    try:
        with observed("generation", settings.metrics_listen):
            uvloop.run(run(settings))
    except (CannotBeObserved, CannotListen) as error:
        sys.exit(f"generation: {error}")


if __name__ == "__main__":
    main()
