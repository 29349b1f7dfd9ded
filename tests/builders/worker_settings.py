"""Settings of worker processes for tests."""

from services.generation.reporting.units import WorkerSettings
from services.generation.settings import GeocoderSettings


def worker_settings(
    mongodb_uri: str, database: str, geocoders: GeocoderSettings | None = None, workers: int = 1
) -> WorkerSettings:
    """Return the settings of a worker of this database; without `geocoders` all places are looked up offline."""
    return WorkerSettings(
        mongodb_uri=mongodb_uri,
        mongodb_database=database,
        keep_days=30,
        gap_s=600,
        parked_km=0.5,
        travel_s=3600,
        jump_kmh=200,
        filter_min_length_m=300,
        filter_min_points=4,
        filter_min_diagonal_m=200,
        chunk_points=500_000,
        workers=workers,
        default_geocoder="offline",
        geocoders=geocoders or GeocoderSettings(),
    )
