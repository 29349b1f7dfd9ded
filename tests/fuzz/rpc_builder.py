"""Builder of calls from drawn messages: with real values or without, by any caller, patient or not, in any order."""

from collections.abc import Sequence
from random import Random
from typing import Any

from daybook.account.v1.account_service_pb2 import RevokeApiKeyRequest
from daybook.input.v1.input_service_pb2 import UpsertRequest
from daybook.input.v1.points_pb2 import Points
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from tests.fuzz.rpc_messages import long_text, many
from tests.fuzz.rpc_pool import Pool
from tests.fuzz.rpc_request import ANSWER_WITHIN_S, WATCHED_S, Call
from tests.fuzz.world import World
from tests.rpcs import Metadata, Rpc

REAL, LARGE, HURRIED, GIVEN_UP, ODD = 0.75, 0.01, 0.04, 0.04, 0.15  # the share of calls that are so
CLEAN = 0.7  # of the fields of a real message, how many are left as they ought to be
MOST_MESSAGES = 4
OWN_KEYS = 200  # ids among which are those of the world's own keys, which are to stay
MOST_BYTES = 4 * 2**20  # what gRPC takes
COUNTS = (101, 1000, 1001, 20_001)
OPERATORS = ("Account", "Input", "Timesheet", "Maintenance")
NEEDED = {"batch", "plugin", "report", "workspace", "source"}
COLUMNS = ("time_ms", "lat", "lng", "speed_kmh", "satellites", "ignition")
SOME_MS = 1_601_942_400_000
SAID = (
    "", "NVX", "NVX ", "NVX " + "0" * 32, "nvx " + "f" * 32, "NVX " + "g" * 32, "Bearer", "Bearer x", "Basic",
    "Basic !!!!", "Basic Og==", "Basic " + "A" * 4000, "x" * 5000, "NVX " + "0" * 31 + " ",
)  # fmt: skip
BESIDE: Sequence[tuple[str, str | bytes]] = (
    ("x-request-id", "x" * 3000), ("x-request-id", "a b"), ("x-request-id", ""), ("x-client-address", "::1"),
    ("x-client-address", "x" * 2000), ("traceparent", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"),
    ("traceparent", "junk"), ("junk-bin", bytes(range(256))), ("authorization-bin", b"\xff\x00"), ("z" * 200, "1"),
    ("grpc-status-details-bin", b"\xff" * 40), ("authorization", "NVX " + "0" * 32),
)  # fmt: skip


class RpcBuilder:
    """Makes calls; the same random numbers make the same ones, but for ids that answers told of."""

    def __init__(self, world: World, token: str, pool: Pool, chance: Random) -> None:
        self._world = world
        self._token = token
        self._pool = pool
        self._chance = chance

    def call(self, rpc: Rpc, drawn: Sequence[Message]) -> Call:
        """Return a call of an RPC."""
        chance = self._chance
        count = chance.randrange(MOST_MESSAGES + 1) if rpc.streams_in else 1
        requests = [self._request(chance.choice(drawn)) for _ in range(count)]
        within_s: float = WATCHED_S if rpc.name == "WatchReport" else ANSWER_WITHIN_S
        if chance.random() < HURRIED:
            within_s = chance.choice((0.0005, 0.005, 0.05))
        cancel_s = chance.uniform(0, 0.05) if chance.random() < GIVEN_UP else None
        return Call(rpc, requests, self._metadata(rpc), within_s, cancel_s)

    def _request(self, drawn: Message) -> Message:
        request = type(drawn)()
        request.CopyFrom(drawn)
        if self._chance.random() < REAL:
            self._mend(request)
        for name in ("time_entries", "members", "report_ids", "tracker_ids"):
            if name in request.DESCRIPTOR.fields_by_name and self._chance.random() < LARGE:
                many(request, name, self._chance.choice(COUNTS))
        if isinstance(request, UpsertRequest) and self._chance.random() < LARGE:
            many(request.batch.trackers, "items", self._chance.choice(COUNTS))
        if self._chance.random() < LARGE:
            long_text(request)
        if isinstance(request, RevokeApiKeyRequest) and 0 < request.id <= OWN_KEYS:
            request.id += OWN_KEYS
        return request if request.ByteSize() < MOST_BYTES else drawn

    def _mend(self, message: Message) -> None:
        """Put real values into most fields that have one, and into those that they are in; leave some things out."""
        kept = self._chance.choice((1.0, CLEAN, 0.2, 0.0, 0.0))
        for oneof in message.DESCRIPTOR.oneofs:
            if len(oneof.fields) > 1 and message.WhichOneof(oneof.name) is None:
                self._choose(message, self._chance.choice(oneof.fields))
        for field in message.DESCRIPTOR.fields:
            inside_one = field.containing_oneof and len(field.containing_oneof.fields) > 1
            if inside_one and not message.HasField(field.name):
                continue
            if field.message_type is not Points.DESCRIPTOR and not inside_one and self._chance.random() > kept:
                message.ClearField(field.name)
            if field.message_type and field.message_type.file.package.startswith("daybook"):
                self._mend_inside(message, field)
                continue
            value = self._pool.value(message, field)
            if value is not None and self._chance.random() < CLEAN + 0.25:
                put(message, field, value)

    def _choose(self, message: Message, field: FieldDescriptor) -> None:
        """Make a field the one of its oneof that is there."""
        if field.message_type:
            getattr(message, field.name).SetInParent()
        else:
            setattr(message, field.name, self._pool.value(message, field) or field.default_value)

    def _mend_inside(self, message: Message, field: FieldDescriptor) -> None:
        if field.message_type.GetOptions().map_entry:
            return  # keys are texts of users, and values as they were drawn
        if field.message_type is Points.DESCRIPTOR:
            self._points(message.points)
        elif field.is_repeated:
            inside = getattr(message, field.name)
            if not inside and self._chance.random() < CLEAN:
                inside.add()
            for one in inside:
                self._mend(one)
        elif message.HasField(field.name) or field.name in NEEDED:
            one = getattr(message, field.name)
            one.SetInParent()
            self._mend(one)

    def _points(self, points: Any) -> None:
        """Make columns of one length, most of them right."""
        if self._chance.random() > CLEAN:
            return
        points.Clear()
        points.tracker_id = self._pool.value(points, points.DESCRIPTOR.fields_by_name["tracker_id"]) or 0
        count = self._chance.choice((1, 5, 200, 20_000))
        began = SOME_MS + self._chance.randrange(10_000_000)
        points.time_ms.extend(range(began, began + count * 1000, 1000))
        for name in COLUMNS[1:]:
            value = self._pool.value(points, points.DESCRIPTOR.fields_by_name[name])
            getattr(points, name).extend([int(value) if name in {"satellites", "ignition"} else value] * count)

    def _metadata(self, rpc: Rpc) -> Metadata:
        chance = self._chance
        said = chance.choice(SAID) if chance.random() < ODD else self._caller(rpc)
        beside = chance.sample(BESIDE, 2) if chance.random() < ODD else []
        return (*((("authorization", said),) if said else ()), *beside)

    def _caller(self, rpc: Rpc) -> str:
        """Return who mostly makes such calls, now and then somebody else."""
        office, chance = self._world.office, self._chance
        operator, fleet_owner = f"Bearer {self._token}", f"NVX {self._world.client.hash}"
        people = [f"NVX {one.key}" for one in (office.ann, office.bob, office.eve)]
        if rpc.service.rpartition(".")[2].startswith(OPERATORS):
            likely = [operator] * 6 + [fleet_owner, people[0]]
        elif "savedreport" in rpc.service or (rpc.name == "Render" and chance.random() < 1 / 2):
            likely = [people[0]] * 4 + [people[1], operator, operator, ""]
        else:
            likely = [fleet_owner] * 6 + [people[0], operator]
        return (
            chance.choice(likely) if chance.random() < CLEAN + 0.25 else chance.choice([*people, fleet_owner, operator])
        )


def put(message: Message, field: FieldDescriptor, value: Any) -> None:
    """Set a field, whatever its kind; a repeated one holds only this."""
    if field.is_repeated:
        message.ClearField(field.name)
        getattr(message, field.name).append(value)
    elif field.message_type:
        getattr(message, field.name).CopyFrom(value)
    else:
        setattr(message, field.name, value)
