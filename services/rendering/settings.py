"""Settings of rendering, read from the environment."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.rendering.formats.registry import FormatSettings
from services.runtime.load_balancing import REPLICAS, Addresses
from services.runtime.settings import METRICS, ListenAddress, OptionalAddress
from services.runtime.tls import ServerTlsSettings

Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]


class Settings(FormatSettings, BaseSettings):
    """Addresses, limits and the settings of the formats; the names of the environment are these in capitals."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    rendering_listen: ListenAddress = Field("[::]:50052", description="Address of the gRPC server, host:port")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="Of the JSON log on standard error"
    )
    stop_grace_seconds: Seconds = Field(5, description="How long running calls may go on after SIGTERM")
    metrics_listen: OptionalAddress = Field("", description=METRICS)
    grpc_tls: ServerTlsSettings = Field(default_factory=ServerTlsSettings)
    generation_address: Addresses = Field("localhost:50051", description=f"Where generation is, {REPLICAS}")

    renders_at_once: Count = Field(2, description="XLSX, XLS and PDF files in the writing; whole before they are sent")
    streams_at_once: Count = Field(8, description="JSON and CSV files in the writing; sent meanwhile")
    renders_waiting: int = Field(16, ge=0, description="How many may wait for each of the two; past it error 15")
    render_wait_seconds: Seconds = Field(30, description="Longest wait there")
    first_message_seconds: Seconds = Field(20, description="Until generation must send the first part of a report")
    time_report_head_seconds: Seconds = Field(
        110, description="The same for a report over time entries, which is made meanwhile"
    )
    idle_seconds: Seconds = Field(60, description="Longest pause between two parts of a report")
    client_idle_seconds: Seconds = Field(120, description="How long a client may take nothing")
    chunk_bytes: int = Field(262_144, ge=1024, le=262_144, description="Size of the pieces a file is sent in")
