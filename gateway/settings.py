"""Settings of the gateway, read from the environment once, at its start."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from annotated_types import Ge, Gt
from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import SettingsConfigDict

from gateway.cors import Origins
from services.runtime.addresses import Networks
from services.runtime.load_balancing import REPLICAS
from services.runtime.settings import (
    METRICS,
    Addresses,
    GatewaySecret,
    ListenAddress,
    OptionalAddress,
    PublicUrl,
    SecretSettings,
)
from services.runtime.tls import HttpsSettings, TlsSettings

Seconds = Annotated[float, Gt(0)]
HOST = re.compile(r"[a-z0-9.-]+(:\d{1,5})?")
TILES = ("{z}", "{x}", "{y}")


def _is_of_tiles(address: str) -> str:
    parts = urlsplit(address)
    fits = parts.scheme in ("http", "https") and HOST.fullmatch(parts.netloc) and all(map(address.__contains__, TILES))
    if address and not fits:
        raise ValueError("must be an http or https address with {z}, {x} and {y} behind the host")
    return address


TilesUrl = Annotated[str, AfterValidator(_is_of_tiles)]


class Settings(SecretSettings):
    """Addresses, limits and deadlines; each is the environment variable of the same name in capitals."""

    model_config = SettingsConfigDict(frozen=True)

    gateway_listen: Annotated[
        ListenAddress, Field(description="Address of the HTTP server, host:port; port 0 picks a free one")
    ] = "0.0.0.0:8080"  # a gateway is there to be reached; `daybook up` narrows it to loopback
    public_tls: HttpsSettings = Field(default_factory=HttpsSettings)
    grpc_tls: TlsSettings = Field(default_factory=TlsSettings)
    generation_address: Annotated[Addresses, Field(description=f"Where generation is, {REPLICAS}")] = "localhost:50051"
    rendering_address: Annotated[Addresses, Field(description=f"Where rendering is, {REPLICAS}")] = "localhost:50052"
    gateway_secret: GatewaySecret = SecretStr("")
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"],
        Field(description="Of the JSON log on standard error"),
    ] = "INFO"

    trusted_proxies: Annotated[
        Networks,
        Field(description="Networks of reverse proxies, commas between: these alone are believed in `X-Forwarded-For`"),
    ] = ""
    cors_origins: Annotated[
        Origins, Field(description="Origins whose browser pages may call, such as https://app.example, commas between")
    ] = ""
    public_url: PublicUrl = ""
    mailbox_folder: Annotated[
        Path | None,
        Field(
            description="Folder of the local mailbox, whose mails the page shows where the gateway listens on loopback "
            "alone; `daybook up --with-mailbox` sets it"
        ),
    ] = None
    map_tiles_url: Annotated[
        TilesUrl,
        Field(description="Address of the map's tiles with {z}, {x} and {y}; empty for the built-in map alone"),
    ] = ""
    map_tiles_attribution: Annotated[str, Field(description="Text that the owner of the tiles wants on the map")] = ""
    metrics_listen: Annotated[OptionalAddress, Field(description=METRICS)] = ""

    max_body_bytes: Annotated[int, Ge(1024), Field(description="Longest request body; past it error 9")] = 1024 * 1024
    header_seconds: Annotated[
        Seconds, Field(description="Until a TLS handshake, and then the whole header of a request, must be there")
    ] = 10
    keep_alive_seconds: Annotated[Seconds, Field(description="How long a connection may be idle between requests")] = 75
    connections_at_once: Annotated[
        int, Ge(1), Field(description="Connections in all; more are closed at once. Open files may allow fewer")
    ] = 4096
    connections_per_address: Annotated[
        int, Ge(1), Field(description="Connections of one address, of IPv6 its /64, but for trusted proxies")
    ] = 1536
    body_seconds: Annotated[Seconds, Field(description="Until a request body must be whole")] = 30
    call_seconds: Annotated[Seconds, Field(description="Deadline of a call with one answer")] = 10
    first_message_seconds: Annotated[
        Seconds, Field(description="Until a file must begin; an XLSX or PDF is whole before it is sent")
    ] = 300
    idle_seconds: Annotated[Seconds, Field(description="Longest pause between two parts of a file")] = 30
    client_idle_seconds: Annotated[
        Seconds, Field(description="How long a client may take less than 10 KB/s of what waits for it")
    ] = 60
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
