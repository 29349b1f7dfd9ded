"""Places: the points of interest of an account."""

from daybook.input.v1.landmarks_pb2 import Place

from services.generation.domain.areas import Area
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.limits import identifier, long_text, number, required, text, texts
from services.generation.inputs.nested_limits import by_key, json_value, location, nested

EMPLOYEE = "employee"  # type of the field that links a place to a person

PLACES = InputKind(
    name="places",
    noun="place",
    message=Place,
    limits={
        "id": identifier(),
        "label": text(1),
        "location": required(location(radius=required(number(1, 300_000, " m")))),
        "description": long_text(),
        "tags": texts(),
        "external_id": text(),
        "fields": by_key(nested(type=text(), value=json_value)),
    },
    text_fields=("label",),
)


def employees_of(place: Place) -> list[int]:
    """Return the ids of the employees whom a place is linked to."""
    values = (field.value.number_value for field in place.fields.values() if field.type == EMPLOYEE)
    return sorted({int(value) for value in values if value})


def area_of(place: Place) -> Area:
    """Return the area of a place."""
    return Area.of([place.location.lat], [place.location.lng], place.location.radius)
