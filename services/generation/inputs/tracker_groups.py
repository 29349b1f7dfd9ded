"""Tracker groups: names and colours of the groups of an account's trackers."""

from daybook.input.v1.fleet_pb2 import TrackerGroup

from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.limits import color, identifier, text

TRACKER_GROUPS = InputKind(
    name="tracker_groups",
    noun="tracker group",
    message=TrackerGroup,
    limits={"id": identifier(), "title": text(1), "color": color},
    defaults={"color": "FF6DDC"},
    text_fields=("title",),
)
