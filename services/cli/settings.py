"""What the command reads from the environment."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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

    mongodb_uri: str = ""
    operator_token: str = ""
    mongod_cache_gb: float = Field(default=1.0, ge=0.25)
    start_within_s: float = Field(default=60.0, gt=0)


class DemoSettings(BaseSettings):
    """Where the demo looks for real tracks."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    daybook_tracks: Path = Path("../shared/data/tracks")
