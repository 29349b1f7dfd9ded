"""Boxes of zones: over the date line, at a pole, around the globe."""

import pytest
from daybook.input.v1.landmarks_pb2 import Zone
from daybook.input.v1.location_pb2 import Coordinates

from services.generation.inputs.zones import bounds_of


def circle(lat: float, lng: float, radius: float) -> Zone:
    return Zone(type=Zone.TYPE_CIRCLE, center=Coordinates(lat=lat, lng=lng), radius=radius)


def outline(*places: tuple[float, float], radius: float | None = None) -> Zone:
    type_ = Zone.TYPE_POLYGON if radius is None else Zone.TYPE_SAUSAGE
    return Zone(type=type_, radius=radius, points=[Coordinates(lat=lat, lng=lng) for lat, lng in places])


@pytest.mark.parametrize(
    ("zone", "north", "west", "south", "east"),
    [
        (circle(0, 0, 111_195), 1, -1, -1, 1),
        (circle(0, 179.5, 111_195), 1, 178.5, -1, -179.5),
        (circle(89.9, 10, 111_195), 90, -180, 88.9, 180),
        (circle(0, 0, 40_000_000), 90, -180, -90, 180),
        (outline((-17, 179), (-17, -179), (-18, 180)), -17, 179, -18, -179),
        (outline((1, 2), (3, 4), (2, 5)), 3, 2, 1, 5),
        (outline((0, -179.5), (0, 179.5), radius=111_195), 1, 178.5, -1, -178.5),
    ],
)
def test_a_box_holds_its_zone(zone: Zone, north: float, west: float, south: float, east: float) -> None:
    box = bounds_of(zone)

    assert (north, west) == pytest.approx((box.north_west.lat, box.north_west.lng), abs=1e-3)
    assert (south, east) == pytest.approx((box.south_east.lat, box.south_east.lng), abs=1e-3)


def test_an_edge_across_the_date_line_has_no_more_decimals_than_others() -> None:
    box = bounds_of(outline((-16.9, 179.95), (-16.9, -179.97), (-17.1, -179.97)))

    assert (179.95, -179.97) == (box.north_west.lng, box.south_east.lng)
