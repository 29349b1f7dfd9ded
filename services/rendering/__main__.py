"""Entry point of rendering: settings, bootstrap, serve."""

from contextlib import AsyncExitStack

from daybook.rendering.v1.rendering_service_pb2 import DESCRIPTOR
from daybook.rendering.v1.rendering_service_pb2_grpc import add_RenderingServiceServicer_to_server

from services.rendering.bootstrap import assembled
from services.rendering.settings import Settings
from services.runtime.callers import Callers
from services.runtime.introspection import Introspection
from services.runtime.memory import keep_what_is_loaded
from services.runtime.process import run_service
from services.runtime.serve import Health, make_server, run_until_stopped, start

SERVICES = [service.full_name for service in DESCRIPTOR.services_by_name.values()]


async def serve(settings: Settings) -> None:
    """Serve until told to stop.

    Raises CannotListen when the address cannot be used.
    """
    health = Health(SERVICES)
    async with assembled(settings) as rendering, AsyncExitStack() as stack:
        callers = Callers(settings.gateway_secret.get_secret_value())
        introspection = Introspection(settings.reflection, settings.channelz)
        server = make_server(SERVICES, health, settings.client_idle_seconds, callers, introspection)
        add_RenderingServiceServicer_to_server(rendering.servicer, server)
        await start(server, health, settings.rendering_listen, settings.grpc_tls)
        await health.set_serving(True)
        if rendering.worker is not None:
            await stack.enter_async_context(rendering.worker.running(health.stopping, settings.stop_grace_seconds))
        keep_what_is_loaded()
        await run_until_stopped(server, health, settings.stop_grace_seconds)


def main() -> None:
    """Serve until told to stop."""
    run_service("rendering", Settings, serve)


if __name__ == "__main__":
    main()
