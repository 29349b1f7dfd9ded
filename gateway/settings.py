"""What the gateway reads from the environment."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class Settings(BaseSettings, frozen=True):
    """Addresses, limits and deadlines; each is the environment variable of the same name in capitals."""

    gateway_listen: str = Field(
        "0.0.0.0:8080", pattern=r"^.*:\d{1,5}$", description="host:port; port 0 picks a free one"
    )
    generation_address: str = "localhost:50051"
    rendering_address: str = "localhost:50052"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    max_body_bytes: int = Field(1024 * 1024, ge=1024, description="a longer body is error 9")
    body_seconds: float = Field(30, gt=0, description="a body must be whole within this time")
    call_seconds: float = Field(10, gt=0, description="deadline of a call with one answer")
    first_message_seconds: float = Field(120, gt=0, description="a file must begin within this time")
    idle_seconds: float = Field(30, gt=0, description="longest pause between two parts of a file")
    client_idle_seconds: float = Field(120, gt=0, description="longest time a client may take for one part of a file")
    stop_grace_seconds: float = Field(8, ge=0, description="running requests may finish within this time after SIGTERM")

    generate_error_http_status: Literal[400, 403] = Field(
        400, description="HTTP status of errors 211, 217 and 222, on which the published sources disagree"
    )

    @property
    def host_and_port(self) -> tuple[str | None, int]:
        """Return where to listen; no host means every interface."""
        host, _, port = self.gateway_listen.rpartition(":")
        return host.strip("[]") or None, int(port)
