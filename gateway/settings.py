"""Settings of the gateway, read from the environment once, at its start."""

from typing import Annotated, Literal

from annotated_types import Ge, Gt
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.load_balancing import REPLICAS, Addresses
from services.runtime.settings import METRICS, ListenAddress, OptionalAddress
from services.runtime.tls import HttpsSettings, TlsSettings

Seconds = Annotated[float, Gt(0)]


class Settings(BaseSettings):
    """Addresses, limits and deadlines; each is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True)

    gateway_listen: Annotated[
        ListenAddress, Field(description="Address of the HTTP server, host:port; port 0 picks a free one")
    ] = "0.0.0.0:8080"  # a gateway is there to be reached; `daybook up` narrows it to loopback
    public_tls: HttpsSettings = Field(default_factory=HttpsSettings)
    grpc_tls: TlsSettings = Field(default_factory=TlsSettings)
    generation_address: Annotated[Addresses, Field(description=f"Where generation is, {REPLICAS}")] = "localhost:50051"
    rendering_address: Annotated[Addresses, Field(description=f"Where rendering is, {REPLICAS}")] = "localhost:50052"
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        Field(description="Of the JSON log on standard error"),
    ] = "INFO"

    metrics_listen: Annotated[OptionalAddress, Field(description=METRICS)] = ""

    max_body_bytes: Annotated[int, Ge(1024), Field(description="Longest request body; past it error 9")] = 1024 * 1024
    body_seconds: Annotated[Seconds, Field(description="Until a request body must be whole")] = 30
    call_seconds: Annotated[Seconds, Field(description="Deadline of a call with one answer")] = 10
    first_message_seconds: Annotated[
        Seconds, Field(description="Until a file must begin; an XLSX or PDF is whole before it is sent")
    ] = 300
    idle_seconds: Annotated[Seconds, Field(description="Longest pause between two parts of a file")] = 30
    client_idle_seconds: Annotated[Seconds, Field(description="How long a client may take nothing")] = 120
    stop_grace_seconds: Annotated[
        float, Ge(0), Field(description="Longest time for running requests after SIGTERM")
    ] = 8

    generate_error_http_status: Annotated[
        Literal[400, 403],
        Field(description="HTTP status of errors 211, 217 and 222, on which the published sources disagree"),
    ] = 400

    xlsx_media_type: Annotated[
        Literal["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/xlsx"],
        Field(description="Content-Type of a time report's XLSX: the registered one, or the one its page names"),
    ] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    @property
    def host_and_port(self) -> tuple[str | None, int]:
        """Return where to listen; no host means every interface."""
        host, _, port = self.gateway_listen.rpartition(":")
        return host.strip("[]") or None, int(port)
