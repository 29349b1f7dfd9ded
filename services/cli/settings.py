"""Settings that the command reads from the environment."""

from pathlib import Path
from typing import Any, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.errors import CommandFailed
from services.runtime.load_balancing import REPLICAS, Addresses
from services.runtime.settings import ListenAddress, wrong_settings
from services.runtime.tls import HttpsSettings, ServerTlsSettings, TlsSettings

Kind = TypeVar("Kind", bound=BaseSettings)


class ClientSettings(BaseSettings):
    """Addresses of the services and credentials of the operator. What is empty is found in the data directory."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True, validate_default=False)

    daybook_data_dir: Path = Field(Path(".daybook"), description="Data directory of the stack; `daybook up` makes it")
    grpc_tls: TlsSettings = Field(default_factory=TlsSettings)
    generation_address: Addresses = Field(
        "", description=f"Where generation is, {REPLICAS}; none: as the data directory says"
    )
    rendering_address: Addresses = Field(
        "", description=f"Where rendering is, {REPLICAS}; none: as the data directory says"
    )
    operator_token: str = Field("", description="What operators show; none: the one in the data directory")


class StackSettings(BaseSettings):
    """Settings of `daybook up` besides its flags. Empty `mongodb_uri`: the embedded server."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    mongodb_uri: str = Field("", pattern=r"^$|^mongodb(\+srv)?://.", description="The store; none: the embedded one")
    operator_token: str = Field("", description="What operators show; none: made on first use and kept")
    mongod_cache_gb: float = Field(1.0, ge=0.25, description="Memory of the embedded MongoDB's cache, in GB")
    start_within_s: float = Field(60.0, gt=0, description="Until a part must be healthy, in seconds")
    public_tls: HttpsSettings = Field(default_factory=HttpsSettings)
    grpc_tls: ServerTlsSettings = Field(default_factory=ServerTlsSettings)


class ListenSettings(BaseSettings):
    """Addresses that the parts of this machine listen on."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    generation_listen: ListenAddress = Field("[::]:50051", description="Address of the gRPC server, host:port")
    rendering_listen: ListenAddress = Field("[::]:50052", description="Address of the gRPC server, host:port")
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
