"""Entry point of the gateway: `python -m gateway`."""

import sys

import uvloop
from pydantic import ValidationError

from gateway.app import serve
from gateway.settings import Settings
from services.runtime.logs import configure
from services.runtime.observability import CannotBeObserved, observed


def main() -> None:
    """Read the settings and serve; a reason why that is impossible is one line and exit code 1."""
    try:
        settings = Settings()
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors())
        sys.exit(f"gateway: bad setting: {faults}")
    configure("gateway", settings.log_level)
    try:
        with observed("gateway", settings.metrics_listen):
            uvloop.run(serve(settings))
    except CannotBeObserved as error:
        sys.exit(f"gateway: {error}")
    except OSError as error:
        sys.exit(f"gateway: cannot listen on {settings.gateway_listen}: {error.strerror or error}")


if __name__ == "__main__":
    main()
