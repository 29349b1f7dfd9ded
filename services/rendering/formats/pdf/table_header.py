"""Header of a table: titles of columns, and over them titles of column groups."""

from itertools import groupby

from daybook.report.v1.sheet_pb2 import Column, Table

from services.rendering import theme
from services.rendering.formats.hyphenation import heading_lines, title_lines
from services.rendering.formats.pdf.cell_text_ops import TextAnchor, anchored
from services.rendering.formats.pdf.column_widths import PAD, Slot, TableShape
from services.rendering.formats.pdf.grid import SPACE, TableHeader, full_width
from services.rendering.formats.pdf.pages import Page, TextStyle
from services.rendering.formats.pdf.structure import COLUMN_HEAD, Element

Span = tuple[Slot, list[str]]  # a slot and the lines of the title in it


def table_head(table: Table, shape: TableShape, style: TextStyle, locale: str) -> TableHeader:
    """Return the header of a table: group titles above their columns, column titles standing on the rows."""
    leading = style.leading
    titles = [_titles(table, slots, style, locale) for slots in shape.panels]
    groups = [_groups(table, slots, style, locale) for slots in shape.panels]
    title_lines = max((len(lines) for spans in titles for _, lines in spans), default=1)
    group_lines = max((len(lines) for spans in groups for _, lines in spans), default=0)
    group_height = group_lines * leading + 2 * SPACE if group_lines else 0.0
    height = group_height + title_lines * leading + 3 * SPACE

    def draw(page: Page, slots: tuple[Slot, ...], top: float, of_table: Element | None) -> None:
        panel = shape.panels.index(slots)
        whole = full_width(slots)
        left, right = whole.left, whole.right
        page.fill(left, top, (right - left, height), theme.HEAD_FILL)
        row = _row(page, of_table) if groups[panel] else None
        for slot, lines in groups[panel]:
            with page.tagged(_head(page, row, lines)):
                _write(page, TextAnchor(slot, Column.ALIGN_CENTER, style.em), lines, top + SPACE, style)
            page.rules(slot.left + PAD, slot.right - PAD, [top + group_height - SPACE / 2], theme.ACCENT, 0.5)
        row = _row(page, of_table)
        for slot, lines in titles[panel]:
            first = top + height - 1.5 * SPACE - len(lines) * leading
            with page.tagged(_head(page, row, lines)):
                _write(page, anchored(slot, table.columns[slot.index].align, style), lines, first, style)
        page.rules(left, right, [top + height], theme.ACCENT, 0.9)

    return TableHeader(height, draw)


def _row(page: Page, table: Element | None) -> Element | None:
    return page.structure.add("TR", table) if page.structure and table else None


def _head(page: Page, row: Element | None, lines: list[str]) -> Element | None:
    if page.structure is None or row is None:
        return None
    head = page.structure.add("TH", row, attributes=COLUMN_HEAD)
    head.said = " ".join(lines).replace("- ", "")
    return head


def _titles(table: Table, slots: tuple[Slot, ...], style: TextStyle, locale: str) -> list[Span]:
    columns = [table.columns[slot.index] for slot in slots]
    return [
        (slot, title_lines((column.title, column.short_title), locale, slot.width - 2 * PAD, style.width))
        for slot, column in zip(slots, columns, strict=True)
    ]


def _groups(table: Table, slots: tuple[Slot, ...], style: TextStyle, locale: str) -> list[Span]:
    """Return the column groups of a panel: where their columns stand side by side, and the lines of their titles."""
    titles = {field: group.title for group in table.column_groups for field in group.fields}
    spans = []
    for title, run in groupby(slots, lambda slot: titles.get(table.columns[slot.index].field, "")):
        columns = list(run)
        if title:
            span = full_width(columns)
            spans.append((span, heading_lines(title, locale, span.width - 2 * PAD, style.width)))
    return spans


def _write(page: Page, edge: TextAnchor, lines: list[str], top: float, style: TextStyle) -> None:
    """Write lines below one another, the first hanging from `top`."""
    leading = style.leading
    for number, line in enumerate(lines):
        base = top + (number + 0.5) * leading + style.size * 0.36
        page.text(edge.x(style.face.width(line)), base, line, style)
