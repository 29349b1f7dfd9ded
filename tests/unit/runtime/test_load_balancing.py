"""Where replicas are, and how calls are spread over them."""

import json
from pathlib import Path

import pytest
from daybook.generation.v1 import generation_service_pb2
from daybook.input.v1 import input_service_pb2
from pydantic import BaseModel, ValidationError

from gateway.settings import Settings
from services.runtime.load_balancing import is_spread, options_of, target_of
from services.runtime.settings import Addresses
from services.runtime.tls import TlsSettings
from tests.builders.certificates import Authority

GENERATION = generation_service_pb2.DESCRIPTOR.services_by_name["GenerationService"]
INPUTS = input_service_pb2.DESCRIPTOR.services_by_name["InputService"]


class Model(BaseModel):
    """Something that is told addresses."""

    addresses: Addresses


@pytest.mark.parametrize(
    ("expected", "addresses"),
    [
        ("localhost:50051", "localhost:50051"),
        ("generation:50051", "generation:50051"),
        ("ipv4:10.0.0.1:50051,10.0.0.2:50052", "10.0.0.1:50051, 10.0.0.2:50052"),
        ("ipv4:127.0.0.1:1,127.0.0.1:2", "localhost:1,localhost:2"),
        ("ipv6:[::ffff:a00:1]:1,[2001:db8::2]:2", "10.0.0.1:1,[2001:db8::2]:2"),
    ],
)
def test_a_target_names_all_addresses(expected: str, addresses: str) -> None:
    """A single one as it is; several as the list that gRPC reads."""
    assert expected == target_of(Model(addresses=addresses).addresses)


@pytest.mark.parametrize(
    ("expected", "addresses"),
    [
        (False, "localhost:1"),
        (False, "127.0.0.1:1"),
        (False, "[::1]:1"),
        (True, "generation:1"),
        (True, "127.0.0.1:1,127.0.0.1:2"),
    ],
)
def test_calls_are_spread_where_there_may_be_several(expected: bool, addresses: str) -> None:
    """A name may stand for many replicas, one address is one."""
    assert expected == is_spread(addresses)


@pytest.mark.parametrize(
    "addresses",
    [
        "",
        "here",
        ":1",
        "here:",
        "here:x",
        "here:65536",
        "here:1,",
        "a:1,b:2",
        "127.0.0.1:1,generation:2",
        "here:\uff11",
    ],
)
def test_what_nobody_can_reach_is_refused(addresses: str) -> None:
    """Every address is host:port, and several are IP addresses or localhost."""
    with pytest.raises(ValidationError):
        Model(addresses=addresses)


def test_several_addresses_have_one_name_under_tls(tmp_path: Path) -> None:
    """Without it no certificate could be right."""
    authority, several = Authority(tmp_path).file, "127.0.0.1:1,127.0.0.1:2"
    with pytest.raises(ValidationError, match="several addresses need TLS_SERVER_NAME"):
        Settings(grpc_tls=TlsSettings(tls_authority=authority), generation_address=several)

    named = TlsSettings(tls_authority=authority, tls_server_name="generation")
    assert several == Settings(grpc_tls=named, generation_address=several).generation_address


def test_what_changes_something_is_not_repeated() -> None:
    """Reads are, and what carries a request id."""
    config = json.loads(dict(options_of([GENERATION, INPUTS]))["grpc.service_config"])
    (repeated,) = config["methodConfig"]
    methods = {one["method"] for one in repeated["name"]}

    assert {"GetReport", "ListReports", "StreamParts", "WatchReport", "ListKinds", "GenerateReport"} <= methods
    assert not methods & {"DeleteReport", "UpsertTrackers", "UpsertVehicles", "UpsertEmployees", "UpsertAssignments"}
    assert {"serviceName": GENERATION.full_name} == config["healthCheckConfig"]
