"""Schema of a tracker report's JSON, which rendering writes and the gateway passes on (reference section 4)."""

from gateway.shapes.json_schema import (
    COUNT,
    FLAG,
    INTEGER,
    NUMBER,
    TEXT,
    Schema,
    always,
    in_json,
    nullable,
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
CHART_VALUE = record({"v": TEXT}, {"raw": NUMBER})
BAR = record({"x": CHART_VALUE, "bars": table(CHART_VALUE)})
BAR_SERIES = record({"field": TEXT, "title": TEXT, "color": TEXT})
SIMPLE_BAR = record({"title": TEXT, "x": CHART_VALUE})
SLICE = record({"name": TEXT, "v": TEXT, "raw": NUMBER, "percent": NUMBER, "color": TEXT})
POINT: Schema = {"type": "array", "prefixItems": [NUMBER, nullable(NUMBER)], "items": False, "minItems": 2}
GAP: Schema = {"type": "array", "items": NUMBER, "minItems": 2, "maxItems": 2}
LINE_SERIES = record({"name": TEXT, "axis": COUNT, "color": TEXT, "points": several(POINT)})
MARKER = record({"x": NUMBER, "label": TEXT, "kind": one_of(("filling", "drain", ""))})
LANE = record({"event": TEXT, "name": TEXT, "points": several(NUMBER)})
INTERVAL = record({"from": NUMBER, "to": NUMBER, "state": TEXT, "name": TEXT})
HEADER = {"header": TEXT}
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
        {
            "type": always("stacked_bar_chart"),
            "y_axis": record({"label": TEXT}),
            "series": several(BAR_SERIES),
            "data": several(BAR),
        },
        HEADER,
    ),
    record({"type": always("simple_bar_chart"), "bars": several(SIMPLE_BAR)}, HEADER),
    record({"type": always("pie_chart"), "data": several(SLICE)}, HEADER),
    record(
        {
            "type": always("line_chart"),
            "x_axis": record({"type": one_of(("time", "mileage", "number")), "label": TEXT}),
            "y_axes": several(record({"label": TEXT, "unit": TEXT})),
            "series": several(LINE_SERIES),
            "gaps": several(GAP),
            "markers": several(MARKER),
            "thresholds": several(record({"y": NUMBER, "color": TEXT})),
        },
        HEADER,
    ),
    record({"type": always("event_timeline"), "lanes": several(LANE)}, HEADER),
    record({"type": always("interval_chart"), "intervals": several(INTERVAL)}, HEADER),
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
