"""TLS of a process: the certificate it shows, and whose certificates it takes. Nothing set: plaintext."""

import ssl
from pathlib import Path
from typing import Literal

import grpc
from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.pem import check_certificates, check_key


class TlsSettings(BaseSettings):
    """TLS of every gRPC connection that a process makes or takes. It is on when there is an authority.

    Files are read at the start: a new certificate needs a restart.
    """

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    tls_authority: Path | None = Field(
        None, description="PEM file of the authority whose certificates are taken; with it all gRPC is encrypted"
    )
    tls_certificate: Path | None = Field(
        None, description="PEM file of the certificate that this process shows, then those between it and the authority"
    )
    tls_key: Path | None = Field(
        None, validate_default=True, description="PEM file of the certificate's key, without a password"
    )
    tls_clients: Literal["none", "required"] = Field(
        "none", description="Whether a service asks its callers for a certificate of the authority (mutual TLS)"
    )
    tls_server_name: str = Field(
        "", description="Name that the services' certificates carry, where their addresses are not in them"
    )

    @field_validator("tls_authority")
    @classmethod
    def _holds_certificates(cls, authority: Path | None) -> Path | None:
        if authority is not None:
            check_certificates(authority)
        return authority

    @field_validator("tls_certificate")
    @classmethod
    def _is_a_certificate(cls, certificate: Path | None, info: ValidationInfo) -> Path | None:
        if certificate is not None:
            check_certificates(certificate)
            _require_authority(info)
        return certificate

    @field_validator("tls_key")
    @classmethod
    def _fits_the_certificate(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if "tls_certificate" in info.data:
            check_key(key, info.data["tls_certificate"], "TLS_CERTIFICATE")
        return key

    @field_validator("tls_clients", "tls_server_name")
    @classmethod
    def _can_be_checked(cls, value: str, info: ValidationInfo) -> str:
        if value not in {"", "none"}:
            _require_authority(info)
        return value

    @property
    def is_on(self) -> bool:
        """Say whether connections are encrypted."""
        return self.tls_authority is not None

    def server_credentials(self) -> grpc.ServerCredentials | None:
        """Return what a server listens with, None for plaintext. Raises OSError when a file is gone."""
        if self.tls_authority is None or self.tls_certificate is None or self.tls_key is None:
            return None
        pair = (self.tls_key.read_bytes(), self.tls_certificate.read_bytes())
        if self.tls_clients == "none":
            return grpc.ssl_server_credentials([pair])
        return grpc.ssl_server_credentials([pair], self.tls_authority.read_bytes(), require_client_auth=True)

    def channel_credentials(self) -> grpc.ChannelCredentials | None:
        """Return what a channel opens with, None for plaintext. Raises OSError when a file is gone."""
        if self.tls_authority is None:
            return None
        authority = self.tls_authority.read_bytes()
        if self.tls_certificate is None or self.tls_key is None:
            return grpc.ssl_channel_credentials(authority)
        return grpc.ssl_channel_credentials(authority, self.tls_key.read_bytes(), self.tls_certificate.read_bytes())


class ServerTlsSettings(TlsSettings):
    """The same of a process that serves: with an authority it needs a certificate, it never serves plaintext then."""

    tls_certificate: Path | None = Field(
        None, validate_default=True, description=TlsSettings.model_fields["tls_certificate"].description
    )

    @field_validator("tls_certificate")
    @classmethod
    def _is_there(cls, certificate: Path | None, info: ValidationInfo) -> Path | None:
        if certificate is None and info.data.get("tls_authority") is not None:
            raise ValueError("a service needs one where TLS_AUTHORITY is set")
        return certificate


class HttpsSettings(BaseSettings):
    """The certificate that the gateway shows to the public. Nothing set: plain HTTP."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    https_certificate: Path | None = Field(
        None, description="PEM file of the gateway's certificate, then those between it and its authority: HTTPS"
    )
    https_key: Path | None = Field(
        None, validate_default=True, description="PEM file of that certificate's key, without a password"
    )

    @field_validator("https_certificate")
    @classmethod
    def _is_a_certificate(cls, certificate: Path | None) -> Path | None:
        if certificate is not None:
            check_certificates(certificate)
        return certificate

    @field_validator("https_key")
    @classmethod
    def _fits_the_certificate(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if "https_certificate" in info.data:
            check_key(key, info.data["https_certificate"], "HTTPS_CERTIFICATE")
        return key

    @property
    def is_on(self) -> bool:
        """Say whether the gateway speaks HTTPS."""
        return self.https_certificate is not None

    def context(self) -> ssl.SSLContext | None:
        """Return what the gateway listens with (TLS 1.2 or later), None for plain HTTP."""
        if self.https_certificate is None or self.https_key is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.https_certificate, self.https_key)
        return context


def _require_authority(info: ValidationInfo) -> None:
    if info.data.get("tls_authority", ...) is None:
        raise ValueError("needs TLS_AUTHORITY")
