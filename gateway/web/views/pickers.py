"""Data of the pickers in the dialog for a new report: the kinds of reports, and what they can be about."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from aiohttp import web
from daybook.generation.v1.generation_service_pb2 import KindEntity, KindInfo
from daybook.input.v1.input_service_pb2 import ListRequest

from gateway.errors import Code, PublicError
from gateway.http_responses import json_response
from gateway.shapes.json_schema import INTEGER, TEXT
from gateway.shapes.shape import Key, Shape, computed, many, value
from gateway.web.entity_tags import tagged
from gateway.web.page_endpoint import Content, Endpoints, PageEndpoint, PageRequest

PAGE_SIZE = 1000
ENTITY_WORDS = {number: KindEntity.Name(number).removeprefix("KIND_ENTITY_").lower() for number in KindEntity.values()}
DAY_S = 24 * 3600


def _days(kind: KindInfo) -> int:
    return kind.max_span.seconds // DAY_S if kind.HasField("max_span") else 0


KIND = Shape(
    "",
    {
        "id": value(INTEGER),
        "title": value(TEXT),
        "description": value(TEXT),
        "entity": value(TEXT, "entity", ENTITY_WORDS.__getitem__),
        "max_entities": value(INTEGER),
        "max_days": computed(INTEGER, _days),
        "schema": value({"type": "object"}, "options_schema", json.loads),
    },
)


async def _kinds(page: PageRequest) -> web.Response:
    """Return the kinds by group, in the order of the groups."""
    kinds = sorted(await page.frame.kinds.of(page.services, page.lang), key=lambda kind: kind.group)
    groups = [
        {"title": title, "kinds": KIND.write_all(members)}
        for title, members in groupby(kinds, key=lambda kind: kind.group_title)
    ]
    return tagged(page.http, json_response({"groups": groups}))


@dataclass(frozen=True, slots=True)
class Entity:
    """Kind of record that a picker offers: its name in lists, and what the picker needs of a record."""

    kind: str
    shape: Shape


def _person(one: Any) -> str:
    return " ".join(filter(None, (one.first_name, one.middle_name, one.last_name)))


def _entity(kind: str, name: Key | None = None, **more: Key) -> Entity:
    return Entity(kind, Shape("", {"id": value(INTEGER), "label": name or value(TEXT), **more}))


ENTITIES: Mapping[str, Entity] = {
    "tracker": _entity("trackers", group=value(INTEGER, "group_id")),
    "tracker_group": _entity("tracker_groups", value(TEXT, "title")),
    "employee": _entity("employees", computed(TEXT, _person), group=value(INTEGER, "department_id"), tags=many(TEXT)),
    "vehicle": _entity("vehicles", tracker=value(INTEGER, "tracker_id")),
    "zone": _entity("zones", tags=many(TEXT)),
    "place": _entity("places", tags=many(TEXT)),
    "sensor": _entity("sensors", value(TEXT, "name"), tracker=value(INTEGER, "tracker_id")),
}


async def _entities(page: PageRequest) -> web.Response:
    """Return a page of the records of a kind, and how many match on all pages."""
    entity = ENTITIES.get(page.words["kind"])
    if entity is None:
        raise PublicError(Code.NOT_FOUND)
    message = ListRequest(
        kind=entity.kind,
        text=page.query.get("q", ""),
        page_size=PAGE_SIZE,
        page_token=page.query.get("page_token", ""),
    )
    found = await page.services.call(page.services.inputs.List, message, page.caller)
    items = entity.shape.write_all(getattr(found.batch, entity.kind).items)
    body = {"items": items, "next_page_token": found.next_page_token, "count": found.total_size}
    return tagged(page.http, json_response(body))


PICKER_ENDPOINTS: Endpoints = {
    "page/kinds": {"GET": PageEndpoint("The kinds of reports", _kinds, content=Content.DATA)},
    "page/entities/{kind}": {"GET": PageEndpoint("Records that a picker offers", _entities, content=Content.DATA)},
}
