"""What generation reads from the environment, once, at its start."""

import os
from datetime import timedelta

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Settings(BaseSettings, frozen=True):
    """Addresses, secrets and limits of the generation service; each is an environment variable of the same name."""

    generation_listen: str = "[::]:50051"
    mongodb_uri: str
    mongodb_database: str = "daybook"
    operator_token: SecretStr
    log_level: str = "INFO"
    stop_grace_seconds: float = Field(6, ge=0)

    workers: int = Field(default_factory=lambda: os.cpu_count() or 1, ge=1)
    jobs_at_once: int = Field(4, ge=1)
    lease_seconds: float = Field(15, gt=0)
    heartbeat_seconds: float = Field(5, gt=0)

    reports_at_once: int = Field(5, ge=1)
    max_time_span: timedelta = timedelta(days=90)
    max_trackers: int = Field(1000, ge=1)
    keep_days: int = Field(30, ge=1)
    default_geocoder: str = "offline"

    gap_minutes: float = Field(10, gt=0)
    jump_speed_kmh: float = Field(200, gt=0)
    filter_min_length_m: float = Field(300, ge=0)
    filter_min_points: int = Field(4, ge=0)
    filter_min_diagonal_m: float = Field(200, ge=0)
    chunk_days: int = Field(7, ge=1)
