"""TLS settings of a process: the certificate it shows and the authority it trusts; without them plaintext."""

import ssl
from pathlib import Path
from typing import Literal

import grpc
from pydantic import Field, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ANOTHER_KEY = {"KEY_VALUES_MISMATCH", "KEY_TYPE_MISMATCH", "NO_CERTIFICATE_ASSIGNED"}  # the last two: of another kind


class TlsSettings(BaseSettings):
    """TLS of every gRPC connection of a process, on when an authority is set.

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
            _check_certificates(authority)
        return authority

    @field_validator("tls_certificate")
    @classmethod
    def _is_a_certificate(cls, certificate: Path | None, info: ValidationInfo) -> Path | None:
        if certificate is not None:
            _check_certificates(certificate)
            _require_authority(info)
        return certificate

    @field_validator("tls_key")
    @classmethod
    def _fits_the_certificate(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if "tls_certificate" in info.data:
            _check_key(key, info.data["tls_certificate"], "TLS_CERTIFICATE")
        return key

    @field_validator("tls_clients", "tls_server_name")
    @classmethod
    def _can_be_checked(cls, value: str, info: ValidationInfo) -> str:
        if value not in {"", "none"}:
            _require_authority(info)
        return value

    @property
    def is_on(self) -> bool:
        """Return whether connections are encrypted."""
        return self.tls_authority is not None

    def server_credentials(self) -> grpc.ServerCredentials | None:
        """Return the credentials of a server, None for plaintext. Raises OSError when a file is gone."""
        if self.tls_authority is None or self.tls_certificate is None or self.tls_key is None:
            return None
        pair = (self.tls_key.read_bytes(), self.tls_certificate.read_bytes())
        if self.tls_clients == "none":
            return grpc.ssl_server_credentials([pair])
        return grpc.ssl_server_credentials([pair], self.tls_authority.read_bytes(), require_client_auth=True)

    def channel_credentials(self) -> grpc.ChannelCredentials | None:
        """Return the credentials of a channel, None for plaintext. Raises OSError when a file is gone."""
        if self.tls_authority is None:
            return None
        authority = self.tls_authority.read_bytes()
        if self.tls_certificate is None or self.tls_key is None:
            return grpc.ssl_channel_credentials(authority)
        return grpc.ssl_channel_credentials(authority, self.tls_key.read_bytes(), self.tls_certificate.read_bytes())


class ServerTlsSettings(TlsSettings):
    """TLS settings of a server, which needs a certificate once an authority is set: it never serves plaintext then."""

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
            _check_certificates(certificate)
        return certificate

    @field_validator("https_key")
    @classmethod
    def _fits_the_certificate(cls, key: Path | None, info: ValidationInfo) -> Path | None:
        if "https_certificate" in info.data:
            _check_key(key, info.data["https_certificate"], "HTTPS_CERTIFICATE")
        return key

    @property
    def is_on(self) -> bool:
        """Return whether the gateway speaks HTTPS."""
        return self.https_certificate is not None

    def context(self) -> ssl.SSLContext | None:
        """Return the TLS context of the gateway (TLS 1.2 or later), None for plain HTTP."""
        if self.https_certificate is None or self.https_key is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.load_cert_chain(self.https_certificate, self.https_key)
        return context


def _require_authority(info: ValidationInfo) -> None:
    if info.data.get("tls_authority", ...) is None:
        raise ValueError("needs TLS_AUTHORITY")


def _check_certificates(file: Path) -> None:
    """Raise ValueError when the file cannot be read or holds no certificate."""
    _check_readable(file)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
    except ssl.SSLError:
        raise ValueError("holds no certificate in PEM form") from None


def _check_key(key: Path | None, certificate: Path | None, certificate_name: str) -> None:
    """Raise ValueError when one of the two is missing, or when the key is not the certificate's."""
    if certificate is None and key is None:
        return
    if certificate is None:
        raise ValueError(f"needs {certificate_name}")
    if key is None:
        raise ValueError(f"needed where {certificate_name} is set")
    _check_readable(key)
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key, password="")
    except ssl.SSLError as error:
        if error.reason in ANOTHER_KEY:
            raise ValueError(f"is not the key of {certificate_name}") from None
        raise ValueError("holds no key in PEM form without a password") from None


def _check_readable(file: Path) -> None:
    try:
        file.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from None
