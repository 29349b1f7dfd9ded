"""Parts of a report without the rows of its tables, for a PDF that would have too many pages."""

from daybook.report.v1.sheet_pb2 import Column, Section, SheetPart, Table

from services.rendering.formats.pdf.page_estimate import PageEstimate, is_row_table

MOST_SUMS = 1_000  # of groups; where there are more, the sums of whole tables stand alone


def without_rows(part: SheetPart, estimate: PageEstimate) -> SheetPart:
    """Return a part in which row tables have their sums alone, and those without sums are left out."""
    kept = SheetPart(sheet_index=part.sheet_index, part_index=part.part_index, last=part.last)
    kept.sheet.header, kept.sheet.time_zone = part.sheet.header, part.sheet.time_zone
    kept.sheet.entity_ids.extend(part.sheet.entity_ids)
    for section in part.sheet.sections:
        if not section.HasField("table") or not is_row_table(section.table):
            kept.sheet.sections.append(section)
            continue
        table = _sums_of(section.table, keeps_groups=estimate.sum_count <= MOST_SUMS)
        if table.groups:
            kept.sheet.sections.append(Section(table=table))
    return kept


def _sums_of(table: Table, *, keeps_groups: bool) -> Table:
    """Return a table without rows."""
    sums = Table(header=table.header, is_summary=table.is_summary)
    sums.columns.extend(map(_emptied, table.columns))
    sums.column_groups.extend(table.column_groups)
    for group in table.groups:
        if group.HasField("total") and (keeps_groups or not group.header):
            sums.groups.add(header=group.header, total=group.total)
    return sums


def _emptied(column: Column) -> Column:
    return Column(
        field=column.field,
        title=column.title,
        address_title=column.address_title,
        align=column.align,
        width=column.width,
        weight=column.weight,
        quantity=column.quantity,
    )
