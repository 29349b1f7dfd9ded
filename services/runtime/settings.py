"""Addresses in settings, and the line about wrong settings."""

from typing import Annotated

from pydantic import AfterValidator, Field, ValidationError

LARGEST_PORT = 65_535


def _port_fits(address: str) -> str:
    if address and int(address.rpartition(":")[2]) > LARGEST_PORT:
        raise ValueError(f"the port must be at most {LARGEST_PORT}")
    return address


ListenAddress = Annotated[str, Field(pattern=r"^\S*:\d{1,5}$"), AfterValidator(_port_fits)]  # host:port
OptionalAddress = Annotated[str, Field(pattern=r"^$|^\S*:\d{1,5}$"), AfterValidator(_port_fits)]  # host:port or nothing
METRICS = "host:port that answers Prometheus at `/metrics`; empty: nowhere. Not for the public"


def wrong_settings(error: ValidationError) -> str:
    """Return one line that names each wrong environment variable, never its value."""
    named = (
        f"{'.'.join(map(str, fault['loc'])).upper()}: {fault['msg']}" for fault in error.errors(include_input=False)
    )
    return "wrong settings: " + "; ".join(named)
