"""Runs the generation service: settings, adapters, server."""

from services.generation.bootstrap.process import SERVICES, assembled
from services.generation.settings import Settings
from services.runtime.callers import Callers
from services.runtime.introspection import Introspection
from services.runtime.memory import give_back_large_blocks, keep_what_is_loaded
from services.runtime.process import run_service
from services.runtime.serve import Health, make_server, run_until_stopped, start


async def run(settings: Settings) -> None:
    """Serve until told to stop."""
    health = Health(SERVICES)
    callers = Callers(settings.gateway_secret.get_secret_value())
    introspection = Introspection(settings.reflection, settings.channelz)
    server = make_server(SERVICES, health, callers=callers, introspection=introspection)
    async with assembled(settings, server, health):
        await start(server, health, settings.generation_listen, settings.grpc_tls)
        keep_what_is_loaded()
        await run_until_stopped(server, health, settings.stop_grace_seconds)


def main() -> None:
    """Serve until told to stop."""
    give_back_large_blocks()
    run_service("generation", Settings, run)


if __name__ == "__main__":
    main()
