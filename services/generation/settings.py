"""Settings of generation, read from the environment once, at its start."""

import os
import re
from datetime import timedelta
from importlib.util import find_spec
from typing import Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator

from services.runtime.secret_files import SECRET
from services.runtime.setting_forms import DatabaseName, ExecutorName, HttpUrl, MongodbUri, OptionalHttpUrl, WorkerName
from services.runtime.settings import (
    METRICS,
    AllowPrivateWebhooks,
    DeliveryToken,
    GatewaySecret,
    IntrospectionSettings,
    ListenAddress,
    OptionalAddress,
    SecretSettings,
)
from services.runtime.tls import ServerTlsSettings

DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)


class GeocoderSettings(SecretSettings, frozen=True):
    """The online geocoders and how they are asked. Those that are not configured are answered offline."""

    geocoder_osm_url: OptionalHttpUrl = Field(
        "",
        description="Nominatim server; none, no `osm`. The public one is https://nominatim.openstreetmap.org",
    )
    geocoder_google_key: SecretStr | None = Field(None, description="API key; without one there is no `google`")
    geocoder_google_url: HttpUrl = Field("https://maps.googleapis.com", description="Google's server")
    geocoder_yandex_key: SecretStr | None = Field(None, description="API key; without one there is no `yandex`")
    geocoder_yandex_url: HttpUrl = Field("https://geocode-maps.yandex.ru", description="Yandex's server")
    geocoder_locationiq_key: SecretStr | None = Field(None, description="API key; without one there is no `locationiq`")
    geocoder_locationiq_url: HttpUrl = Field(
        "https://us1.locationiq.com",
        description="LocationIQ's server; in Europe https://eu1.locationiq.com",
    )
    geocoder_user_agent: str = Field(
        "daybook", min_length=1, description="Who asks; the public Nominatim wants a way to reach you in it"
    )
    geocoder_requests_per_second: float = Field(
        1, gt=0, description="How often each service is asked, shared out among the workers; Nominatim allows 1"
    )
    geocoder_timeout_seconds: float = Field(3, gt=0, description="How long one answer may take")
    geocoder_sheet_seconds: float = Field(
        20,
        ge=0,
        description="How long a sheet may ask in all; the other addresses come from the offline geocoder",
    )
    geocoder_keep_days: int = Field(180, ge=1, description="How long an address is kept before it is asked for again")


class ScheduleSettings(SecretSettings, frozen=True):
    """Limits of scheduled reports and of the mails that bring them."""

    schedules_per_account: int = Field(
        100, ge=1, description="Scheduled reports of an account with all its sub-users; past it error 268"
    )
    max_recipients: int = Field(20, ge=1, le=100, description="Recipients of a scheduled report")
    mails_per_day: int = Field(
        200, ge=1, description="Mails of an account's schedules in a day (UTC); further ones are skipped"
    )
    smtp_per_minute: int = Field(
        60, ge=1, description="Mails that all delivery workers together begin in a minute; further ones wait"
    )
    mail_domains: str = Field(
        "", description="Domains of addresses that may get mails, with commas between; empty: all"
    )
    mail_in_doubt: Literal["resend", "hold"] = Field(
        "resend",
        description="What follows when a connection is cut before the mail server's answer: `resend` the mail under "
        "the same Message-ID, or `hold` it until its owner decides",
    )
    schedule_catch_up_hours: float = Field(
        24, ge=0, le=720, description="Oldest run that is still made after an outage; older ones are skipped"
    )
    webhook_allow_private: AllowPrivateWebhooks = False

    @field_validator("mail_domains")
    @classmethod
    def _are_domains(cls, text: str) -> str:
        names = [name.strip().lower() for name in text.split(",") if name.strip()]
        if any(not DOMAIN.fullmatch(name) for name in names):
            raise ValueError("must be domains with commas between, such as example.com,example.org")
        return ",".join(names)


class Settings(SecretSettings, IntrospectionSettings, frozen=True):
    """Addresses, secrets and limits of the generation service; each is an environment variable of the same name."""

    generation_listen: ListenAddress = Field("127.0.0.1:50051", description="Address of the gRPC server, host:port")
    mongodb_uri: MongodbUri = Field(
        description="The store; user, password and TLS stand in the address",
        json_schema_extra=SECRET,
    )
    mongodb_database: DatabaseName = Field("daybook", description="The database in it")
    operator_token: SecretStr = Field(min_length=1, max_length=512, description="What operators show as `Bearer`")
    gateway_secret: GatewaySecret = SecretStr("")
    delivery_token: DeliveryToken = SecretStr("")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        "INFO", description="Of the JSON log on standard error"
    )
    stop_grace_seconds: float = Field(6, ge=0, description="How long running calls may go on after SIGTERM")
    metrics_listen: OptionalAddress = Field("", description=METRICS)
    grpc_tls: ServerTlsSettings = Field(default_factory=ServerTlsSettings)

    password_checks_waiting: int = Field(
        16,
        ge=1,
        description="Sign-ins that wait for a comparison of passwords, a quarter for one address; past it 429",
    )

    workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="Processes that compute; by default one per core"
    )
    executor: ExecutorName = Field(
        "processes",
        description="What computes: `processes` of this machine, or a Dask cluster by its scheduler, `dask://host:port`",
    )
    unit_seconds: float = Field(
        600,
        gt=0,
        le=86_400,
        description="Longest time for one sheet; a report whose sheet takes longer three times fails",
    )
    track_workers: int = Field(
        2,
        ge=1,
        description="Processes that read tracks for maps and lists, beside `WORKERS`; they start when they are needed. "
        "Of two or more, one account uses all but one",
    )
    track_seconds: float = Field(
        120,
        gt=0,
        le=86_400,
        description="Longest time for reading one tracker's track, past it error 6, and longest wait for a process, "
        "past it error 15",
    )
    cluster_wait_seconds: float = Field(
        120, gt=0, description="How long reports wait for a Dask cluster without scheduler or workers before they fail"
    )
    jobs_at_once: int = Field(
        4,
        ge=1,
        description="Reports that this process makes at once; past it one more of each account that has none in the "
        "making, 64 in all",
    )
    worker_name: WorkerName = Field(
        "",
        description="Name of this process that no other has at the same time: at its start it takes over the reports "
        "of the dead process of that name, without waiting for `LEASE_SECONDS`. `daybook up` sets it",
    )
    lease_seconds: float = Field(
        15, gt=0, le=3600, description="A worker that is silent for so long loses its report to another"
    )
    heartbeat_seconds: float = Field(
        5, gt=0, description="How often a worker renews its leases; at most half of `LEASE_SECONDS`"
    )

    reports_at_once: int = Field(5, ge=1, description="Reports in the making per user; past it error 15")
    reports_at_once_per_account: int = Field(
        10, ge=1, description="Reports in the making per account with all its sub-users; past it error 15"
    )
    watchers_at_once: int = Field(
        2_000,
        ge=1,
        description="Calls of `WatchReport` about unfinished reports, half of them for one account; past it "
        "RESOURCE_EXHAUSTED",
    )
    session_max_days: int = Field(
        90,
        ge=1,
        le=3650,
        description="Longest life of a session, however often it is used; unused it ends after 30 days",
    )
    max_time_span: timedelta = Field(
        timedelta(days=90), description="Longest period of a report (ISO 8601); past it error 211"
    )
    max_stats_time_span: timedelta = Field(
        timedelta(days=31), description="Longest period of mileage by day (ISO 8601); past it error 211"
    )
    max_stats_trackers: int = Field(
        128, ge=1, description="Trackers in a request for mileage by day; past it error 221"
    )
    max_trackers: int = Field(1000, ge=1, description="Trackers in a report; past it error 221")
    keep_reports: int = Field(
        10_000, ge=1, description="Reports kept per account; past it the oldest that are over are erased"
    )
    keep_days: int = Field(30, ge=1, description="How long reports are kept, failed ones too")
    default_geocoder: Literal["offline", "google", "yandex", "progorod", "osm", "locationiq"] = Field(
        "offline", description="Source of addresses when the request names none"
    )
    geocoders: GeocoderSettings = Field(default_factory=GeocoderSettings)
    schedules: ScheduleSettings = Field(default_factory=ScheduleSettings)

    gap_minutes: float = Field(
        10,
        gt=0,
        description="A longer time between points is a silence; trackers may have a setting of their own",
    )
    parked_within_m: float = Field(500, ge=0, description="A silence whose ends are no farther apart is parked time")
    travel_within_minutes: float = Field(
        60, ge=0, description="A longer silence with ends farther apart is no trip, but time without data"
    )
    jump_speed_kmh: float = Field(
        200, gt=0, description="A point that would need more than this is not accepted for detection"
    )
    filter_min_length_m: float = Field(300, ge=0, description="Smart filter: shorter trips are dropped")
    filter_min_points: int = Field(4, ge=0, description="Smart filter: trips of fewer points are dropped")
    filter_min_diagonal_m: float = Field(
        200, ge=0, description="Smart filter: trips that stay within a smaller box are dropped"
    )
    chunk_points: int = Field(
        500_000, ge=100_000, description="Points of a track in memory at a time, at least a day; changes no result"
    )

    max_report_entries: int = Field(
        5_000_000, ge=1, description='Time entries in a report; past it "report is too big to be exported"'
    )
    runs_at_once: int = Field(
        4, ge=1, description="Reports over time entries that run at once; more wait, past the queue 429"
    )

    time_file_names: Literal["own", "toggl"] = Field(
        "own",
        description="Names of files of time entries: `own`, by the report's name, or `toggl`, in Toggl's form",
    )

    @field_validator("operator_token")
    @classmethod
    def _can_travel(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value()
        if not (text.isascii() and text.isprintable()) or text != text.strip():
            raise ValueError("must be printable ASCII: metadata carries nothing else")
        return token

    @field_validator("executor")
    @classmethod
    def _is_installed(cls, executor: str) -> str:
        if executor.startswith("dask://") and find_spec("distributed") is None:
            raise ValueError("Dask is not installed: it comes with daybook[dask], or with the image daybook-dask")
        return executor

    @field_validator("heartbeat_seconds")
    @classmethod
    def _beats_in_time(cls, heartbeat_s: float, info: ValidationInfo) -> float:
        if heartbeat_s * 2 > info.data.get("lease_seconds", heartbeat_s * 2):
            raise ValueError("must be at most half of LEASE_SECONDS")
        return heartbeat_s
