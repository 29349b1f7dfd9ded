"""What the command reads from the environment."""

from pathlib import Path
from typing import TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.cli.failure import CommandFailed
from services.runtime.settings import wrong_settings

Kind = TypeVar("Kind", bound=BaseSettings)


class ClientSettings(BaseSettings):
    """Where the services are and who calls. What is empty is found in the data directory."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    daybook_data_dir: Path = Path(".daybook")
    generation_address: str = ""
    rendering_address: str = ""
    operator_token: str = ""


class StackSettings(BaseSettings):
    """What `daybook up` reads besides its flags. Empty `mongodb_uri`: the embedded server."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    mongodb_uri: str = Field(default="", pattern=r"^$|^mongodb(\+srv)?://.")
    operator_token: str = ""
    mongod_cache_gb: float = Field(default=1.0, ge=0.25)
    start_within_s: float = Field(default=60.0, gt=0)


class DemoSettings(BaseSettings):
    """Where the demo looks for real tracks."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    daybook_tracks: Path = Path("../shared/data/tracks")


def read(kind: type[Kind]) -> Kind:
    """Return settings from the environment. Raises CommandFailed that names each wrong one."""
    try:
        return kind()
    except ValidationError as error:
        raise CommandFailed(wrong_settings(error)) from None
