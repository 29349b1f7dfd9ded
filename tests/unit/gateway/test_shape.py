"""Shapes: a key is declared once, for the writer and for the schema."""

import json

import jsonschema_rs
import pytest
from daybook.generation.v1.generation_service_pb2 import GetReportResponse, ListReportsResponse
from daybook.report.v1.report_pb2 import Report
from daybook.savedreport.v1.time_report_pb2 import Rate, Source, SubGroup, UserEntry

from gateway.shapes.json_schema import INTEGER, TEXT, several
from gateway.shapes.shape import (
    HOLE,
    ListShape,
    Shape,
    computed,
    constant,
    each,
    fields,
    nonempty,
    omitted,
    one,
    optional,
    value,
)

RATE = Shape("", fields(Rate))
PART = Shape(
    "",
    {
        "name": value(TEXT, "title"),
        "id": optional(INTEGER),
        "double": optional(INTEGER, "id", lambda number: 2 * number),
        "title": nonempty(TEXT),
        "ids": omitted(several(INTEGER), convert=lambda ids: list(ids) or None),
        "rates": each(RATE),
        "kind": constant("part", TEXT),
        "text": computed(TEXT, lambda part: f"{part.title}: {part.seconds}"),
    },
)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            SubGroup(id=0, title="a", seconds=5, ids=[7], rates=[Rate(currency="EUR")]),
            {
                "name": "a",
                "id": 0,
                "double": 0,
                "title": "a",
                "ids": [7],
                "rates": [{"billable_seconds": 0, "hourly_rate_in_cents": None, "currency": "EUR"}],
                "kind": "part",
                "text": "a: 5",
            },
        ),
        (
            SubGroup(),
            {"name": "", "id": None, "double": None, "title": None, "rates": [], "kind": "part", "text": ": 0"},
        ),
    ],
)
def test_a_shape_writes_its_keys_in_the_order_of_their_declaration(part: SubGroup, expected: dict[str, object]) -> None:
    """An absent value is null, or left out where the key says so; a 0 that is there stays one."""
    found = PART.write(part)

    assert expected == found
    assert list(expected) == list(found)
    assert jsonschema_rs.is_valid(PART.schema, found)


def test_the_schema_takes_what_is_written_and_nothing_else() -> None:
    """Only keys that may be left out may be missing, and none may be added."""
    whole = PART.write(SubGroup(title="a", ids=[7]))

    for name in whole:
        without = {key: found for key, found in whole.items() if key != name}
        assert (name == "ids") == jsonschema_rs.is_valid(PART.schema, without)
    assert not jsonschema_rs.is_valid(PART.schema, whole | {"more": 1})
    assert not jsonschema_rs.is_valid(PART.schema, whole | {"id": "7"})


def test_fields_follow_the_contract() -> None:
    """Types, lists and presence are those of the message; other keys take the place of fields or come last."""
    keys = fields(UserEntry, "id", "group_ids", id=value(TEXT, "name"), more=constant(1, INTEGER))

    assert {"id": "Ann", "group_ids": [2], "more": 1} == Shape("", keys).write(UserEntry(name="Ann", group_ids=[2]))
    with pytest.raises(KeyError):
        fields(Source)


def test_a_path_leads_to_inner_messages() -> None:
    inner = Shape("", {"id": value(INTEGER, "report.id"), "self": one(Shape("", fields(Report, "id")), "report")})

    assert {"id": 5, "self": {"id": 5}} == inner.write(GetReportResponse(report=Report(id=5)))


def test_an_envelope_is_the_text_around_the_hole() -> None:
    """Whatever text stands beside it."""
    shape = Shape("", {"a": value(TEXT, "name"), "rows": constant([HOLE], several(INTEGER)), "b": value(TEXT, "email")})
    envelope = shape.envelope(UserEntry(name="\0 [", email='"rows"'))

    assert {"a": "\0 [", "rows": [1, 2], "b": '"rows"'} == json.loads(envelope.before + b"1,2" + envelope.after)


@pytest.mark.parametrize("pages", [[[]], [[1]], [[1, 2], [3]], [[], [1]], [[1], [], [2, 3], []]])
async def test_a_list_is_one_json_however_it_is_paged(pages):
    """Of a single page it is one piece."""
    shape = ListShape(Shape("Entry", {"id": value(INTEGER)}), "reports")

    async def found():
        for ids in pages:
            yield ListReportsResponse(reports=[Report(id=one) for one in ids])

    texts = [text async for text in shape.texts(found())]

    expected = [{"id": one} for ids in pages for one in ids]
    assert {"success": True, "list": expected} == json.loads(b"".join(texts))
    assert len(texts) == max(1, len([ids for ids in pages if ids]))
    assert {"success", "list"} == set(shape.schema["properties"])
