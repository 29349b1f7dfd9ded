"""Groups of a table's rows as all formats read them."""

from daybook.report.v1.sheet_pb2 import RowGroup, Table


def groups_of(table: Table) -> list[RowGroup]:
    """Return the groups of a table; rows that none of them counts follow as a group without a name."""
    rows = len(table.columns[0].text) if table.columns else 0
    rest = rows - sum(group.row_count for group in table.groups)
    return [*table.groups, RowGroup(row_count=rest)] if rest > 0 else list(table.groups)
