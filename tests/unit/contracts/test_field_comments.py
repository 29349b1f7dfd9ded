"""Comments of requests' fields: what is required, what the default is, and the bounds that are checked."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from services.generation.accounts.account_service import MAX_TEXT
from services.generation.inputs.input_kind import InputKind
from services.generation.inputs.limits import MAX_ITEMS
from services.generation.inputs.list_filters import MAX_ORDER, MAX_SKIP
from services.generation.inputs.registry import INPUT_KINDS
from services.generation.schedules.delivery_service import MAX_WAIT_S, MAX_WORKER
from services.generation.schedules.due import MOST_UNITS
from services.generation.schedules.receiver_checks import MAX_URL
from services.generation.schedules.run import MOST_TEXT
from services.generation.schedules.schedule import ScheduleLimits
from services.generation.schedules.schedule_checks import MAX_MESSAGE, MAX_SUBJECT
from services.generation.servicers.deliveries import MAX_MESSAGE_ID
from services.generation.servicers.page_tokens import DEFAULT_SIZE, MAX_SIZE
from tests.builders.contract_comments import CommentedField, requests

TOLD = re.compile(
    r"\b(required|empty|absent|default|ignored|0 for|0 in an upsert|left out|unspecified|"
    r"0 when|-1 when|NaN when|NaN where|False|True if|none)\b|_UNSPECIFIED",
    re.IGNORECASE,
)
NUMBER = re.compile(r"-?\d[\d,]*(?:\^\d+)?")
WRONG = (-(10**18), 10**18, "x" * 10**5, [1] * 10**5, [-1], ["x" * 10**5], ["x"] * 10**5)
BOUNDS = {
    "account.v1.CreateUserRequest.login": {1, MAX_TEXT},
    "account.v1.CreateUserRequest.password": {1, MAX_TEXT},
    "account.v1.CreateApiKeyRequest.name": {MAX_TEXT},
    "account.v1.SetPasswordRequest.password": {1, MAX_TEXT},
    "account.v1.LogInRequest.login": {MAX_TEXT},
    "account.v1.LogInRequest.password": {MAX_TEXT},
    "input.v1.DeleteRequest.ids": {MAX_ITEMS},
    "input.v1.DeleteRequest.keys": {MAX_ITEMS},
    "input.v1.ListRequest.ids": {MAX_ITEMS},
    "input.v1.ListRequest.names": {MAX_ITEMS},
    "input.v1.ListRequest.order_by": {MAX_ORDER},
    "input.v1.ListRequest.skip": {0, MAX_SKIP},
    "input.v1.ListRequest.text": {MAX_TEXT},
    "schedule.v1.ClaimDeliveriesRequest.max_wait": {MAX_WAIT_S},
    "schedule.v1.ClaimDeliveriesRequest.worker": {1, MAX_WORKER},
    "schedule.v1.FinishDeliveryRequest.text": {MOST_TEXT},
    "schedule.v1.ListRunsRequest.skip": {0, MAX_SKIP},
    "schedule.v1.MonthDays.days": {1, 31},
    "schedule.v1.Schedule.message": {MAX_MESSAGE},
    "schedule.v1.Schedule.period": {1, MOST_UNITS},
    "schedule.v1.Schedule.recipients": {ScheduleLimits().recipients},
    "schedule.v1.Schedule.subject": {MAX_SUBJECT},
    "schedule.v1.StartDeliveryRequest.message_id": {MAX_MESSAGE_ID},
    "schedule.v1.Webhook.url": {MAX_URL},
    "schedule.v1.Weekdays.days": {1, 7},
}


@pytest.mark.parametrize("name", requests())
def test_a_field_says_whether_it_is_required_or_what_it_is_without(name: str) -> None:
    """Those of which one is given are told by their oneof; keys and values of maps have no comment."""
    one = requests()[name]
    is_of_oneof = one.field.HasField("oneof_index") and not one.field.proto3_optional
    is_of_map = one.message.endswith("Entry")

    assert is_of_oneof or is_of_map or TOLD.search(one.comment), one.comment


def test_a_page_tells_its_sizes() -> None:
    """The default and the largest, which are the same for all lists."""
    sizes = {name: one.comment for name, one in requests().items() if name.endswith(".page_size")}

    assert len(sizes) > 3
    assert {} == {name: text for name, text in sizes.items() if not {DEFAULT_SIZE, MAX_SIZE} <= numbers(text)}


@pytest.mark.parametrize("name", BOUNDS)
def test_a_bound_that_is_checked_is_told(name: str) -> None:
    """By its number."""
    assert BOUNDS[name] <= numbers(requests()[name].comment)


@pytest.mark.parametrize("kind", INPUT_KINDS, ids=lambda kind: kind.name)
def test_a_record_tells_the_bounds_that_its_kind_checks(kind: InputKind[Any]) -> None:
    """Every number in the words of a refusal stands in the field's comment, and a required field says so."""
    missing = {}
    for path, limit in kind.limits.items():
        found = field_at(kind, path)
        wanted = {number for text in refusals(limit) for number in numbers(text)}
        if found is not None and not wanted - {0} <= numbers(found.comment):
            missing[path] = (wanted, found.comment)

    assert {} == missing


def numbers(text: str) -> set[int]:
    """Return the whole numbers in a text, those of dates one by one."""
    found = set()
    for one in NUMBER.findall(text):
        base, _, power = one.replace(",", "").partition("^")
        found.add(abs(int(base)) ** int(power or 1))
    return found


def refusals(limit: Any) -> Iterator[str]:
    """Yield what a limit says of wrong values of every type."""
    for value in WRONG:
        with suppress(TypeError, AttributeError, ValueError):
            said = limit(value)
            if said is not None:
                yield said[1] if isinstance(said, tuple) else said


def field_at(kind: InputKind[Any], path: str) -> CommentedField | None:
    """Return the field of a record at a path of its kind."""
    name, found = f"input.v1.{kind.message.DESCRIPTOR.name}", None
    for step in path.split("."):
        found = requests().get(f"{name}.{step}")
        if found is None:
            return None
        if found.field.type == FieldDescriptorProto.TYPE_MESSAGE:
            name = found.field.type_name.removeprefix(".daybook.")
    return found
