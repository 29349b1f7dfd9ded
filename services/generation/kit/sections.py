"""Sections of a sheet: tables, lines of a summary, sentences."""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import nan
from typing import Any, TypeVar

from daybook.report.v1.sheet_pb2 import (
    CellQuantities,
    Column,
    ColumnGroup,
    MapRow,
    MapTable,
    Quantity,
    RowGroup,
    RowTrack,
    Section,
    Table,
    Text,
    Total,
    TotalCell,
)

from services.generation.domain.silences import Silences
from services.generation.kit.columns import text
from services.generation.kit.figures import Figure, Totals
from services.generation.kit.groups import Groups
from services.generation.kit.measures import ODOMETER
from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN

IN_TOTAL = _("In total:")
SUMMARY = _("Summary")
NO_DATA = _("No data found for the selected period")
UNIDENTIFIED, DRIVER = _("Unidentified driver"), _("Driver")
SILENCE = _("No data for {duration}, {distance}")

TRACKER_FIELD = "tracker"  # of the column of trackers' names in tables about several
ENTITY = "entity"  # of a summary row: the id and the name of what it is about

Rows = TypeVar("Rows")


def table(
    language: Language,
    header: str,
    columns: Sequence[Column | Figure[Rows]],
    rows: Rows,
    groups: Groups,
) -> Section:
    """Return a table of rows; figures among its columns give the totals of its groups."""
    figures = [column for column in columns if isinstance(column, Figure) and column.in_rows]
    shown = [
        column if isinstance(column, Column) else column.column(language, column.parts(rows))
        for column in columns
        if isinstance(column, Column) or column.in_rows
    ]
    cells = Totals.of(language, figures, rows, groups.starts).cells() if groups.with_totals else []
    return columns_table(language, header, shown, groups, cells)


def columns_table(
    language: Language,
    header: str,
    columns: Sequence[Column],
    groups: Groups | None = None,
    cells: Sequence[Sequence[TotalCell]] = (),
) -> Section:
    """Return a table of finished columns, in one group without a header unless groups are given.

    `cells` are those of each group's total; there are no totals without them.
    """
    known = groups or Groups.single(len(columns[0].text) if columns else 0)
    row_groups = [
        RowGroup(header=group_header, row_count=int(count), date=day, label=label)
        for count, (group_header, day, label) in zip(known.counts, known.names, strict=True)
    ]
    for group, total in zip(row_groups, cells, strict=False):
        group.total.CopyFrom(Total(text=language.t(IN_TOTAL), cells=total))
    return Section(table=Table(header=header, columns=columns, groups=row_groups))


def over_columns(section: Section, titles: Mapping[str, Sequence[str]]) -> Section:
    """Return a table with titles over neighbouring columns: the fields of each by its translated text."""
    section.table.column_groups.extend(ColumnGroup(title=title, fields=fields) for title, fields in titles.items())
    return section


def of_driver(language: Language, section: Section, header: str) -> Section:
    """Return a table of the rows of one driver, whose name is its header."""
    name = "" if header == language.t(UNIDENTIFIED) else header
    section.table.facts.add(field="driver", title=language.t(DRIVER), text=name)
    return section


def summing(section: Section) -> Section:
    """Return a table whose rows sum up those of others, so that programs are spared it."""
    section.table.is_summary = True
    return section


def mark_row_track(table: Table, *, has_own_tracker: bool) -> None:
    """Declare which stretch of a tracker's way each row of a table is about, where an end names its start.

    Without a tracker of the sheet's own a column of trackers must tell it.
    """
    by_field = {column.field: column for column in table.columns}
    tracker = by_field.get(TRACKER_FIELD)
    if not has_own_tracker and (tracker is None or tracker.quantity.kind != Quantity.KIND_NAME):
        return
    for column in table.columns:
        if column.start_field in by_field and not table.is_summary:
            tracker_field = "" if has_own_tracker else TRACKER_FIELD
            track = RowTrack(start_field=column.start_field, end_field=column.field, tracker_field=tracker_field)
            table.row_track.CopyFrom(track)
            return


def mark_as_summary(table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Mark a table of a summary sheet; the ids of its rows' entities are found by the names in its first column."""
    table.is_summary = True
    entities = [row[ENTITY] for row in rows if ENTITY in row]
    names = list(table.columns[0].text) if table.columns else []
    ids = [entity_id for entity_id, _label in entities]
    if names != [label for _id, label in entities]:
        counted = Counter(label for _id, label in entities)
        known = {label: entity_id for entity_id, label in entities if counted[label] == 1}
        ids = [known.get(name, 0) for name in names]
    if any(ids):
        table.row_entity_ids.extend(ids)


def lines(language: Language, figures: Sequence[Figure[Rows]], rows: Rows) -> list[MapRow]:
    """Return the lines of what all rows come to."""
    return Totals.of(language, [figure for figure in figures if figure.in_lines], rows).lines()


def lines_table(header: str, rows: Sequence[MapRow]) -> Section:
    """Return named values, one a line."""
    return Section(map_table=MapTable(header=header, rows=rows))


def figures_table(header: str, title: str, wholes: Totals, names: Mapping[str, str]) -> Section:
    """Return a table with a row for each figure and a column for each group, by its field and translated title.

    `title` is the msgid over the names of the figures.
    """
    language, figures = wholes.language, wholes.figures
    rows = [figure.measure.titled(language, figure.line_title or figure.title) for figure in figures]
    by_figure = [figure.cells(language, parts) for figure, parts in zip(figures, wholes.parts, strict=True)]
    quantities = CellQuantities(
        row=range(len(figures)),
        index=range(len(figures)),
        quantities=[figure.measure.in_totals.quantity(language) for figure in figures],
    )
    columns = [text(language, "metric", title, rows)]
    for group, (field, name) in enumerate(names.items()):
        cells = [cells[group] or TotalCell(text=UNKNOWN, raw=nan) for cells in by_figure]
        columns.append(
            Column(
                field=field,
                title=name,
                align=Column.ALIGN_RIGHT,
                width=1,
                quantities=quantities,
                text=[cell.text for cell in cells],
                raw=[cell.raw for cell in cells],
            )
        )
    return summing(columns_table(language, header, columns))


def sentence(words: str, *, small: bool = False) -> Section:
    """Return a paragraph, in small print where asked for."""
    return Section(text=Text(text=words, style=Text.STYLE_SMALL_PRINT if small else Text.STYLE_UNSPECIFIED))


def silence_note(language: Language, silences: Silences) -> list[Section]:
    """Return the small print that sums up silences without data: their time and the way in them; none without any."""
    if not len(silences):
        return []
    (duration,) = language.durations([(silences.end_ms - silences.start_ms).sum() / 1000])
    (km,) = ODOMETER.texts(language, ODOMETER.rounded(language, [silences.length_km.sum()]))
    distance = f"{km} {ODOMETER.unit_text(language)}"
    return [sentence(language.t(SILENCE).format(duration=duration, distance=distance), small=True)]
