"""Places of moments: a location of their own, else the last accepted point of the tracker."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from daybook.input.v1.location_pb2 import Location

from services.generation.domain.columnar import Floats, Ints
from services.generation.domain.detection import Rules
from services.generation.domain.last_known import positions_at
from services.generation.domain.route import routes_through
from services.generation.kit.area_names import with_precision
from services.generation.kit.columns import Spots
from services.generation.kit.entity_data import EntityData, TrackerData
from services.generation.kit.kind import SheetContext


def own_places(locations: Sequence[Location]) -> tuple[Floats, Floats]:
    """Return latitudes and longitudes in degrees, NaN for a location without coordinates."""
    places = [(one.lat, one.lng) if one.HasField("lat") else (np.nan, np.nan) for one in locations]
    lat, lng = np.array(places, np.float64).reshape(-1, 2).T
    return lat, lng


def last_places(context: SheetContext[Any], data: TrackerData, time_ms: Ints) -> tuple[Floats, Floats]:
    """Return the last accepted point of a tracker at or before each moment, NaN before the first."""
    if not len(time_ms):
        return np.empty(0), np.empty(0)
    rules = Rules(data.parking, context.detection, filter_on=True)
    return positions_at(routes_through(data.recording, int(time_ms.min()), int(time_ms.max()) + 1, rules), time_ms)


def places_of_moments(
    context: SheetContext[Any], data: TrackerData, time_ms: Ints, locations: Sequence[Location]
) -> tuple[Floats, Floats]:
    """Return where moments were: their own locations, else the last accepted points."""
    lat, lng = own_places(locations)
    unknown = np.isnan(lat)
    lat[unknown], lng[unknown] = last_places(context, data, time_ms[unknown])
    return lat, lng


def spots_at(
    context: SheetContext[Any],
    data: EntityData,
    time_ms: Ints,
    locations: Sequence[Location],
    places: tuple[Floats, Floats] | None = None,
) -> Spots:
    """Return moments with their places and addresses.

    Args:
        context: Report.
        data: Entity of the sheet.
        time_ms: Moments.
        locations: What is known of each place: its own address comes before the geocoder's, its precision behind it.
        places: Latitudes and longitudes, when they are not those of the locations.

    """
    lat, lng = own_places(locations) if places is None else places
    addresses = data.addresses(lat, lng, [one.address for one in locations])
    precision_m = np.array([one.precision if one.HasField("precision") else np.nan for one in locations], np.float64)
    return Spots(time_ms, lat, lng, with_precision(context.language, addresses, precision_m))
