"""Every RPC and every route, for everybody who may call: `access_table.py` says what comes of it (design §6)."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack

import grpc
import pytest
import requests
from daybook.generation.v1.generation_service_pb2 import CreateReportLinkRequest, DeleteReportLinkRequest
from daybook.input.v1.input_service_pb2 import Batch
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF
from google.protobuf.message import Message
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo
from google.rpc.status_pb2 import Status
from grpc_channelz.v1 import channelz_pb2
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

from gateway import routes
from tests.e2e import access_table as table
from tests.e2e.access_asks import bytes_of, send, word
from tests.e2e.access_calls import request_of
from tests.e2e.access_world import MEMBERS, PERSONS, RPCS, UNKNOWN, Things, World, mark, open_world
from tests.e2e.stack import ANSWER_WITHIN_S, Stack
from tests.rpcs import Outcome, rpcs_of
from tests.rpcs import asked as asked_of

STANDARD = {one.short: one for one in rpcs_of(file.DESCRIPTOR for file in (health_pb2, reflection_pb2, channelz_pb2))}
ALL = RPCS | STANDARD
CODE = grpc.StatusCode
WORDS = {
    (CODE.UNAUTHENTICATED, "WRONG_HASH"): "unsigned",
    (CODE.UNAUTHENTICATED, "SESSION_ENDED"): "wrong",
    (CODE.PERMISSION_DENIED, "RIGHT_MISSING"): "right",
    (CODE.PERMISSION_DENIED, "WRONG_CREDENTIALS"): "kind",
    (CODE.NOT_FOUND, "ENTITY_NOT_FOUND"): "missing",
    (CODE.NOT_FOUND, "TRACKER_NOT_FOUND"): "missing",
    (CODE.NOT_FOUND, "NONEXISTENT_ENTITIES"): "unlisted",
    (CODE.NOT_FOUND, "WORKSPACE_NOT_FOUND"): "nowhere",
    (CODE.PERMISSION_DENIED, "TOKEN_INVALID"): "private",
    (CODE.PERMISSION_DENIED, "ADMIN_NEEDED"): "admins",
    (CODE.INVALID_ARGUMENT, "INVALID_PARAMETERS"): "refused",
    (CODE.FAILED_PRECONDITION, "NOT_READY"): "unready",
}
LINKED = ("GenerationService/GetReport", "GenerationService/StreamParts", "RenderingService/Render")
FOREIGN = {"missing", "unlisted", "nowhere"}
TRACKER_RPCS, TIME_RPCS = list(table.rows(table.TRACKER_RPCS)), list(table.rows(table.TIME_RPCS))
TRACKER_ROUTES, TIME_ROUTES = list(table.rows(table.TRACKER_ROUTES)), list(table.rows(table.TIME_ROUTES))


@pytest.fixture(scope="module")
def world(stack: Stack) -> Iterator[World]:
    """Give the people and what each of them has."""
    with ExitStack() as opened:
        channels = {
            part: opened.enter_context(grpc.insecure_channel(stack.addresses[part]))
            for part in ("generation", "rendering")
        }
        yield open_world(stack, channels)


def id_of(row: table.Row) -> str:
    """Return the name of a row."""
    called, whose, _ = row
    return f"{called} of {whose}" if whose else called


def things_of(world: World, whose: str) -> Things:
    """Return the things that a row is about."""
    return world.things.get(whose, world.things["owner"])


def told(seen: set[str]) -> str:
    """Return how it is called in the table to see what these have."""
    for name, persons in (("everyone", set(PERSONS)), ("members", MEMBERS)):
        if seen == persons:
            return name
    return "+".join(sorted(seen, key=PERSONS.index)) or "done"


def without_ids(outcome: Outcome, *ids: int | str) -> bytes:
    """Return the bytes of a failure, but for the ids that were asked for."""
    pattern = rf"\b({'|'.join(str(one) for one in ids)})\b"
    details = Status.FromString(outcome.details.SerializeToString())
    details.message = re.sub(pattern, "#", details.message)
    for one in details.details:
        info, bad = ErrorInfo(), BadRequest()
        if one.Unpack(info):
            for key in info.metadata:
                info.metadata[key] = re.sub(pattern, "#", info.metadata[key])
            one.Pack(info)
        elif one.Unpack(bad):
            for violation in bad.field_violations:
                violation.description = re.sub(pattern, "#", violation.description)
            one.Pack(bad)
    return details.SerializeToString(deterministic=True) + re.sub(pattern, "#", outcome.message).encode()


def without_numbers(answer: requests.Response) -> str:
    """Return a failure as it came, but for the ids that were asked for."""
    return re.sub(r"\d+", "#", str(bytes_of(answer)))


def numbers_in(message: Message) -> list[int]:
    """Return the ids that a request names."""
    return [int(one) for one in re.findall(r"\b(?:\w+_)?ids?: (\d+)", str(message))]


@pytest.mark.parametrize("row", [*TRACKER_RPCS, *TIME_RPCS], ids=id_of)
def test_an_rpc_does_for_everybody_what_the_table_says(world: World, row: table.Row) -> None:
    """And of what is somebody else's it says the very bytes that it says of what never was."""
    called, whose, expected = row
    name, _, input_kind = called.partition(".")
    rpc, it = ALL[name], things_of(world, whose)
    if input_kind in world.unmarked:
        expected = {who: "done" if cell in PERSONS else cell for who, cell in expected.items()}
    found, strange = {}, []

    for who in expected:
        request = request_of(rpc.request, called, it, whose, world)
        outcome = world.call(rpc, who, [request])
        ended = (outcome.code, outcome.reason)
        found[who] = told(world.seen(outcome.answers)) if outcome.code is CODE.OK else WORDS.get(ended, str(ended))
        if found[who] in FOREIGN:
            nothing = Things(token="" if it.token == "" else Things.token)
            if found[who] != "nowhere":
                nothing.workspace = it.workspace
            unknown = world.call(rpc, who, [request_of(rpc.request, called, nothing, whose, world)])
            ids = (*numbers_in(request), UNKNOWN)
            if without_ids(outcome, *ids) != without_ids(unknown, *ids):
                strange.append((who, outcome, unknown))

    assert expected == found
    assert [] == strange


@pytest.mark.parametrize("row", [*TRACKER_ROUTES, *TIME_ROUTES], ids=id_of)
def test_a_route_does_for_everybody_what_the_table_says(world: World, row: table.Row) -> None:
    """And of what is somebody else's it says the very bytes that it says of what never was."""
    called, whose, expected = row
    it = things_of(world, whose)
    found, strange = {}, []

    for who in expected:
        answers = send(called, who, it, whose, world)
        found[who] = word(answers) or told(world.seen(one.text for one in answers))
        if found[who] in FOREIGN:
            nothing = Things()
            if found[who] != "nowhere":
                nothing.workspace = it.workspace
            [unknown] = send(called, who, nothing, whose, world)
            if without_numbers(answers[0]) != without_numbers(unknown):
                strange.append((who, answers[0].text, unknown.text))

    assert expected == found
    assert [] == strange


def test_a_link_reads_its_report_and_calls_nothing_else(world: World) -> None:
    """All other RPCs take its token for no credentials, but those that need none."""
    strange, open_to_all = [], {"done", *PERSONS}
    for called, whose, expected in (*TRACKER_RPCS, *TIME_RPCS):
        name, _, _ = called.partition(".")
        if whose or name in LINKED or expected["nobody"] in open_to_all:
            continue
        outcome = world.call(ALL[name], "link", [request_of(ALL[name].request, called, Things(token=""), whose, world)])
        if (outcome.code, outcome.reason) != (CODE.UNAUTHENTICATED, "WRONG_HASH"):
            strange.append((called, outcome))
    assert [] == strange

    for name in LINKED:
        for who, word_ in (("owner", "owner"), ("sub", "missing")):
            request = request_of(ALL[name].request, name, world.things[who], "", world)
            outcome = world.call(ALL[name], "link", [request])
            found = (
                told(world.seen(outcome.answers)) if outcome.code is CODE.OK else WORDS[outcome.code, outcome.reason]
            )
            assert (name, word_) == (name, found)


def test_a_link_may_allow_some_formats_alone(world: World) -> None:
    """Another one is not found; a deleted link renders nothing."""
    report_id, rendering = world.things["owner"].report, RPCS["RenderingService/Render"]
    asked = CreateReportLinkRequest(report_id=report_id, formats=[FORMAT_CSV])
    made = world.done("owner", "GenerationService/CreateReportLink", asked)
    by_link, found = (("authorization", f"Link {made.token}"),), []
    for file_format in (FORMAT_CSV, FORMAT_PDF):
        request = rendering.request(report_id=report_id, format=file_format)
        found.append(asked_of(world.channels["rendering"], rendering, [request], by_link).code)
    world.done("owner", "GenerationService/DeleteReportLink", DeleteReportLinkRequest(link_id=made.link.id))
    request = rendering.request(report_id=report_id, format=FORMAT_CSV)
    found.append(asked_of(world.channels["rendering"], rendering, [request], by_link).code)

    assert [CODE.OK, CODE.NOT_FOUND, CODE.NOT_FOUND] == found


def test_every_rpc_of_the_contracts_has_a_row() -> None:
    """And no row is of one that is gone."""
    rows = {called.partition(".")[0] for called, _, _ in (*TRACKER_RPCS, *TIME_RPCS)}

    assert set(RPCS) == {one for one in rows if one.partition("/")[0] not in table.OPEN_SERVICES}


def test_every_kind_of_input_has_a_row() -> None:
    """And no row is of one that is gone."""
    kinds = {called.partition(".")[2] for called, _, _ in (*TRACKER_RPCS, *TIME_RPCS)} - {""}

    assert set(Batch.DESCRIPTOR.fields_by_name) == kinds


@pytest.mark.parametrize("part", ["generation", "rendering"])
def test_every_service_that_a_server_has_stands_in_the_table(world: World, part: str) -> None:
    """Also those that are open by design."""
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    stub = world.channels[part].stream_stream(
        STANDARD["ServerReflection/ServerReflectionInfo"].path,
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    (answer,) = stub(iter([request]), timeout=ANSWER_WITHIN_S)

    served = {one.name.rpartition(".")[2] for one in answer.list_services_response.service}
    assert set() == served - {called.partition("/")[0] for called, _, _ in (*TRACKER_RPCS, *TIME_RPCS)}


def test_every_route_has_a_row() -> None:
    """And no row is of one that is gone."""
    here = [(prefix, *one) for prefix in routes.TOGGL_TABLE for one in named(prefix)]
    known = {f"{method} {template}" for _, template, methods in here for method in methods}
    known |= {f"/{path}" for path in routes.TRACKER_TABLE} | {table.METRICS}

    assert known == {called for called, _, _ in (*TRACKER_ROUTES, *TIME_ROUTES)}


def named(prefix: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Give the paths of the timesheet side as the table writes them, each with its handlers by method."""
    yield from zip(routes.TEMPLATES[prefix], routes.TOGGL_TABLE[prefix].values(), strict=True)


def test_everybody_stands_for_somebody_else(world: World) -> None:
    """The table means nothing unless its people differ."""
    assert len(PERSONS) == len({world.keys[who] for who in PERSONS})
    assert {mark(who) for who in PERSONS} == {world.things[who].owner_login for who in PERSONS}
