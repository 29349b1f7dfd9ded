"""Settings that all services share."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.runtime.settings import OptionalAddress

ADDRESS = TypeAdapter(OptionalAddress)


@pytest.mark.parametrize("address", ["", ":0", "127.0.0.1:9100", "[::]:9100", "metrics.example:65535"])
def test_an_address_is_a_host_and_a_port_or_nothing(address: str) -> None:
    """No host means every interface."""
    assert address == ADDRESS.validate_python(address)


@pytest.mark.parametrize("address", ["9100", "localhost", "localhost:", "localhost:65536", "local host:9100", " "])
def test_what_is_no_address_is_refused(address: str) -> None:
    """It is found out at the start."""
    with pytest.raises(ValidationError):
        ADDRESS.validate_python(address)
