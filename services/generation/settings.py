"""What generation reads from the environment, once, at its start."""

import os
from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings

URL = r"^https?://[^\s?#]+$"


class GeocoderSettings(BaseSettings, frozen=True):
    """The online geocoders and how they are asked. Those that are not configured are answered offline."""

    geocoder_osm_url: str = Field(
        "", pattern=rf"^$|{URL}", description="Nominatim server; the public one is https://nominatim.openstreetmap.org"
    )
    geocoder_google_key: SecretStr | None = Field(None, description="API key; without one there is no google")
    geocoder_google_url: str = Field("https://maps.googleapis.com", pattern=URL)
    geocoder_yandex_key: SecretStr | None = Field(None, description="API key; without one there is no yandex")
    geocoder_yandex_url: str = Field("https://geocode-maps.yandex.ru", pattern=URL)
    geocoder_locationiq_key: SecretStr | None = Field(None, description="API key; without one there is no locationiq")
    geocoder_locationiq_url: str = Field(
        "https://us1.locationiq.com", pattern=URL, description="In Europe https://eu1.locationiq.com"
    )
    geocoder_user_agent: str = Field(
        "daybook", min_length=1, description="Who asks; the public Nominatim wants a way to reach you in it"
    )
    geocoder_requests_per_second: float = Field(
        1, gt=0, description="How often each service is asked, shared out among the workers; Nominatim allows 1"
    )
    geocoder_timeout_seconds: float = Field(3, gt=0, description="How long one answer may take")
    geocoder_sheet_seconds: float = Field(
        20, ge=0, description="How long a sheet may ask in all; the rest of its addresses is had offline"
    )
    geocoder_keep_days: int = Field(180, ge=1, description="How long an address is kept before it is asked for again")


class Settings(BaseSettings, frozen=True):
    """Addresses, secrets and limits of the generation service; each is an environment variable of the same name."""

    generation_listen: str = "[::]:50051"
    mongodb_uri: str = Field(pattern=r"^mongodb(\+srv)?://.")
    mongodb_database: str = Field("daybook", pattern=r"^[A-Za-z0-9_-]{1,38}$")
    operator_token: SecretStr = Field(min_length=1, max_length=512)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    stop_grace_seconds: float = Field(6, ge=0)

    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    jobs_at_once: int = Field(4, ge=1)
    lease_seconds: float = Field(15, gt=0, le=3600)
    heartbeat_seconds: float = Field(5, gt=0)

    reports_at_once: int = Field(5, ge=1)
    max_time_span: timedelta = timedelta(days=90)
    max_trackers: int = Field(1000, ge=1)
    keep_days: int = Field(30, ge=1)
    default_geocoder: Literal["offline", "google", "yandex", "progorod", "osm", "locationiq"] = "offline"
    geocoders: GeocoderSettings = Field(default_factory=GeocoderSettings)

    gap_minutes: float = Field(10, gt=0)
    jump_speed_kmh: float = Field(200, gt=0)
    filter_min_length_m: float = Field(300, ge=0)
    filter_min_points: int = Field(4, ge=0)
    filter_min_diagonal_m: float = Field(200, ge=0)
    chunk_days: int = Field(7, ge=1)

    max_report_entries: int = Field(5_000_000, ge=1)
    runs_at_once: int = Field(4, ge=1)

    @field_validator("operator_token")
    @classmethod
    def _can_travel(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value()
        if not (text.isascii() and text.isprintable()) or text != text.strip():
            raise ValueError("must be printable ASCII: metadata carries nothing else")
        return token

    @field_validator("heartbeat_seconds")
    @classmethod
    def _beats_in_time(cls, heartbeat_s: float, info: ValidationInfo) -> float:
        if heartbeat_s * 2 > info.data.get("lease_seconds", heartbeat_s * 2):
            raise ValueError("must be at most half of LEASE_SECONDS")
        return heartbeat_s
