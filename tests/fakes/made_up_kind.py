"""Kind of input and series that exist in tests alone: beacons and their signals, which no contract has."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from google.protobuf import descriptor_pb2
from google.protobuf.descriptor_pool import Default
from google.protobuf.message_factory import GetMessageClass

from services.generation.domain.sample_validation import Column
from services.generation.inputs import registry
from services.generation.inputs.input_kind import InputKind, Reference, UniqueKey
from services.generation.inputs.limits import identifier, number, reference, text, texts
from services.generation.inputs.series import Series

TYPES = descriptor_pb2.FieldDescriptorProto
ONE, MANY = TYPES.LABEL_OPTIONAL, TYPES.LABEL_REPEATED
FIELDS = {
    "Location": {"lat": (TYPES.TYPE_DOUBLE, ONE), "lng": (TYPES.TYPE_DOUBLE, ONE)},
    "Beacon": {
        "id": (TYPES.TYPE_INT64, ONE),
        "label": (TYPES.TYPE_STRING, ONE),
        "tracker_id": (TYPES.TYPE_INT64, ONE),
        "tags": (TYPES.TYPE_STRING, MANY),
        "center": (TYPES.TYPE_MESSAGE, ONE),
    },
    "Signals": {
        "beacon_id": (TYPES.TYPE_INT64, ONE),
        "time_ms": (TYPES.TYPE_INT64, MANY),
        "value": (TYPES.TYPE_DOUBLE, MANY),
        "quality": (TYPES.TYPE_INT32, MANY),
    },
}


def _messages() -> Iterator[Any]:
    file = descriptor_pb2.FileDescriptorProto(name="tests/beacon.proto", package="daybook.tests", syntax="proto3")
    for message, fields in FIELDS.items():
        made = file.message_type.add(name=message)
        for number_, (name, (type_, label)) in enumerate(fields.items(), 1):
            field = made.field.add(name=name, number=number_, type=type_, label=label)
            if type_ == TYPES.TYPE_MESSAGE:
                field.type_name = ".daybook.tests.Location"
    pool = Default()
    pool.AddSerializedFile(file.SerializeToString())
    return (GetMessageClass(pool.FindMessageTypeByName(f"daybook.tests.{name}")) for name in FIELDS)


Location, Beacon, Signals = _messages()
BEACONS: InputKind[Any] = InputKind(
    name="beacons",
    noun="beacon",
    message=Beacon,
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
SIGNALS = Series(
    name="signals",
    message=Signals,
    kind="beacons",
    entity_field="beacon_id",
    collection="signal_buckets",
    columns=(Column("value", -1e12, 1e12, required=True), Column("quality", 0, 9, unknown=-1)),
)


@contextmanager
def registered(*kinds: InputKind[Any], series: Series | None = None) -> Iterator[None]:
    """Register kinds and a series for the time of the block, as their lines in the registry would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "INPUT_KINDS", (*registry.INPUT_KINDS, *kinds))
        patch.setattr(registry, "SERIES", (*registry.SERIES, *([series] if series else [])))
        yield
