"""What reports over time entries are asked with: the bodies of v3, the payloads and the query of v9."""

from collections.abc import Mapping

from gateway.requests.parameters import INT32
from gateway.requests.saved_report_requests import DIRECTIONS, MAX_PAGE_SIZE, ORDERS, PAGE_SIZE
from gateway.shapes.json_schema import (
    COUNT,
    DAY,
    FLAG,
    OBJECT,
    TEXT,
    Shape,
    one_of,
    optional,
    schema,
    several,
)

ID: Shape = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
SHORT_ID: Shape = {"type": "integer", "minimum": 1, "maximum": INT32 - 1}
IDS = several(ID)
IDS_OR_NONE = several(optional(ID)) | {"description": "null among them stands for entries that have none"}
SECONDS: Shape = {"type": "integer", "minimum": 0, "maximum": INT32 - 1}
WORDS: Shape = {"type": "string", "maxLength": 3000}
STEP = one_of(("day", "week", "month"))
WAY = one_of(("ASC", "DESC", "asc", "desc"))

SHARED: Mapping[str, Shape] = {
    "start_date": DAY,
    "end_date": DAY,
    "period": WORDS | {"description": "A named period, such as prevMonth, where there are no dates"},
    "client_ids": IDS_OR_NONE,
    "project_ids": IDS_OR_NONE,
    "task_ids": IDS_OR_NONE,
    "tag_ids": IDS_OR_NONE,
    "user_ids": IDS,
    "group_ids": IDS,
    "time_entry_ids": IDS,
    "billable": FLAG,
    "description": WORDS,
    "min_duration_seconds": SECONDS,
    "max_duration_seconds": SECONDS,
    "rounding": one_of((-1, 0, 1)),
    "rounding_minutes": one_of((0, 1, 5, 6, 10, 12, 15, 30, 60, 240)),
    "hide_amounts": FLAG,
    "granularity": STEP,
    "resolution": STEP,
    "with_graph": FLAG,
    "duration_format": one_of(("classic", "decimal", "improved")),
    "date_format": one_of(("MM/DD/YYYY", "DD-MM-YYYY", "MM-DD-YYYY", "YYYY-MM-DD", "DD/MM/YYYY", "DD.MM.YYYY")),
    "cents_separator": one_of((".", ",")),
}
AUDIT: Shape = {
    "type": "object",
    "properties": {
        "show_empty_groups": optional(FLAG),
        "show_tracked_groups": optional(FLAG),
        "group_filter": optional(
            {
                "type": "object",
                "properties": {
                    "currency": optional({"type": "string", "pattern": "^[A-Z]{3}$"}),
                    "min_amount_cents": optional(COUNT),
                    "max_amount_cents": optional(COUNT),
                    "min_duration_seconds": optional(SECONDS),
                    "max_duration_seconds": optional(SECONDS),
                },
            }
        ),
    },
}
PARAMETERS: Mapping[str, Mapping[str, Shape]] = {
    "detailed": {
        **SHARED,
        "grouped": FLAG,
        "enrich_response": FLAG,
        "order_by": one_of(("date", "user", "duration", "description", "last_update")),
        "order_dir": WAY,
        "page_size": {"type": "integer", "minimum": 1, "maximum": 1000},
        "first_id": ID,
        "first_row_number": ID,
        "first_timestamp": {"type": "integer", "minimum": 0, "maximum": 2**33},
        "hour_format": one_of(("h:mm A", "H:mm")),
        "display_mode": one_of(("date_only", "time_only", "date_time", "date_and_time")),
    },
    "summary": {
        **SHARED,
        "grouping": one_of(("projects", "clients", "users")),
        "sub_grouping": one_of(("time_entries", "tasks", "users", "projects", "clients")),
        "include_time_entry_ids": FLAG,
        "distinguish_rates": FLAG,
        "collapse": FLAG,
        "hide_rates": FLAG,
        "audit": AUDIT,
        "order_by": one_of(("title", "duration")),
        "order_dir": WAY,
    },
    "weekly": {
        **SHARED,
        "grouping": one_of(("projects", "users")),
        "group_by_task": FLAG,
        "calculate": one_of(("time", "amounts", "earnings")),
    },
    "projects": SHARED,
}

CHANGE: Mapping[str, Shape] = {
    "name": {**TEXT, "pattern": r"\S"},
    "public": FLAG,
    "fixed_daterange": FLAG,
    "regenerate_token": FLAG,
    "params": OBJECT,
}
LISTING: Mapping[str, Shape] = {
    "name": TEXT,
    "public": FLAG,
    "fixed_dates": FLAG,
    "scheduled": FLAG,
    "page": {**SHORT_ID, "default": 1},
    "per_page": {**SHORT_ID, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE},
    "sort_field": one_of(sorted(ORDERS)),
    "sort_direction": one_of(DIRECTIONS),
}


def parameters_name(kind: str) -> str:
    """Return the name of the schema of a kind of report's parameters."""
    return f"{kind.capitalize()}Parameters"


SCHEMAS: dict[str, Shape] = {
    **{
        parameters_name(kind): {
            "type": "object",
            "properties": {name: optional(shape) for name, shape in shapes.items()},
            "description": "Unknown parameters are ignored; null takes a saved one away",
        }
        for kind, shapes in PARAMETERS.items()
    },
    "AnyParameters": {"anyOf": [schema(parameters_name(kind)) for kind in ("detailed", "summary", "weekly")]},
    "Change": {"type": "object", "properties": dict(CHANGE)},
    "ChangeOfOne": {"type": "object", "properties": {"id": SHORT_ID, **CHANGE}, "required": ["id"]},
    "NewReport": {"type": "object", "properties": dict(CHANGE), "required": ["name"]},
    "Ids": {"type": "object", "properties": {"ids": several(SHORT_ID)}, "required": ["ids"]},
}
