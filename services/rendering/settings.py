"""Settings of rendering, read from the environment."""

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import SettingsConfigDict

from services.rendering.delivery.delivery_settings import DeliverySettings
from services.rendering.formats.registry import FormatSettings
from services.runtime.load_balancing import REPLICAS
from services.runtime.settings import (
    METRICS,
    Addresses,
    GatewaySecret,
    IntrospectionSettings,
    ListenAddress,
    OptionalAddress,
    SecretSettings,
)
from services.runtime.tls import ServerTlsSettings

Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]


class Settings(FormatSettings, DeliverySettings, SecretSettings, IntrospectionSettings):
    """Addresses, limits, settings of formats and delivery; the names of the environment are these in capitals."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    rendering_listen: ListenAddress = Field("127.0.0.1:50052", description="Address of the gRPC server, host:port")
    gateway_secret: GatewaySecret = SecretStr("")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="Of the JSON log on standard error"
    )
    stop_grace_seconds: Seconds = Field(5, description="How long running calls may go on after SIGTERM")
    metrics_listen: OptionalAddress = Field("", description=METRICS)
    grpc_tls: ServerTlsSettings = Field(default_factory=ServerTlsSettings)
    generation_address: Addresses = Field("localhost:50051", description=f"Where generation is, {REPLICAS}")

    renders_at_once: Count = Field(2, description="XLSX, XLS and PDF files in the writing; whole before they are sent")
    streams_at_once: Count = Field(8, description="JSON and CSV files in the writing; sent meanwhile")
    streams_per_account: Count = Field(
        4, description="The same of one account; calls without account count by address, of IPv6 by /64"
    )
    renders_waiting: int = Field(
        16, ge=0, description="How many may wait for each of the two, half of them of one account; past it error 15"
    )
    render_wait_seconds: Seconds = Field(30, description="Longest wait there")
    first_message_seconds: Seconds = Field(20, description="Until generation must send the first part of a report")
    time_report_head_seconds: Seconds = Field(
        110, description="The same for a report over time entries, which is made meanwhile"
    )
    spool_mb: Count = Field(
        4, description="Of a JSON or CSV file in memory while its reader is behind; the rest in /tmp"
    )
    spool_total_mb: int = Field(
        1024, ge=16, description="Of files in /tmp that wait for readers, a quarter for one account; past it error 15"
    )
    idle_seconds: Seconds = Field(60, description="Longest pause between two parts of a report")
    client_idle_seconds: Seconds = Field(
        60, description="How long a client may take less than 10 KB/s of what waits for it"
    )
    chunk_bytes: int = Field(524_288, ge=1024, le=1_048_576, description="Size of the pieces a file is sent in")
