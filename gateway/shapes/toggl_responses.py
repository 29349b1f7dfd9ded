"""Shapes of reports over time entries, keys in the published order (reference sections 6 to 10)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from daybook.savedreport.v1 import time_report_pb2
from daybook.savedreport.v1.saved_report_service_pb2 import RunReportResponse
from daybook.savedreport.v1.time_report_pb2 import Dictionaries, GraphBucket, ReportInfo
from google.protobuf.descriptor import EnumDescriptor

from gateway.shapes.json_schema import (
    COUNT,
    DAY,
    FLAG,
    INTEGER,
    MOMENT,
    NULL,
    NUMBER,
    OBJECT,
    TEXT,
    Schema,
    always,
    nullable,
    record,
    ref,
    several,
    table,
)
from gateway.shapes.shape import (
    HOLE,
    Envelope,
    Json,
    Key,
    Shape,
    alphabetical,
    components,
    computed,
    constant,
    each,
    fields,
    nonempty,
    omitted,
    one,
    optional,
    value,
    word,
    words_of,
)
from services.runtime.codec import object_of

HOUR_S = 3600
SEVEN: Schema = {"type": "array", "items": INTEGER, "minItems": 7, "maxItems": 7}


@dataclass(slots=True)
class ReportStart:
    """Beginning of a report's stream: everything before the rows, and the first message with rows."""

    info: ReportInfo
    dictionaries: list[Dictionaries] = field(default_factory=list)
    filters: list[Dictionaries] = field(default_factory=list)
    rows: RunReportResponse | None = None


RATE = Shape("Rate", alphabetical(fields(time_report_pb2.Rate)))
RATES = value(nullable(several(RATE.ref)), "rates", RATE.write_all)
HIDDEN_RATES = constant(None, RATES.schema)

ENTRY_TIMES = {name: value(MOMENT) for name in ("at", "at_tz", "start", "stop")}
ENTRY = Shape("", alphabetical(fields(time_report_pb2.RowEntry, **ENTRY_TIMES)))
NAMED_ROW = Shape("NamedRow", alphabetical(fields(time_report_pb2.DetailedRow, time_entries=each(ENTRY))))
NAMES = ("client_name", "email", "project_color", "project_hex", "project_name", "tag_names", "task_name")
ROW = Shape("Row", {name: key for name, key in NAMED_ROW.keys.items() if name not in NAMES})
WEEKLY_ROW = Shape(
    "WeeklyRow",
    alphabetical(
        fields(
            time_report_pb2.WeeklyRow,
            billable_amounts_in_cents=value(nullable(SEVEN), convert=lambda amounts: list(amounts) or None),
            billable_seconds=value(SEVEN, convert=list),
            seconds=value(SEVEN, convert=list),
        )
    ),
)
PROJECT_ROW = Shape("ProjectRow", alphabetical(fields(time_report_pb2.ProjectRow)))


def _budget_key(name: str) -> Key:
    def found(source: Any) -> int | None:
        return getattr(source.budget, name) if source.budget.HasField(name) else None

    return omitted(INTEGER, "", found)


BUDGET_KEYS = {name: _budget_key(name) for name in time_report_pb2.BudgetUse.DESCRIPTOR.fields_by_name}
SUB_GROUP = Shape(
    "SubGroup",
    fields(
        time_report_pb2.SubGroup,
        *(name for name in time_report_pb2.SubGroup.DESCRIPTOR.fields_by_name if name != "budget"),
        rates=RATES,
        ids=omitted(several(INTEGER), convert=lambda ids: list(ids) if ids else None),
    )
    | BUDGET_KEYS,
)


def _names(group: time_report_pb2.SummaryGroup) -> list[str]:
    if group.HasField("tags"):
        return list(group.tags.names)
    return [group.name] if group.name else []


GROUP = Shape(
    "Group",
    fields(time_report_pb2.SummaryGroup, "id")
    | {
        "ids": omitted(several(INTEGER), "", lambda group: list(group.tags.ids) if group.HasField("tags") else None),
        "names": computed(several(TEXT), _names),
    }
    | fields(time_report_pb2.SummaryGroup, "project_color", "project_hex_color")
    | BUDGET_KEYS
    | {"sub_groups": constant([HOLE], several(SUB_GROUP.ref))},
)
GROUPS = Shape("Groups", {"groups": constant([HOLE], several(GROUP.ref))})


def _by_rate(bucket: GraphBucket) -> dict[str, int] | None:
    return {str(place): bucket.by_rate[place] for place in sorted(bucket.by_rate)} or None


NO_COST = {"labour_cost_in_cents": constant(None, NULL)}
BUCKET_KEYS = fields(GraphBucket, by_rate=computed(nullable(table(COUNT)), _by_rate))
TOTALS_KEYS = fields(
    time_report_pb2.Totals,
    graph=each(Shape("", alphabetical(BUCKET_KEYS | NO_COST))),
    rates=RATES,
    resolution=word(time_report_pb2.Resolution.DESCRIPTOR),
    tracked_days=value(COUNT),
)
TOTALS = Shape("Totals", alphabetical(TOTALS_KEYS | NO_COST))
WITHOUT_AMOUNTS = {shape.name: Shape(shape.name, shape.keys | {"rates": HIDDEN_RATES}) for shape in (SUB_GROUP, TOTALS)}

REPORT_TYPES = words_of(time_report_pb2.TimeReportType.DESCRIPTOR)
SUMMARY = time_report_pb2.TimeReportType.TIME_REPORT_TYPE_SUMMARY
REFERENCE = nonempty(TEXT)
ARCHIVED = omitted(FLAG)  # told of those that are
PROJECT = time_report_pb2.ProjectEntry
ENTITIES = {  # by the field of the message
    "clients": Shape(
        "", fields(time_report_pb2.ClientEntry, "id", "name", external_reference=REFERENCE, archived=ARCHIVED)
    ),
    "projects": Shape(
        "",
        fields(PROJECT, "id", "name", "client_id", "color", "currency")
        | {"actual_hours": optional(COUNT, "actual_seconds", lambda seconds: seconds // HOUR_S)}
        | fields(PROJECT, "actual_seconds")
        | {"estimated_hours": optional(COUNT, "estimated_seconds", lambda seconds: seconds // HOUR_S)}
        | fields(PROJECT, "estimated_seconds")
        | {"fixed_fee": optional(NUMBER, "fixed_fee_cents", lambda cents: cents / 100)}
        | {name: nonempty(TEXT) for name in ("start_date", "end_date", "external_reference")}
        | {"archived": ARCHIVED},
    ),
    "tags": Shape("", fields(time_report_pb2.NamedEntry)),
    "tasks": Shape("", fields(time_report_pb2.TaskEntry)),
    "user_groups": Shape("", fields(time_report_pb2.NamedEntry)),
    "users": Shape("", fields(time_report_pb2.UserEntry, avatar_url=nonempty(TEXT), labour_cost=constant(None, NULL))),
}


def dictionaries(parts: Iterable[Dictionaries]) -> Json:
    """Return the entities behind the ids of a report, keyed by the id as a string (reference section 10)."""
    parts = list(parts)
    return {
        name: {str(entity.id): shape.write(entity) for part in parts for entity in getattr(part, name)}
        for name, shape in ENTITIES.items()
    }


DICTIONARIES = {name: table(shape.schema) for name, shape in ENTITIES.items()}
RESULTS: dict[str, Key] = {  # the rows of a saved report, to be filled in
    "detailed": constant([HOLE], several(NAMED_ROW.ref)),
    "summary": constant({"groups": [HOLE]}, GROUPS.ref),
    "weekly": constant([HOLE], several(WEEKLY_ROW.ref)),
}


def _results(kind: str, report_type: str, totals: Shape) -> Key:
    if kind != report_type:
        return constant(None, NULL)
    return one(Shape("", {"report": RESULTS[kind], "totals": one(totals, "info.totals")}), "")


def _saved_report_run(report_type: str, totals: Shape) -> Shape:
    """Return a saved report as it is run: the results of its kind are filled and the others null."""
    return Shape(
        "",
        alphabetical(
            {
                **{f"{kind}_results": _results(kind, report_type, totals) for kind in RESULTS},
                "dictionaries": computed(
                    record({**DICTIONARIES, "filters": record(DICTIONARIES)}),
                    lambda start: dictionaries(start.dictionaries) | {"filters": dictionaries(start.filters)},
                ),
                "features": value(table(FLAG), "info.features", lambda features: dict(sorted(features.items()))),
                **{name: value(FLAG, f"info.{name}") for name in ("fixed_daterange", "hide_amounts", "public")},
                **{name: value(OBJECT, f"info.{name}", object_of) for name in ("input_params", "saved_params")},
                **{name: value(TEXT, f"info.{name}") for name in ("report_name", "workspace_logo")},
                "is_commenting_enabled": constant(False, FLAG),
                "report_type": constant(report_type, always(report_type)),
            }
        ),
    )


SAVED_REPORT_RUNS = {
    (kind, hidden): _saved_report_run(kind, WITHOUT_AMOUNTS["Totals"] if hidden else TOTALS)
    for kind in RESULTS
    for hidden in (False, True)
}


def saved_report_envelope(start: ReportStart) -> Envelope:
    """Return everything that reference section 6 puts around the rows of a saved report."""
    return SAVED_REPORT_RUNS[REPORT_TYPES[start.info.report_type], start.info.hide_amounts].envelope(start)


def bare_envelope(start: ReportStart) -> Envelope:
    """Return the brackets around the rows or groups of a workspace's report."""
    return GROUPS.envelope(None) if start.info.report_type == SUMMARY else Envelope(b"[", b"]")


def totals(info: ReportInfo) -> Json:
    """Return the sums of a report (reference section 9)."""
    return (WITHOUT_AMOUNTS["Totals"] if info.hide_amounts else TOTALS).write(info.totals)


def _next(name: str) -> Key:
    told = {**INTEGER, "description": "Where the next page begins"}
    return omitted(told, "", lambda info: getattr(info.next_page, name) if info.HasField("next_page") else None)


def _grouping(name: str, enum: EnumDescriptor) -> Key:
    told = {**TEXT, "description": "Grouping of a summary"}
    return omitted(told, name, words_of(enum).get)


HEADERS = Shape(
    "",
    {
        "X-Range-Start": value({**DAY, "description": "First day of the report"}, "start_date"),
        "X-Range-End": value({**DAY, "description": "Last day of the report"}, "end_date"),
        "X-Next-ID": _next("id"),
        "X-Next-Row-Number": _next("row_number"),
        "X-Next-Timestamp": _next("timestamp"),
        "X-Grouping": _grouping("grouping", time_report_pb2.Grouping.DESCRIPTOR),
        "X-Sub-Grouping": _grouping("sub_grouping", time_report_pb2.SubGrouping.DESCRIPTOR),
    },
)


def headers(info: ReportInfo) -> dict[str, str]:
    """Return the headers of a report: the dates it covers, where its next page begins, the grouping of a summary."""
    return {name: str(found) for name, found in HEADERS.write(info).items()}


ROWS: dict[str, Schema] = {  # of a workspace's report, by the word in the path
    "search": {"anyOf": [several(ROW.ref), several(NAMED_ROW.ref)]},
    "summary": GROUPS.ref,
    "weekly": several(WEEKLY_ROW.ref),
}
SCHEMAS = components(RATE, TOTALS, ROW, NAMED_ROW, GROUPS, GROUP, SUB_GROUP, WEEKLY_ROW, PROJECT_ROW) | {
    "RanReport": {"oneOf": [SAVED_REPORT_RUNS[kind, False].schema for kind in RESULTS]}
}
RAN_REPORT = ref("RanReport")
