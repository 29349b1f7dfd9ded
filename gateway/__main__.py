"""Entry point of the gateway: `python -m gateway`."""

from gateway.app import serve
from gateway.settings import Settings
from services.runtime.process import run_service


def main() -> None:
    """Serve until told to stop."""
    run_service("gateway", Settings, serve)


if __name__ == "__main__":
    main()
