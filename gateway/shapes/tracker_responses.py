"""What the tracker side answers, as JSON Schema (reference sections 2 and 4)."""

from gateway.shapes.json_schema import (
    COUNT,
    FLAG,
    INTEGER,
    NUMBER,
    OBJECT,
    TEXT,
    Shape,
    always,
    one_of,
    record,
    schema,
    several,
    table,
)

DATE_TIME: Shape = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$",
    "description": "`yyyy-MM-dd HH:mm:ss`; in ISO mode with `T` and an offset",
}
TIME_FILTER = record({"from": TEXT, "to": TEXT, "weekdays": several(one_of(range(1, 8)))})
LOCALE = record({"locale": TEXT, "time_zone": TEXT, "measurement_system": TEXT})
PLACES = {"include_places_in_address": FLAG, "include_zones_in_address": FLAG}
PLUGINS = several({**OBJECT, "properties": {"plugin_id": INTEGER}, "required": ["plugin_id"]})
ENTITIES = {"geocoder": TEXT, "trackers": several(INTEGER), "employees": several(INTEGER)}

LOCATION = record({"lat": NUMBER, "lng": NUMBER})
CELL = record({"v": TEXT, "type": always("value")}, {"raw": NUMBER, "location": LOCATION})
TOTAL: Shape = {
    "type": "object",
    "properties": {"text": TEXT},
    "required": ["text"],
    "additionalProperties": record({"v": TEXT, "type": always("value")}, {"raw": NUMBER}),
}
ROWS = record({"rows": several(table(CELL))}, {"header": TEXT, "total": TOTAL})
COLUMN = record(
    {
        "align": one_of(("left", "right", "center")),
        "field": TEXT,
        "title": TEXT,
        "width": INTEGER,
        "weight": INTEGER,
        "highlight_min_max": FLAG,
    }
)
LINE = record({"v": TEXT, "name": TEXT, "highlight": FLAG}, {"raw": NUMBER})
BAR = record({"x": record({"v": TEXT}), "bars": table(record({"v": TEXT}, {"raw": NUMBER}))})
SLICE = record({"name": TEXT, "v": TEXT, "raw": NUMBER, "percent": NUMBER, "color": TEXT})
SECTIONS = (
    record(
        {
            "data": several(ROWS),
            "type": always("table"),
            "header": TEXT,
            "columns": several(COLUMN),
            "column_groups": several(record({"title": TEXT, "fields": several(TEXT)})),
        },
        {"section_id": TEXT},
    ),
    record({"rows": several(LINE), "type": always("map_table"), "header": TEXT}),
    record(
        {"type": always("stacked_bar_chart"), "y_axis": record({"label": TEXT}), "data": several(BAR)}, {"header": TEXT}
    ),
    record({"type": always("pie_chart"), "data": several(SLICE)}, {"header": TEXT}),
    record({"text": TEXT, "type": always("text")}, {"style": always("small_print")}),
)

SCHEMAS: dict[str, Shape] = {
    "ReportEntry": record(
        {
            "created": DATE_TIME,
            "time_filter": TIME_FILTER,
            "title": TEXT,
            "id": INTEGER,
            "parameters": record({"plugins": PLUGINS, **PLACES, "locale_info": LOCALE}, ENTITIES),
            "percent": {"type": "integer", "minimum": 0, "maximum": 100},
            "type": TEXT,
            "from": DATE_TIME,
            "to": DATE_TIME,
        }
    ),
    "Report": record(
        {
            "created": DATE_TIME,
            "title": TEXT,
            "id": INTEGER,
            "sheets": several(schema("Sheet")),
            "from": DATE_TIME,
            "to": DATE_TIME,
        },
        {"time_filter": TIME_FILTER},
    ),
    "Sheet": record(
        {
            "header": TEXT,
            "sections": several(schema("Section")),
            "entity_ids": several(INTEGER),
            "additional_field": TEXT,
        }
    ),
    "Section": {"oneOf": list(SECTIONS)},
    "Tracker": record(
        {
            "id": INTEGER,
            "label": TEXT,
            "group_id": INTEGER,
            "source": record(
                {"id": INTEGER, "blocked": FLAG, "tariff_id": INTEGER},
                {"device_id": TEXT, "model": TEXT, "creation_date": TEXT, "phone": TEXT},
            ),
            "tag_bindings": several(OBJECT),
            "clone": FLAG,
        }
    ),
    "Plugin": record(
        {
            "id": INTEGER,
            "type": always("tracker_report"),
            "module": TEXT,
            "ui_module": TEXT,
            "filter": record({"exclusion": FLAG, "values": several(TEXT)}),
        }
    ),
}


def success(**values: Shape) -> Shape:
    """Return the answer of a call that went well."""
    return record({"success": always(True), **values})


NOTHING = success()
QUEUED = success(id=INTEGER)
PROGRESS = success(percent_ready={**COUNT, "maximum": 100})
REPORTS = success(list=several(schema("ReportEntry")))
RETRIEVED = success(report=schema("Report"))
SESSION = success(hash=TEXT)
TRACKERS = success(list=several(schema("Tracker")))
PLUGIN_LIST = success(list=several(schema("Plugin")))
HEALTH = record({"status": always("ok")})
