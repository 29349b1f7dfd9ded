"""Printed form of tables: times beside their addresses, what all addresses share said once, decimals aligned."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from daybook.report.v1.sheet_pb2 import Column, Quantity, Table

PARTING = " - "  # between a time of day and an address
JOINT = ", "  # between the parts of an address
EXACT_DECIMALS = 2  # up to which all values of a column have as many decimals as it allows
TEXTS = (Quantity.KIND_UNSPECIFIED, Quantity.KIND_TEXT, Quantity.KIND_NAME)


@dataclass(frozen=True, slots=True)
class PrintForm:
    """Form of one table, settled by its first part: the ending that addresses lose, the decimals of its columns."""

    ending: str
    decimals: dict[str, int]
    symbol: str

    @classmethod
    def of(cls, table: Table, symbol: str) -> "PrintForm":
        """Return the form of a table from its first part; `symbol` is the language's decimal separator."""
        decimals = {column.field: _decimals(column, symbol) for column in table.columns}
        return cls(_shared_ending(_addresses(table)), decimals, symbol)

    @property
    def place(self) -> str:
        """Ending that all addresses share, such as "Texas, United States"; empty for nothing."""
        return self.ending.removeprefix(JOINT)

    def apply(self, table: Table, printed: Table) -> None:
        """Fill in a part of the table as it is printed."""
        printed.header, printed.upright = table.header, table.upright
        printed.groups.extend(table.groups)
        names: dict[str, list[str]] = {}
        for column in table.columns:
            made = self._columns(column)
            names[column.field] = [one.field for one in made]
            printed.columns.extend(made)
        for group in table.column_groups:
            printed.column_groups.add(
                title=group.title, fields=[name for field in group.fields for name in names.get(field, [])]
            )

    def _columns(self, column: Column) -> list[Column]:
        if column.quantity.kind == Quantity.KIND_MOMENT_WITH_ADDRESS:
            return self._parted(column)
        texts: Iterable[str]
        if _has_places(column):
            texts = self._shortened(column.text)
        elif self.decimals.get(column.field):
            texts = _aligned(column.text, self.decimals[column.field], self.symbol)
        else:
            return [column]
        return [_with_texts(column, texts)]

    def _parted(self, column: Column) -> list[Column]:
        """Return a column of moments and one of their addresses."""
        times, addresses = [], []
        for text in column.text:
            time, _, address = text.partition(PARTING)
            times.append(time)
            addresses.append(address)
        time_column = _with_texts(column, times)
        time_column.quantity.kind, time_column.width, time_column.weight = Quantity.KIND_MOMENT, 1, 0
        address_column = Column(
            field=f"{column.field}{PARTING}",
            title=column.address_title or column.title,
            align=Column.ALIGN_LEFT,
            width=column.width,
            weight=column.weight,
            quantity=Quantity(kind=Quantity.KIND_TEXT),
            text=self._shortened(addresses),
        )
        return [time_column, address_column]

    def _shortened(self, addresses: Iterable[str]) -> list[str]:
        return [one.removesuffix(self.ending) for one in addresses] if self.ending else list(addresses)


def is_text(column: Column) -> bool:
    """Return whether the cells of a column are words, which may be broken over lines."""
    return column.quantity.kind in TEXTS and not column.quantities.row


def missing_decimals(text: str, decimals: int, symbol: str) -> str:
    """Return what a number lacks to so many decimals, such as ".00"."""
    whole, _, fraction = text.partition(symbol)
    if not text or not text[-1].isdigit() or len(fraction) >= decimals:
        return ""
    return ("" if len(whole) < len(text) else symbol) + "0" * (decimals - len(fraction))


def _with_texts(column: Column, texts: Iterable[str]) -> Column:
    """Return a column with other texts, as far as printing needs it."""
    made = Column(
        field=column.field,
        title=column.title,
        short_title=column.short_title,
        align=column.align,
        width=column.width,
        weight=column.weight,
        highlight_min_max=column.highlight_min_max,
        quantity=column.quantity,
        text=texts,
        warning_rows=column.warning_rows,
    )
    if column.HasField("min_row"):
        made.min_row, made.max_row = column.min_row, column.max_row
    return made


def _has_places(column: Column) -> bool:
    return bool(column.places.row) and is_text(column)


def _addresses(table: Table) -> list[str]:
    """Return all addresses of a table."""
    found: list[str] = []
    for column in table.columns:
        if column.quantity.kind == Quantity.KIND_MOMENT_WITH_ADDRESS or _has_places(column):
            found.extend(filter(None, column.places.address))
    return found


def _shared_ending(addresses: Sequence[str]) -> str:
    """Return what all addresses end with, whole parts with the comma before them; each keeps at least its first."""
    if len(addresses) < 2:  # noqa: PLR2004  one shares nothing
        return ""
    distinct = [*dict.fromkeys(addresses)]
    shared = distinct[0].split(JOINT)[1:]
    for address in distinct[1:]:
        parts = address.split(JOINT)[1:]
        count = 0
        for own, other in zip(reversed(shared), reversed(parts), strict=False):
            if own != other:
                break
            count += 1
        shared = shared[len(shared) - count :]
        if not shared:
            return ""
    return "".join(JOINT + part for part in shared)


def _decimals(column: Column, symbol: str) -> int:
    """Return the decimals that all values of a column are printed with, 0 for as many as they have."""
    if column.quantity.kind != Quantity.KIND_NUMBER or column.quantities.row or not column.quantity.decimals:
        return 0
    most = max((len(text.partition(symbol)[2]) for text in column.text), default=0)
    return column.quantity.decimals if 0 < most <= column.quantity.decimals <= EXACT_DECIMALS else most


def _aligned(texts: Iterable[str], decimals: int, symbol: str) -> list[str]:
    known: dict[str, str] = {}
    return [
        known.get(text) or known.setdefault(text, text + missing_decimals(text, decimals, symbol)) for text in texts
    ]
