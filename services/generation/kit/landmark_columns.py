"""Columns of the places and the zones that contain the points of rows."""

from daybook.report.v1.sheet_pb2 import Column

from services.generation.domain.columnar import Floats
from services.generation.inputs.places import PLACES
from services.generation.inputs.places import area_of as area_of_place
from services.generation.inputs.zones import ZONES
from services.generation.inputs.zones import area_of as area_of_zone
from services.generation.kit.area_names import NamedAreas
from services.generation.kit.columns import text
from services.generation.kit.entity_data import EntityData
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN


def landmark_columns(language: Language, data: EntityData, lat: Floats, lng: Floats) -> list[Column]:
    """Return the columns "places" and "zones": the labels of those that contain each point, by id."""
    places, zones = data.records(PLACES), data.records(ZONES)
    kinds = (
        ("places", _("Places"), NamedAreas([one.label for one in places], [area_of_place(one) for one in places])),
        ("zones", _("Zones"), NamedAreas([one.label for one in zones], [area_of_zone(one) for one in zones])),
    )
    return [
        text(language, field, title, [", ".join(names) or UNKNOWN for names in areas.names(lat, lng)])
        for field, title, areas in kinds
    ]
