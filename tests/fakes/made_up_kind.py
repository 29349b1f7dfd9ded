"""Kind of input that exists in tests alone: zones, whose message is not part of the contracts."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pool import Default
from google.protobuf.message_factory import GetMessageClass

from services.generation.inputs import registry
from services.generation.inputs.kind import InputKind, Reference, UniqueKey
from services.generation.inputs.limits import identifier, number, reference, text, texts

TYPES = descriptor_pb2.FieldDescriptorProto
FILE = "tests/zone.proto"


def _message() -> Any:
    file = descriptor_pb2.FileDescriptorProto(name=FILE, package="daybook.tests", syntax="proto3")
    zone = file.message_type.add(name="Zone")
    for place, (name, type_, label) in enumerate(
        (
            ("id", TYPES.TYPE_INT64, TYPES.LABEL_OPTIONAL),
            ("label", TYPES.TYPE_STRING, TYPES.LABEL_OPTIONAL),
            ("tracker_id", TYPES.TYPE_INT64, TYPES.LABEL_OPTIONAL),
            ("tags", TYPES.TYPE_STRING, TYPES.LABEL_REPEATED),
        ),
        start=1,
    ):
        zone.field.add(name=name, number=place, type=type_, label=label)
    center = file.message_type.add(name="Location")
    for place, name in enumerate(("lat", "lng"), start=1):
        center.field.add(name=name, number=place, type=TYPES.TYPE_DOUBLE, label=TYPES.LABEL_OPTIONAL)
    field = zone.field.add(name="center", number=5, type=TYPES.TYPE_MESSAGE, label=TYPES.LABEL_OPTIONAL)
    field.type_name = ".daybook.tests.Location"
    pool = Default()
    pool.AddSerializedFile(file.SerializeToString())
    return GetMessageClass(pool.FindMessageTypeByName("daybook.tests.Zone"))


Zone = _message()
ZONES: InputKind[Any] = InputKind(
    name="zones",
    noun="zone",
    message=Zone,
    limits={
        "id": identifier(),
        "label": text(1),
        "tracker_id": reference(),
        "tags": texts(),
        "center.lat": number(-90, 90, " degrees"),
        "center.lng": number(-180, 180, " degrees"),
    },
    references=(Reference("tracker_id", "trackers"),),
    unique=(UniqueKey(("label",)),),
    read_by=("tracker_id",),
    text_fields=("label",),
)


@contextmanager
def registered(*kinds: InputKind[Any]) -> Iterator[None]:
    """Register kinds for the time of the block, as their line in the registry would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "INPUT_KINDS", (*registry.INPUT_KINDS, *kinds))
        yield
