"""Settings of `daybook up`, of the probe and of the demo; client_settings.py has those of all other commands."""

from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.errors import CommandFailed
from services.runtime.secret_files import SECRET
from services.runtime.setting_forms import OptionalMongodbUri
from services.runtime.settings import ListenAddress, PublicUrl, SecretSettings, SmtpHost, wrong_settings
from services.runtime.tls import HttpsSettings, ServerTlsSettings, TlsSettings

MAX_PORT = 65_535

Kind = TypeVar("Kind", bound=BaseSettings)


def _three_ports(address: str) -> str:
    host, colon, port = address.rpartition(":")
    if address and not (colon and port.isdecimal() and 0 < int(port) <= MAX_PORT - 2):
        raise ValueError("must be host:port with two more ports behind it")
    return f"{host}{colon}{port}"


MetricsAddress = Annotated[str, AfterValidator(_three_ports)]


class StackSettings(SecretSettings):
    """Settings of `daybook up` besides its flags. Empty `mongodb_uri`: the embedded server."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    mongodb_uri: OptionalMongodbUri = Field(
        "",
        description="The store; none: the embedded one",
        json_schema_extra=SECRET,
    )
    operator_token: str = Field(
        "", description="What operators show; none: made on first use and kept", json_schema_extra=SECRET
    )
    public_url: PublicUrl = ""
    smtp_host: SmtpHost = ""
    mongod_cache_gb: float = Field(1.0, ge=0.25, description="Memory of the embedded MongoDB's cache, in GB")
    log_files: int = Field(5, ge=1, le=1000, description="Log files kept for each part, the current one included")
    log_file_mb: float = Field(20.0, gt=0, description="Size of a log file, in MB, from which a new one is begun")
    start_within_s: float = Field(60.0, gt=0, description="Until a part must be healthy, in seconds")
    metrics_listen: MetricsAddress = Field(
        "",
        description="host:port; generation, rendering and gateway answer Prometheus at three ports from this one on; "
        "none: on free ports of loopback",
    )
    public_tls: HttpsSettings = Field(default_factory=HttpsSettings)
    grpc_tls: ServerTlsSettings = Field(default_factory=ServerTlsSettings)

    @property
    def first_metrics_port(self) -> int:
        """The first port of metrics, 0 for any free ones."""
        return int(self.metrics_listen.rpartition(":")[2] or 0)

    @property
    def metrics_host(self) -> str:
        """The address that metrics listen on."""
        return self.metrics_listen.rpartition(":")[0] if self.metrics_listen else "127.0.0.1"


class ListenSettings(BaseSettings):
    """Addresses that the parts of this machine listen on."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    generation_listen: ListenAddress = Field("127.0.0.1:50051", description="Address of the gRPC server, host:port")
    rendering_listen: ListenAddress = Field("127.0.0.1:50052", description="Address of the gRPC server, host:port")
    gateway_listen: ListenAddress = Field(
        "0.0.0.0:8080", description="Address of the HTTP server, host:port; port 0 picks a free one"
    )
    public_tls: HttpsSettings = Field(default_factory=HttpsSettings)
    grpc_tls: TlsSettings = Field(default_factory=TlsSettings)


class DemoSettings(BaseSettings):
    """Folder in which the demo looks for real tracks."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    daybook_tracks: Path = Field(
        Path("../shared/data/tracks"), description="Real tracks for `make demo`, where there are any"
    )


def read(kind: type[Kind], **known: Any) -> Kind:
    """Return settings from `known` values, and the others from the environment.

    Raises CommandFailed that names each wrong setting.
    """
    try:
        return kind(**known)
    except ValidationError as error:
        raise CommandFailed(wrong_settings(error)) from None
