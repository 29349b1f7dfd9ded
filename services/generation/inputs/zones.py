"""Zones: the geofences of an account."""

from collections.abc import Iterator

from daybook.input.v1.landmarks_pb2 import Zone

from services.generation.domain.areas import Area
from services.generation.inputs.input_kind import InputKind, Problem
from services.generation.inputs.limits import color, identifier, positive, text, texts, word
from services.generation.inputs.nested_limits import coordinates, each

POINTS = {Zone.TYPE_POLYGON: (3, 500), Zone.TYPE_SAUSAGE: (2, 1024)}  # least and most
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
)


def area_of(zone: Zone) -> Area:
    """Return the area of a zone."""
    if zone.type == Zone.TYPE_CIRCLE:
        return Area.of([zone.center.lat], [zone.center.lng], zone.radius)
    lat, lng = [point.lat for point in zone.points], [point.lng for point in zone.points]
    return Area.of(lat, lng, zone.radius if zone.type == Zone.TYPE_SAUSAGE else None)
