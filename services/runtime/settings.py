"""Addresses and secrets in settings, and the line about wrong settings."""

import os
from typing import Annotated, Any, get_args

from pydantic import AfterValidator, Field, SecretStr, ValidationError, ValidationInfo
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from services.runtime.fault_texts import fault_text
from services.runtime.load_balancing import LARGEST_PORT, check_addresses
from services.runtime.secret_files import SECRET, UnreadableSecret, secret_in_file
from services.runtime.setting_forms import HostPort, OptionalHostPort, OptionalHttpUrl


def _port_fits(address: str) -> str:
    if address and int(address.rpartition(":")[2]) > LARGEST_PORT:
        raise ValueError(f"the port must be at most {LARGEST_PORT}")
    return address


def _can_be_reached(addresses: str, info: ValidationInfo) -> str:
    check_addresses(addresses, info.data.get("grpc_tls"))
    return addresses


ListenAddress = Annotated[HostPort, AfterValidator(_port_fits)]
OptionalAddress = Annotated[OptionalHostPort, AfterValidator(_port_fits)]
Addresses = Annotated[str, AfterValidator(_can_be_reached)]  # of a service; such a field stands after `grpc_tls`
MAX_SECRET_LENGTH = 512  # what metadata carries with ease
METRICS = "host:port that answers Prometheus at `/metrics`; empty: nowhere. Not for the public"


def _can_travel(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not (text.isascii() and text.isprintable()) or text != text.strip() or len(text) > MAX_SECRET_LENGTH:
        raise ValueError(f"must be printable ASCII, at most {MAX_SECRET_LENGTH} characters")
    return secret


GatewaySecret = Annotated[
    SecretStr,
    Field(description="What the gateway shows to be believed when it names a client's address; alike in all services"),
    AfterValidator(_can_travel),
]

DeliveryToken = Annotated[
    SecretStr,
    Field(
        description="What rendering shows to generation to be given mails and webhooks of scheduled reports; alike in "
        "both. None: nothing is delivered"
    ),
    AfterValidator(_can_travel),
]
PublicUrl = Annotated[
    OptionalHttpUrl,
    Field(
        description="Where recipients of scheduled reports reach the gateway, such as https://reports.example.com; "
        "links begin with it, and with https cookies of the page are Secure. None: mails and webhooks have no links"
    ),
    AfterValidator(lambda url: url.rstrip("/")),
]

AllowPrivateWebhooks = Annotated[
    bool,
    Field(
        description="Whether webhooks may be without TLS and in private networks, such as one's own; alike in "
        "generation and rendering"
    ),
]


def _is_host(text: str) -> str:
    if any(char.isspace() or char in "/@" for char in text):
        raise ValueError("must be the name or the address of a host, such as mail.example.com")
    return text


SmtpHost = Annotated[
    str,
    Field(description="Mail server for scheduled reports; none: their mails are skipped"),
    AfterValidator(_is_host),
]


def is_secret(field: FieldInfo) -> bool:
    """Return whether a setting is a secret, whose value may stand in the file that `NAME_FILE` names."""
    return field.json_schema_extra == SECRET or SecretStr in {field.annotation, *get_args(field.annotation)}


class SecretFiles(PydanticBaseSettingsSource):
    """Source of the secrets that files hold."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """Return the value of a secret, None where no file is named. Raises UnreadableSecret."""
        return secret_in_file(field_name.upper(), os.environ) if is_secret(field) else None, field_name, False

    def __call__(self) -> dict[str, Any]:
        """Return all secrets that files hold. Raises ValidationError that names the variable of an unfit file."""
        try:
            found = {name: self.get_field_value(field, name)[0] for name, field in self._fields().items()}
        except UnreadableSecret as error:
            line: Any = {
                "type": "value_error",
                "loc": (error.variable.lower(),),
                "ctx": {"error": error},
                "input": None,
            }
            raise ValidationError.from_exception_data(self.settings_cls.__name__, [line]) from error
        return {name: value for name, value in found.items() if value is not None}

    def _fields(self) -> dict[str, FieldInfo]:
        return self.settings_cls.model_fields


class SecretSettings(BaseSettings):
    """Settings among which are secrets; each of these may also stand in the file that `NAME_FILE` names."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return where values come from, the first that has one first."""
        del dotenv_settings, file_secret_settings  # there are none
        return init_settings, SecretFiles(settings_cls), env_settings


def wrong_settings(error: ValidationError) -> str:
    """Return one line that names each wrong environment variable, never its value."""
    named = (
        f"{'.'.join(map(str, fault['loc'])).upper()}: {fault_text(fault)}"
        for fault in error.errors(include_input=False)
    )
    return "wrong settings: " + "; ".join(named)


class IntrospectionSettings(BaseSettings):
    """Settings of every gRPC server about what it tells of itself."""

    reflection: bool = Field(True, description="Whether gRPC reflection tells the contracts to every client")
    channelz: bool = Field(True, description="Whether channelz tells connections and peers to every client")
