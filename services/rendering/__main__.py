"""Entry point of rendering: settings, bootstrap, serve."""

import sys

import uvloop
from daybook.rendering.v1.rendering_service_pb2 import DESCRIPTOR
from daybook.rendering.v1.rendering_service_pb2_grpc import add_RenderingServiceServicer_to_server
from pydantic import ValidationError

from services.rendering.bootstrap import assembled
from services.rendering.settings import Settings
from services.runtime import logs
from services.runtime.memory import keep_what_is_loaded
from services.runtime.observability import CannotBeObserved, observed
from services.runtime.serve import CannotListen, Health, make_server, run_until_stopped, start
from services.runtime.settings import wrong_settings

SERVICES = [service.full_name for service in DESCRIPTOR.services_by_name.values()]


async def serve(settings: Settings) -> None:
    """Serve until told to stop.

    Raises CannotListen when the address cannot be used.
    """
    health = Health(SERVICES)
    async with assembled(settings) as servicer:
        server = make_server(SERVICES, health, client_idle_s=settings.client_idle_seconds)
        add_RenderingServiceServicer_to_server(servicer, server)
        await start(server, health, settings.rendering_listen, settings.grpc_tls)
        await health.set_serving(True)
        keep_what_is_loaded()
        await run_until_stopped(server, health, settings.stop_grace_seconds)


def main() -> None:
    """Read the settings and serve; a wrong setting or a taken port is one clear line and exit code 1."""
    try:
        settings = Settings()
    except ValidationError as error:
        sys.exit(f"rendering: {wrong_settings(error)}")
    logs.configure("rendering", settings.log_level)
    try:
        with observed("rendering", settings.metrics_listen):
            uvloop.run(serve(settings))
    except (CannotBeObserved, CannotListen) as error:
        sys.exit(f"rendering: {error}")


if __name__ == "__main__":
    main()
