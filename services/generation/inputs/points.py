"""Points: what trackers record."""

from daybook.input.v1.points_pb2 import Points

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.sample_validation import Column
from services.generation.domain.tracks import Track
from services.generation.inputs.series import Series

POINTS = Series(
    name="points",
    message=Points,
    kind="trackers",
    entity_field="tracker_id",
    collection="track_buckets",
    columns=(
        Column("lat", -90, 90, " degrees", required=True),
        Column("lng", -180, 180, " degrees", required=True),
        Column("speed_kmh", 0, 1_000, " km/h"),
        Column("altitude_m", -12_000, 100_000, " m"),
        Column("heading", 0, 360, " degrees"),
        Column("satellites", 0, 255, unknown=-1),
        Column("ignition", 0, 1, unknown=-1),
        Column("odometer_km", 0, 100_000_000, " km"),
    ),
    sought=("ignition",),
    counters=("odometer_km",),
)


TRACK_COLUMNS = ("lat", "lng", "speed_kmh", "ignition", "odometer_km")


def track_of(time_ms: Ints, columns: dict[str, Floats]) -> Track:
    """Return the track of points in time order, one a moment."""
    return Track.of(time_ms, **columns) if len(time_ms) else Track.empty()
