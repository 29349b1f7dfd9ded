"""Known values by the names of fields: those that answers told, and those that are right."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from daybook.input.v1.input_service_pb2 import Batch
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message
from google.protobuf.struct_pb2 import Struct
from google.protobuf.timestamp_pb2 import Timestamp

from tests.fuzz.world import LIVE, PERIOD, World

OWN_IDS = {
    "Member": "user_id",
    "TimeEntry": "time_entry_id",
    "ProjectTask": "task_id",
    "SavedReportChange": "saved_id",
    "RevokeApiKeyRequest": "key_id",
}
IDS_OF = {"members": "user_id", "project_tasks": "task_id", "time_entries": "time_entry_id"}  # others: singular
PARAMS = {"start_date": "2026-01-05", "end_date": "2026-01-11"}
KINDS = ("detailed", "summary", "weekly")
HOUR_S = 3600
INPUT_KINDS = tuple(one.name for one in Batch.DESCRIPTOR.oneofs_by_name["records"].fields)
MONDAY_S = 1767571200  # 2026-01-05
COLUMNS = {"lat": (-90, 90), "lng": (-180, 180), "speed_kmh": (0, 150), "satellite": (-1, 12), "ignition": (-1, 1)}
FAIR_TEXTS = (  # odd, but nobody is to refuse them
    "=1+1", "\u202eabc\u202c", "e\u0301" * 30, "\N{PILE OF POO}\u200d\N{COMET}", "\U0010ffff\ufffe",
    "{page} of {pages} %s %(a)s", "<b>&amp;</b>", "../../etc/passwd", "CON", "$where.a", "x" * 90, "'; --", "[a]:*?/\\",
    "\u05d0\u0628",
)  # fmt: skip
TEXT_NAMES = ("name", "label", "title", "first_name", "last_name", "description", "email", "password", "phone")
EMPTY = {
    "measurement_system", "date_format", "hour_mode", "week_start", "master_login", "geocoder", "color",
    "logo_url", "avatar_url",
    "logo", "expire_date", "order_by", "page_token", "external_reference",
}  # fmt: skip
AMOUNTS = ("_cents", "_seconds", "_km", "_cost", "_consumption", "_minutes")


def _text(chance: Random) -> str:
    return f"{chance.choice(FAIR_TEXTS)} {chance.randrange(1000)}"


def _struct(value: dict[str, Any]) -> Struct:
    struct = Struct()
    struct.update(value)
    return struct


LIKELY: dict[str, Callable[[Random], Any]] = {
    **dict.fromkeys(TEXT_NAMES, _text),
    "login": lambda chance: f"user{chance.randrange(10_000)}",
    "page_size": lambda chance: chance.choice((0, 1, 3, 1000)),
    "period_start": lambda _: PERIOD[0],
    "period_end": lambda _: PERIOD[1],
    "format": lambda chance: chance.randrange(1, 6),
    "layout": lambda chance: chance.randrange(1, 3),
    "extent": lambda chance: chance.randrange(4),
    "role": lambda chance: chance.randrange(3),
    "type": lambda chance: chance.choice(("", "user", "service")),
    "weekday": lambda chance: chance.randrange(1, 8),
    "params": lambda chance: _struct({"report_type": chance.choice(KINDS), **PARAMS}),
    "options": lambda chance: _struct({"hide_empty_tabs": chance.random() < 0.5}),
    "start_time": lambda chance: Timestamp(seconds=MONDAY_S + chance.randrange(-10, 1000) * HOUR_S),
    "seconds": lambda chance: chance.randrange(1, 10 * HOUR_S),
    "idle_speed_kmh": lambda chance: chance.randrange(10),
    "time_zone": lambda chance: chance.choice(("UTC", "Asia/Kathmandu")),
    "locale": lambda chance: chance.choice(("en", "ru", "de", "es_MX")),
    "currency_code": lambda chance: chance.choice(("EUR", "JPY", "XXX")),
    "request_id": lambda chance: f"{chance.choice(FAIR_TEXTS)} {chance.randrange(50)}",
    "import_key": lambda chance: str(chance.randrange(50)),
    "start_date": lambda _: "2026-01-05",
    "end_date": lambda _: "2026-12-31",
    "kind": lambda chance: chance.choice(INPUT_KINDS),
    "skip": lambda chance: chance.randrange(3),
}
SAVED = "daybook.savedreport"


@dataclass
class Pool:
    """Real values of fields. Random numbers choose among them."""

    world: World
    chance: Random
    known: defaultdict[str, deque[Any]] = field(default_factory=lambda: defaultdict(lambda: deque(maxlen=LIVE)))

    def __post_init__(self) -> None:
        """Know what stands in the world from the start."""
        office, client = self.world.office, self.world.client
        self.known["workspace_id"].append(office.workspace_id)
        self.known["tracker_id"].append(client.tracker)
        self.known["owner_login"].extend(["fuzzed", office.ann.login])
        self.known["report_id"].extend(self.world.report_ids)
        self.known["saved_id"].extend(self.world.saved_ids)
        self.known["token"].extend(self.world.tokens)

    def remember(self, request: Message, answers: list[Message]) -> None:
        """Remember the ids in answers; accounts that were made may be erased, and keys revoked, but no others."""
        for answer in answers:
            if answer.DESCRIPTOR.name == "CreateUserResponse":
                self.known["login"].append(request.login)
            if answer.DESCRIPTOR.name == "CreateApiKeyResponse":
                self.known["hash"].append(answer.hash)
                self.known["key_id"].append(answer.id)
            if answer.DESCRIPTOR.name == "UpsertResponse":
                kind = request.batch.WhichOneof("records") or ""
                self.known[IDS_OF.get(kind, f"{kind[:-1]}_id")].extend([one for one in answer.ids if one][:3])
            if answer.DESCRIPTOR.name == "CreateSavedReportResponse":
                self.known["saved_id"].append(answer.report.id)
                self.known["token"].append(answer.report.token)
            for one, value in answer.ListFields():
                name = one.name.removesuffix("s") if one.is_repeated else one.name
                if name.endswith("_id"):
                    self.known[name].extend(list(value)[:3] if one.is_repeated else [value])

    def value(self, message: Message, one: FieldDescriptor) -> Any:
        """Return a real value of a field, None when none is known."""
        owner, name = message.DESCRIPTOR, one.name.removesuffix("s") if one.is_repeated else one.name
        if one.enum_type is not None:
            return self.chance.choice(one.enum_type.values).number
        if name in {"id", "report_id"} and owner.full_name.startswith(SAVED):
            name = "saved_id"
        if name == "id" and owner.name != "Plugin":
            name = OWN_IDS.get(owner.name, f"{owner.name.lower()}_id")
        if self.known.get(name):
            return self.chance.choice(self.known[name])
        return self._likely(owner.name, name)

    def _likely(self, owner: str, name: str) -> Any:
        chance = self.chance
        if name in {"start_time_of_day", "end_time_of_day"}:
            return chance.choice(("08:00:00", "23:59", "00:00:00"))
        if name in COLUMNS:
            return chance.uniform(*COLUMNS[name])
        if name == "id":
            return chance.choice((4, 6)) if owner == "Plugin" else 0
        if name in EMPTY:
            return b"" if name == "logo" else ""
        if name.endswith(AMOUNTS):
            return chance.randrange(1, 1000)
        return LIKELY[name](chance) if name in LIKELY else None
