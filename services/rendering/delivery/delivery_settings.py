"""Settings of delivery: the mail server, the size of mails, webhooks."""

import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, SecretStr, ValidationInfo, field_validator

from services.runtime.settings import AllowPrivateWebhooks, DeliveryToken, PublicUrl, SmtpHost

NO_ADDRESS = "must be an address such as reports@example.com or Daybook <reports@example.com>"


def mail_address(text: str) -> Address:
    """Return an address with or without a name, such as "Daybook <reports@example.com>", its domain in ASCII.

    Raises ValueError.
    """
    name, bare = parseaddr(text)
    if not bare or "\r" in text or "\n" in text:
        raise ValueError(NO_ADDRESS)
    local, _, domain = bare.rpartition("@")
    try:
        return Address(name, addr_spec=f"{local}@{domain.encode('idna').decode()}".encode("ascii").decode())
    except (MessageError, ValueError):
        raise ValueError(NO_ADDRESS) from None


def _is_sender(text: str) -> str:
    return str(mail_address(text)) if text else ""


class DeliverySettings(BaseModel):
    """Settings of delivery."""

    delivery_token: DeliveryToken = SecretStr("")
    public_url: PublicUrl = ""
    deliveries_at_once: int = Field(
        4, ge=1, le=100, description="Scheduled reports in delivery by this process; more wait in the store"
    )
    smtp_host: SmtpHost = ""
    smtp_port: int = Field(587, ge=1, le=65_535, description="Port of the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="Encryption to the mail server: `starttls` demands it after the greeting, `tls` begins with it "
        "(usually port 465), `none` is for a relay on the same machine",
    )
    smtp_username: str = Field("", description="Name to sign in with at the mail server; none: without signing in")
    smtp_password: SecretStr = Field(
        SecretStr(""), validate_default=True, description="Password to sign in with at the mail server"
    )
    smtp_from: Annotated[str, AfterValidator(_is_sender)] = Field(
        "",
        validate_default=True,
        description="Sender of mails, such as `Daybook <reports@example.com>`; required with `SMTP_HOST`",
    )
    smtp_ca: Path | None = Field(
        None, description="PEM file of the authority that signed the mail server's certificate; none: the system's"
    )
    smtp_timeout: float = Field(30, gt=0, le=600, description="Longest wait for each answer of the mail server, in s")
    mail_max_bytes: int = Field(
        10_000_000,
        ge=100_000,
        le=100_000_000,
        description="Size of a mail with its files, in bytes; what is longer is sent as a link. The server's own limit "
        "counts too",
    )
    webhook_allow_private: AllowPrivateWebhooks = False

    @field_validator("smtp_password")
    @classmethod
    def _has_a_name(cls, password: SecretStr, info: ValidationInfo) -> SecretStr:
        if bool(password.get_secret_value()) != bool(info.data.get("smtp_username")):
            raise ValueError("SMTP_USERNAME and SMTP_PASSWORD belong together")
        return password

    @field_validator("smtp_from")
    @classmethod
    def _is_there(cls, sender: str, info: ValidationInfo) -> str:
        if info.data.get("smtp_host") and not sender:
            raise ValueError("is needed where SMTP_HOST is set")
        return sender

    @field_validator("smtp_ca")
    @classmethod
    def _holds_certificates(cls, file: Path | None) -> Path | None:
        if file is not None:
            try:
                ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(file)
            except ssl.SSLError:
                raise ValueError("holds no certificate in PEM form") from None
            except OSError as error:
                raise ValueError(f"cannot be read: {error.strerror}") from None
        return file
