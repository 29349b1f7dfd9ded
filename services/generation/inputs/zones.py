"""Zones: the geofences of an account."""

import math
from collections.abc import Iterator

from daybook.input.v1.landmarks_pb2 import Zone
from daybook.input.v1.location_pb2 import Bounds, Coordinates

from services.generation.domain.areas import Area
from services.generation.inputs.input_kind import InputKind, Problem
from services.generation.inputs.limits import color, identifier, positive, text, texts, word
from services.generation.inputs.nested_limits import coordinates, each

POINTS = {Zone.TYPE_POLYGON: (3, 500), Zone.TYPE_SAUSAGE: (2, 1024)}  # least and most
DECIMALS = 7  # of degrees, a centimetre
FULL_TURN, HALF_TURN = 360.0, 180.0
MAX_POINTS = max(most for _, most in POINTS.values())


def _check(zone: Zone) -> Iterator[Problem]:
    if zone.type == Zone.TYPE_CIRCLE and not zone.HasField("center"):
        yield "center", "must be given for a circle"
    if zone.type != Zone.TYPE_POLYGON and not zone.HasField("radius"):
        yield "radius", "must be given for a circle or a sausage"
    least, most = POINTS.get(zone.type, (0, MAX_POINTS))
    if not least <= len(zone.points) <= most:
        yield "points", f"must be {least} to {most:,} points"


ZONES = InputKind(
    name="zones",
    noun="zone",
    message=Zone,
    limits={
        "id": identifier(),
        "type": word(Zone.Type),
        "label": text(1),
        "address": text(),
        "color": color,
        "tags": texts(),
        "center": coordinates(),
        "radius": positive(" m"),
        "points": each(coordinates(), MAX_POINTS),
    },
    check=_check,
    text_fields=("label",),
    output_only=("box",),
)


def bounds_of(zone: Zone) -> Bounds:
    """Return a box that holds a zone, hardly larger than it."""
    south, north, west, east = (round(edge, DECIMALS) for edge in area_of(zone).box())
    north_west = Coordinates(lat=min(north, 90), lng=_wrapped(west, east - west))
    return Bounds(north_west=north_west, south_east=Coordinates(lat=max(south, -90), lng=_wrapped(east, east - west)))


def _wrapped(lng: float, width: float) -> float:
    """Return the longitude of an edge from -180 to 180; a box around the globe begins and ends there."""
    if width >= FULL_TURN:
        return math.copysign(HALF_TURN, lng)
    return lng if -HALF_TURN <= lng <= HALF_TURN else round((lng + HALF_TURN) % FULL_TURN - HALF_TURN, DECIMALS)


def area_of(zone: Zone) -> Area:
    """Return the area of a zone."""
    if zone.type == Zone.TYPE_CIRCLE:
        return Area.of([zone.center.lat], [zone.center.lng], zone.radius)
    lat, lng = [point.lat for point in zone.points], [point.lng for point in zone.points]
    return Area.of(lat, lng, zone.radius if zone.type == Zone.TYPE_SAUSAGE else None)
