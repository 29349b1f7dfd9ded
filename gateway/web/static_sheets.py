"""Sheets as rows and cells for documents that need no script: the first rows of each, with groups and totals."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import orjson
from daybook.report.v1.sheet_pb2 import Section, SheetPart

from gateway.web.sheet_json import Rows, pieces_json
from services.runtime.slices import Slicer

FIRST_ROWS = 500
DRAWN = ("line_chart", "interval_chart")

Json = dict[str, Any]


@dataclass(slots=True)
class RowGroup:
    """Consecutive rows of a table under a header, and the texts of their sum by column; empty without one."""

    header: str
    rows: list[Sequence[str]]
    total_text: str = ""
    total: list[str] = field(default_factory=list)


@dataclass(slots=True)
class StaticSection:
    """Section of a sheet: `kind` says which of the other fields it has; `data` is what modules draw a chart of."""

    kind: str
    header: str
    columns: list[Json] = field(default_factory=list)
    groups: list[RowGroup] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    text: str = ""
    data: str = ""


@dataclass(slots=True)
class StaticSheet:
    """Sheet with its sections, and whether it has more rows than are shown."""

    sections: list[StaticSection] = field(default_factory=list)
    has_more: bool = False


def static_sheet(parts: Sequence[bytes]) -> StaticSheet:
    """Return the first 500 rows of a sheet from its serialized parts, in order; these may hold more.

    Points and intervals of charts are no rows here: only the names of these charts are shown.
    """
    shown, left, has_more = list[Json](), FIRST_ROWS, False
    for message in parts:
        part = SheetPart.FromString(message)
        row = part.first_row
        for place, section in enumerate(part.sheet.sections, start=part.first_section):
            length, is_drawn = Slicer(section).length, _is_drawn(section)
            count = min(length, 1 if is_drawn else left)
            if count or not length:
                shown += map(orjson.loads, pieces_json(message, Rows(row, count), place))
            if not is_drawn:
                left, has_more = left - count, has_more or count < length
            row += length
    return StaticSheet([_section(same) for same in _by_place(shown)], has_more)


def row_count(message: bytes) -> int:
    """Return how many rows of a serialized part a document shows."""
    sections = SheetPart.FromString(message).sheet.sections
    return sum(Slicer(section).length for section in sections if not _is_drawn(section))


def _is_drawn(section: Section) -> bool:
    return section.WhichOneof("content") in DRAWN


def _by_place(pieces: Iterable[Json]) -> Iterator[list[Json]]:
    """Yield the pieces of each section."""
    known: dict[int, list[Json]] = {}
    for piece in pieces:
        known.setdefault(piece["place"], []).append(piece)
    yield from (same for _, same in sorted(known.items()))


def _section(pieces: list[Json]) -> StaticSection:
    first = pieces[0]
    kind, header = first["type"], first.get("header", "")
    match kind:
        case "table":
            groups = [group for piece in pieces for group in _groups(piece)]
            return StaticSection(kind, header, columns=_shown(first), groups=groups)
        case "map_table":
            return StaticSection(kind, header, rows=[row for piece in pieces for row in piece["rows"]])
        case "text":
            return StaticSection(kind, "", text="".join(piece["text"] for piece in pieces))
        case "chart":
            return StaticSection(kind, header, columns=first["series"], rows=_chart_rows(first), data=_text(first))
        case _:
            return StaticSection(kind, header)


def _shown(table: Json) -> list[Json]:
    return [column for column in table["columns"] if not column.get("hidden")]


def _groups(table: Json) -> Iterator[RowGroup]:
    columns = _shown(table)
    rows = zip(*(column["text"] for column in columns), strict=True)
    fields = [column["field"] for column in columns]
    for group in table["groups"] or [{"header": "", "row_count": table["row_count"]}]:
        total = group.get("total") or {}
        cells = total.get("cells", {})
        texts = [cells.get(name, "") for name in fields] if total else []
        yield RowGroup(group["header"], list(islice(rows, group["row_count"])), total.get("text", ""), texts)


def _chart_rows(chart: Json) -> list[list[str]]:
    """Return the values of a chart by category, in the words of the report where it has them."""
    series, kind = chart["series"], chart["quantity"]["kind"]
    common = chart["labels"] if len(series) == 1 else []  # of several series they tell the sums
    lists = [one["labels"] or common or [_plain(value, kind) for value in one["values"]] for one in series]
    return [list(row) for row in zip(chart["categories"], *lists, strict=False)]


def _plain(value: float | None, kind: str) -> str:
    if value is None:
        return "\N{EM DASH}"
    if kind == "duration":
        minutes = round(value / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return f"{value:g}"


def _text(piece: Json) -> str:
    return orjson.dumps(piece).decode()
