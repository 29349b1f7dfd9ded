"""Schemas of the timesheet side's bodies: parameters of reports over time entries, and payloads of saved reports."""

from collections.abc import Mapping

from gateway.endpoints.toggl_endpoints import KINDS, parameters_name
from gateway.requests.parameters import INT32
from gateway.requests.saved_report_requests import CHANGE_SCHEMAS
from gateway.requests.saved_report_requests import ID as ID_OF_SAVED
from gateway.shapes.json_schema import (
    COUNT,
    DAY,
    FLAG,
    Schema,
    nullable,
    one_of,
    ref,
    several,
)

ID: Schema = {"type": "integer", "minimum": 1, "maximum": 2**53 - 1}
IDS = several(ID)
IDS_OR_NONE = several(nullable(ID)) | {"description": "null among them stands for entries that have none"}
SECONDS: Schema = {"type": "integer", "minimum": 0, "maximum": INT32 - 1}
WORDS: Schema = {"type": "string", "maxLength": 3000}
STEP = one_of(("day", "week", "month"))
WAY = one_of(("ASC", "DESC", "asc", "desc"))

SHARED: Mapping[str, Schema] = {
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
AUDIT: Schema = {
    "type": "object",
    "properties": {
        "show_empty_groups": nullable(FLAG),
        "show_tracked_groups": nullable(FLAG),
        "group_filter": nullable(
            {
                "type": "object",
                "properties": {
                    "currency": nullable({"type": "string", "pattern": "^[A-Z]{3}$"}),
                    "min_amount_cents": nullable(COUNT),
                    "max_amount_cents": nullable(COUNT),
                    "min_duration_seconds": nullable(SECONDS),
                    "max_duration_seconds": nullable(SECONDS),
                },
            }
        ),
    },
}
PARAMETERS: Mapping[str, Mapping[str, Schema]] = {
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

SCHEMAS: dict[str, Schema] = {
    **{
        parameters_name(kind): {
            "type": "object",
            "properties": {name: nullable(schema) for name, schema in schemas.items()},
            "description": "Unknown parameters are ignored; null takes a saved one away",
        }
        for kind, schemas in PARAMETERS.items()
    },
    "AnyParameters": {"anyOf": [ref(parameters_name(kind)) for kind in KINDS.values()]},
    "Change": {"type": "object", "properties": dict(CHANGE_SCHEMAS)},
    "ChangeOfOne": {"type": "object", "properties": {"id": ID_OF_SAVED, **CHANGE_SCHEMAS}, "required": ["id"]},
    "NewReport": {"type": "object", "properties": dict(CHANGE_SCHEMAS), "required": ["name"]},
    "Ids": {"type": "object", "properties": {"ids": several(ID_OF_SAVED)}, "required": ["ids"]},
}
