"""Tools of fuzzing RPCs: they tell a wrong ending from a right one, and make failing examples small."""

from typing import Any

import pytest
from daybook.generation.v1.generation_service_pb2 import GenerateReportRequest
from daybook.input.v1.points_pb2 import Points
from daybook.report.v1.report_pb2 import Plugin, TimeFilter
from google.rpc.status_pb2 import Status
from grpc import StatusCode

from tests.fuzz.http_drafts import drawn
from tests.fuzz.rpc_check import problem
from tests.fuzz.rpc_messages import long_text, messages
from tests.fuzz.rpc_request import Call
from tests.fuzz.rpc_shrink import shrunk
from tests.rpcs import Outcome, contracts, rpcs_of

RPCS = {one.short: one for one in rpcs_of(contracts())}
CALL = Call(RPCS["GenerationService/GenerateReport"], [GenerateReportRequest()])
HURRIED = Call(CALL.rpc, CALL.requests, within_s=0.01)


def ended(code: StatusCode, reason: str = "", told: StatusCode | None = None) -> Outcome:
    """Return a way in which a call ended; its details tell the same status unless another is given."""
    return Outcome(code, reason=reason, details=Status(code=(told or code).value[0]))


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        (CALL, ended(StatusCode.OK)),
        (CALL, ended(StatusCode.NOT_FOUND, "ENTITY_NOT_FOUND")),
        (HURRIED, ended(StatusCode.DEADLINE_EXCEEDED)),
        (HURRIED, ended(StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")),
    ],
)
def test_a_right_ending_is_no_problem(call: Call, outcome: Outcome) -> None:
    """An answer, a status with a reason, and no answer where none was waited for."""
    assert "" == problem(call, outcome)


@pytest.mark.parametrize(
    "outcome",
    [
        ended(StatusCode.INTERNAL, "UNEXPECTED"),
        ended(StatusCode.UNKNOWN),
        ended(StatusCode.DEADLINE_EXCEEDED),
        ended(StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE"),
        ended(StatusCode.NOT_FOUND),
        ended(StatusCode.NOT_FOUND, "OF_MY_OWN"),
        ended(StatusCode.NOT_FOUND, "UNEXPECTED"),
        ended(StatusCode.NOT_FOUND, "ENTITY_NOT_FOUND", StatusCode.ABORTED),
    ],
)
def test_a_wrong_ending_is_told(outcome: Outcome) -> None:
    """A crash, a hang, a store that is gone, a reason that is missing or not published, two statuses."""
    assert problem(CALL, outcome)


@pytest.mark.parametrize("rpc", RPCS.values(), ids=lambda rpc: rpc.short)
def test_messages_of_every_kind_can_be_drawn_and_sent(rpc: Any) -> None:
    """A drawn message comes back from its bytes as it was."""
    for one in drawn(messages(rpc.request.DESCRIPTOR), 3, 1):
        assert one.SerializeToString(deterministic=True) == rpc.request.FromString(
            one.SerializeToString()
        ).SerializeToString(deterministic=True)


def test_a_message_can_be_as_long_as_grpc_takes() -> None:
    """A text of its own, or of what is in it."""
    report, points = GenerateReportRequest(title="x"), Points(tracker_id=1)
    long_text(report)
    long_text(points)

    assert 3_900_000 < report.ByteSize() < 4 * 2**20
    assert Points(tracker_id=1) == points


async def test_what_does_not_show_the_fault_is_left_out() -> None:
    """Fields, also those of fields, whole messages of a stream, and metadata."""
    fault = TimeFilter(end_time_of_day="25:00", weekdays=[1])
    whole = GenerateReportRequest(title="x", plugin=Plugin(id=4), time_filter=fault, tracker_ids=[1, 2])

    async def fails(call: Call) -> bool:
        return any(one.time_filter.end_time_of_day for one in call.requests)

    small = await shrunk(Call(CALL.rpc, [whole], (("authorization", "x"), ("y", "z"))), fails)

    assert [GenerateReportRequest(time_filter=TimeFilter(end_time_of_day="25:00"))] == small.requests
    assert (("authorization", "x"),) == small.metadata
