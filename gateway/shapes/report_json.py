"""Schema of a tracker report's JSON, which rendering writes and the gateway passes on (reference section 4)."""

from gateway.shapes.json_schema import (
    FLAG,
    INTEGER,
    NUMBER,
    TEXT,
    Schema,
    always,
    in_json,
    one_of,
    record,
    ref,
    several,
    table,
)
from gateway.shapes.tracker_responses import DATE_TIME, TIME_FILTER

LOCATION = record({"lat": NUMBER, "lng": NUMBER})
CELL = record({"v": TEXT, "type": always("value")}, {"raw": NUMBER, "location": LOCATION})
TOTAL: Schema = {
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

SCHEMAS: dict[str, Schema] = {
    "Report": record(
        {
            "created": DATE_TIME,
            "title": TEXT,
            "id": INTEGER,
            "sheets": several(ref("Sheet")),
            "from": DATE_TIME,
            "to": DATE_TIME,
        },
        {"time_filter": TIME_FILTER.schema},
    ),
    "Sheet": record(
        {
            "header": TEXT,
            "sections": several(ref("Section")),
            "entity_ids": several(INTEGER),
            "additional_field": TEXT,
        }
    ),
    "Section": {"oneOf": list(SECTIONS)},
}
RETRIEVED = in_json(record({"success": always(True), "report": ref("Report")}))
