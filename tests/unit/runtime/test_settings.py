"""Settings that all services share."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.runtime.settings import ListenAddress, OptionalAddress

ADDRESS, LISTEN = TypeAdapter(OptionalAddress), TypeAdapter(ListenAddress)


@pytest.mark.parametrize("address", ["", ":0", "127.0.0.1:9100", "[::]:9100", "metrics.example:65535"])
def test_an_address_is_a_host_and_a_port_or_nothing(address: str) -> None:
    """No host means every interface."""
    assert address == ADDRESS.validate_python(address)


@pytest.mark.parametrize("address", ["9100", "localhost", "localhost:", "localhost:65536", "local host:9100", " "])
def test_what_is_no_address_is_refused(address: str) -> None:
    """It is found out at the start."""
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(address)
    with pytest.raises(ValidationError):
        LISTEN.validate_python(address)


def test_a_server_listens_somewhere() -> None:
    """Its address may not be left out."""
    assert "[::]:50051" == LISTEN.validate_python("[::]:50051")
    with pytest.raises(ValidationError):
        LISTEN.validate_python("")
