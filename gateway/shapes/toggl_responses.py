"""What the timesheet side answers, as JSON Schema (reference sections 6 to 10 and 12)."""

from gateway.shapes.json_schema import (
    COUNT,
    FLAG,
    INTEGER,
    MOMENT,
    NULL,
    NUMBER,
    OBJECT,
    TEXT,
    Shape,
    always,
    one_of,
    optional,
    record,
    schema,
    several,
    table,
)

ENTRY = record({"at": MOMENT, "at_tz": MOMENT, "id": INTEGER, "seconds": COUNT, "start": MOMENT, "stop": MOMENT})
NAMES = {
    "client_name": TEXT,
    "email": TEXT,
    "project_color": TEXT,
    "project_hex": TEXT,
    "project_name": TEXT,
    "tag_names": several(TEXT),
    "task_name": TEXT,
}
DETAIL = {
    "billable": FLAG,
    "billable_amount_in_cents": optional(INTEGER),
    "currency": TEXT,
    "description": TEXT,
    "hourly_rate_in_cents": optional(INTEGER),
    "project_id": optional(INTEGER),
    "row_number": INTEGER,
    "tag_ids": several(INTEGER),
    "task_id": optional(INTEGER),
    "time_entries": several(ENTRY),
    "user_id": INTEGER,
    "username": TEXT,
}
SEVEN = {"type": "array", "items": INTEGER, "minItems": 7, "maxItems": 7}
ENTITIES = {
    "clients": record({"id": INTEGER, "name": TEXT, "external_reference": optional(TEXT)}),
    "projects": record(
        {
            "id": INTEGER,
            "name": TEXT,
            "client_id": optional(INTEGER),
            "color": TEXT,
            "currency": TEXT,
            "actual_hours": COUNT,
            "actual_seconds": COUNT,
            "estimated_hours": optional(COUNT),
            "estimated_seconds": optional(COUNT),
            "fixed_fee": optional(NUMBER),
            "start_date": optional(TEXT),
            "end_date": optional(TEXT),
            "external_reference": optional(TEXT),
        }
    ),
    "tags": record({"id": INTEGER, "name": TEXT}),
    "tasks": record(
        {
            "id": INTEGER,
            "name": TEXT,
            "project_id": INTEGER,
            "estimated_seconds": optional(COUNT),
            "tracked_seconds": COUNT,
        }
    ),
    "user_groups": record({"id": INTEGER, "name": TEXT}),
    "users": record(
        {
            "id": INTEGER,
            "name": TEXT,
            "email": TEXT,
            "avatar_url": optional(TEXT),
            "group_ids": several(INTEGER),
            "labour_cost": NULL,
        }
    ),
}
DICTIONARIES = {name: table(shape) for name, shape in ENTITIES.items()}
KINDS = {"detailed": several(schema("NamedRow")), "summary": schema("Groups"), "weekly": several(schema("WeeklyRow"))}
BUCKET = record(
    {
        "billable_amount_in_cents": optional(INTEGER),
        "by_rate": optional(table(COUNT)),
        "labour_cost_in_cents": NULL,
        "seconds": COUNT,
    }
)


def _ran(kind: str) -> Shape:
    """Return a saved report as it is run: the results of its kind are filled and the others null."""
    results = {
        f"{one}_results": record({"report": rows, "totals": schema("Totals")}) if one == kind else NULL
        for one, rows in KINDS.items()
    }
    return record(
        {
            **results,
            "dictionaries": record({**DICTIONARIES, "filters": record(DICTIONARIES)}),
            "features": table(FLAG),
            "fixed_daterange": FLAG,
            "hide_amounts": FLAG,
            "input_params": OBJECT,
            "is_commenting_enabled": FLAG,
            "public": FLAG,
            "report_name": TEXT,
            "report_type": always(kind),
            "saved_params": OBJECT,
            "workspace_logo": TEXT,
        }
    )


SCHEMAS: dict[str, Shape] = {
    "Rate": record({"billable_seconds": COUNT, "currency": TEXT, "hourly_rate_in_cents": optional(INTEGER)}),
    "Totals": record(
        {
            "billable_amount_in_cents": optional(INTEGER),
            "graph": several(BUCKET),
            "labour_cost_in_cents": NULL,
            "rates": optional(several(schema("Rate"))),
            "resolution": one_of(("day", "week", "month")),
            "seconds": COUNT,
            "tracked_days": COUNT,
        }
    ),
    "Row": record(DETAIL, NAMES),
    "NamedRow": record(DETAIL | NAMES),
    "Groups": record({"groups": several(schema("Group"))}),
    "Group": record(
        {
            "id": optional(INTEGER),
            "names": several(TEXT),
            "project_color": TEXT,
            "project_hex_color": TEXT,
            "sub_groups": several(schema("SubGroup")),
        }
    ),
    "SubGroup": record(
        {
            "id": optional(INTEGER),
            "title": optional(TEXT),
            "seconds": COUNT,
            "rates": optional(several(schema("Rate"))),
        },
        {"ids": several(INTEGER)},
    ),
    "WeeklyRow": record(
        {
            "billable_amounts_in_cents": optional(SEVEN),
            "billable_seconds": SEVEN,
            "client_name": TEXT,
            "currency": TEXT,
            "hourly_rate_in_cents": optional(INTEGER),
            "planned_task_id": optional(INTEGER),
            "project_color": TEXT,
            "project_hex_color": TEXT,
            "project_id": optional(INTEGER),
            "project_name": TEXT,
            "seconds": SEVEN,
            "user_id": INTEGER,
            "user_name": TEXT,
        }
    ),
    "ProjectRow": record(
        {"billable_seconds": COUNT, "project_id": optional(INTEGER), "tracked_seconds": COUNT, "user_id": INTEGER}
    ),
    "RanReport": {"oneOf": [_ran(kind) for kind in KINDS]},
    "SavedReport": record(
        {
            "id": INTEGER,
            "uid": INTEGER,
            "name": TEXT,
            "public": FLAG,
            "fixed_daterange": FLAG,
            "params": {**TEXT, "contentMediaType": "application/json"},
            "token": {**TEXT, "pattern": "^[0-9a-f]{32}$"},
            "is_commenting_enabled": FLAG,
            "isNAResource": FLAG,
            "scheduled_email_uids": several(INTEGER),
            "scheduled_email_gids": several(INTEGER),
            "updated_at": MOMENT,
            "updated_by": optional(INTEGER),
            "deleted_at": optional(MOMENT),
        }
    ),
    "Profile": record(
        {
            "id": INTEGER,
            "api_token": NULL,
            "email": TEXT,
            "fullname": TEXT,
            "timezone": TEXT,
            "toggl_accounts_id": TEXT,
            "default_workspace_id": INTEGER,
            "beginning_of_week": COUNT,
            "image_url": TEXT,
            "created_at": MOMENT,
            "updated_at": MOMENT,
            "openid_email": NULL,
            "openid_enabled": FLAG,
            "country_id": NULL,
            "has_password": FLAG,
            "at": MOMENT,
            "intercom_hash": NULL,
            "authorization_updated_at": MOMENT,
        }
    ),
}

ROWS = {"search": several(schema("Row")), "summary": schema("Groups"), "weekly": several(schema("WeeklyRow"))}
