"""Figures: numbers counted over rows, with how rows are summed up and how the result is shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, MapRow, TotalCell
from numpy.typing import ArrayLike, NDArray

from services.generation.domain.columnar import Floats, Ints
from services.generation.kit.measures import NUMBER, Measure
from services.generation.words.language import Language
from services.generation.words.numbers import half_up

Rows = TypeVar("Rows")
Whole = Literal["sum", "known_sum", "max", "min", "first", "last", "none"]
Record = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True)
class Quotient(Generic[Rows]):
    """A figure divided by another, times a scale: row by row, and of several rows the whole by the whole."""

    over: "Figure[Rows]"
    under: "Figure[Rows]"
    scale: float = 1.0


@dataclass(frozen=True)  # slots would break `Figure[Rows](...)` in Python 3.11
class Figure(Generic[Rows]):
    """A number of a report, declared once.

    Its column, the cells of group totals, the entity's lines, the summary sheet's column and its total follow.

    Args:
        field: Name for programs; never translated.
        title: Name for readers, a msgid; the unit is added.
        values: Values of rows, NaN where unknown, in the measure's own unit; or a quotient of two other figures.
        measure: Unit, rounding and texts of the values.
        whole: Value of several rows together. A "sum" is that of the values as shown, an unknown value counting as 0;
            "known_sum" is unknown where no value is known; "none" leaves totals and lines out.
        line_title: Name in lines, a msgid, when it differs.
        in_rows, in_lines, in_summary: Where the figure is shown.
        hidden: Whether only programs see the column.
        optional: Whether the column is hidden, and its total and line left out, where no value is known.
        unknown_raw: Machine value of an unknown row, for fields that clients read unguarded.
        highlighted: Whether renderers paint the largest and the smallest value.
        short_title: Short form of the title, a msgid, where `words.short_titles` has none.

    """

    field: str
    title: str
    values: Callable[[Rows], ArrayLike] | Quotient[Rows]
    measure: Measure = NUMBER
    whole: Whole = "sum"
    line_title: str = ""
    in_rows: bool = True
    in_lines: bool = True
    in_summary: bool = True
    hidden: bool = False
    optional: bool = False
    unknown_raw: float = np.nan
    highlighted: bool = False
    short_title: str = ""

    @property
    def _is_sum(self) -> bool:
        return self.whole in ("sum", "known_sum") and not isinstance(self.values, Quotient)

    @property
    def is_count(self) -> bool:
        """Whether it counts something, so that without rows it is 0."""
        return self.whole == "sum" and self.measure == NUMBER and not isinstance(self.values, Quotient)

    @property
    def part_count(self) -> int:
        """The number of values that a row or a whole consists of: a quotient keeps both sides."""
        match self.values:
            case Quotient(over, under):
                return over.part_count + under.part_count
            case _:
                return 1

    def parts(self, rows: Rows) -> Floats:
        """Return the parts of each row, an array of rows by parts."""
        match self.values:
            case Quotient(over, under):
                return np.hstack((over.parts(rows), under.parts(rows)))
            case values:
                own: Floats = np.asarray(values(rows), np.float64).ravel()
                return own[:, np.newaxis]

    def gathered(self, language: Language, parts: Floats, starts: Ints) -> Floats:
        """Return the parts of groups of consecutive rows that begin at `starts`."""
        if isinstance(self.values, Quotient):
            over, under = self.values.over, self.values.under
            sides = (over, parts[:, : over.part_count]), (under, parts[:, over.part_count :])
            return np.hstack([side.gathered(language, own, starts) for side, own in sides])
        if not self._is_sum:
            return _reduced(self.whole, parts, starts)
        shown = _reduced(self.whole, self.measure.rounded(language, parts), starts)
        return self.measure.restored(language, half_up(shown, self.measure.exact_decimals))

    def finished(self, parts: Floats) -> Floats:
        """Return the value of each row or whole from its parts."""
        if not isinstance(self.values, Quotient):
            return parts[:, 0]
        over = self.values.over.finished(parts[:, : self.values.over.part_count])
        under = self.values.under.finished(parts[:, self.values.over.part_count :])
        quotient: Floats = np.divide(self.values.scale * over, under, out=np.full(len(parts), np.nan), where=under > 0)
        return quotient

    def column(self, language: Language, parts: Floats) -> Column:
        """Return the column of rows or wholes."""
        measure = self.measure
        raw = measure.rounded(language, self.finished(parts))
        known = ~np.isnan(raw)
        column = Column(
            field=self.field,
            title=measure.titled(language, self.title, ",\n"),
            short_title=self._short_title(language),
            align=Column.ALIGN_RIGHT,
            width=1,
            quantity=measure.quantity(language),
            text=measure.texts(language, raw),
            raw=np.where(known, raw, self.unknown_raw).tolist(),
            hidden=self.hidden or (self.optional and bool(np.isnan(parts).all())),
            highlight_min_max=self.highlighted,
        )
        if known.any():
            column.min_row, column.max_row = int(np.nanargmin(raw)), int(np.nanargmax(raw))
        return column

    def _short_title(self, language: Language) -> str:
        if self.short_title:
            return self.measure.titled(language, self.short_title, ",\n")
        return self.measure.short_titled(language, self.title)

    def cells(self, language: Language, parts: Floats) -> list[TotalCell | None]:
        """Return the cell of each whole in a total, None where it is left out."""
        if self.whole == "none" and not isinstance(self.values, Quotient):
            return [None] * len(parts)
        measure = self.measure.in_totals
        raw = exact = measure.rounded(language, self.finished(parts))
        if self._is_sum:  # exactly what its rows add up to, before it is rounded further
            exact = self.measure.rounded(language, self.finished(parts))
            raw = half_up(exact, measure.exact_decimals)
        unknown: NDArray[np.bool_] = np.all(np.isnan(parts), axis=1)
        values = zip(measure.texts(language, raw), raw.tolist(), exact.tolist(), unknown.tolist(), strict=True)
        return [
            None
            if is_unknown and self.optional
            else TotalCell(
                field=self.field,
                text=text,
                raw=value,
                decimals=measure.decimals,
                exact=None if value == whole or np.isnan(whole) else whole,
            )
            for text, value, whole, is_unknown in values
        ]

    @property
    def as_total(self) -> "Figure[Rows]":
        """The figure with the digits of totals, for tables whose rows are totals themselves."""
        return replace(self, measure=self.measure.in_totals)

    def line(self, language: Language, parts: Floats) -> MapRow | None:
        """Return the line of one whole, None where it is left out."""
        (cell,) = self.cells(language, parts)
        if cell is None:
            return None
        measure = self.measure.in_totals
        name = measure.titled(language, self.line_title or self.title)
        return MapRow(name=name, text=cell.text, raw=cell.raw, quantity=measure.quantity(language), field=self.field)


def count_of(title: str, field: str = "count") -> Figure[Any]:
    """Return the figure that counts rows; the title is a msgid. Rows of its own table do not show it."""
    return Figure(field, title, lambda rows: np.ones(len(rows)), in_rows=False)


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of groups of rows, figure by figure; a group may itself be a row: a day, a zone, an entity."""

    language: Language
    figures: Sequence[Figure[Any]]
    parts: Sequence[Floats]  # of each figure, an array of groups by parts

    @classmethod
    def of(
        cls, language: Language, figures: Sequence[Figure[Rows]], rows: Rows, starts: ArrayLike | None = None
    ) -> "Totals":
        """Return the totals of groups of consecutive rows that begin at `starts`; of all rows together without it."""
        each = cls(language, figures, [figure.parts(rows) for figure in figures])
        return each.together(starts)

    @classmethod
    def of_records(cls, language: Language, figures: Sequence[Figure[Any]], records: Iterable[Record]) -> "Totals":
        """Return the totals kept in records, one group each; a figure that a record lacks is unknown."""
        kept = list(records)
        unknown = [[np.nan] * figure.part_count for figure in figures]
        return cls(
            language,
            figures,
            [
                np.array([record.get(figure.field, other) for record in kept]).reshape(-1, figure.part_count)
                for figure, other in zip(figures, unknown, strict=True)
            ],
        )

    def records(self) -> list[Record]:
        """Return the groups as plain values, for `of_records`."""
        counted = [(figure.field, parts.tolist()) for figure, parts in zip(self.figures, self.parts, strict=True)]
        return [{field: parts[group] for field, parts in counted} for group in range(len(self))]

    def __len__(self) -> int:
        return len(self.parts[0]) if self.parts else 0

    def together(self, starts: ArrayLike | None = None) -> "Totals":
        """Return the totals of groups of consecutive groups that begin at `starts`; of all together without it."""
        begins = np.asarray([0] if starts is None else starts, np.int64)
        gathered = [
            figure.gathered(self.language, parts, begins)
            for figure, parts in zip(self.figures, self.parts, strict=True)
        ]
        return Totals(self.language, self.figures, gathered)

    def columns(self) -> list[Column]:
        """Return the columns of a table whose rows are the groups."""
        counted = zip(self.figures, self.parts, strict=True)
        return [figure.column(self.language, parts) for figure, parts in counted]

    def cells(self) -> list[list[TotalCell]]:
        """Return for each group the cells of its total."""
        counted = zip(self.figures, self.parts, strict=True)
        by_figure = [figure.cells(self.language, parts) for figure, parts in counted]
        return [[cell for cell in cells if cell is not None] for cells in zip(*by_figure, strict=True)]

    def lines(self) -> list[MapRow]:
        """Return the lines of the one group there is."""
        counted = zip(self.figures, self.parts, strict=True)
        lines = [figure.line(self.language, parts) for figure, parts in counted]
        return [line for line in lines if line is not None]


def _reduced(whole: Whole, values: Floats, starts: Ints) -> Floats:
    """Return what the values of each group come to; a group may be empty."""
    ends = np.append(starts[1:], len(values))
    filled = ends > starts
    result = np.full((len(starts), values.shape[1]), 0.0 if whole == "sum" else np.nan)
    if filled.any():
        result[filled] = REDUCTIONS[whole](values, starts[filled], ends[filled])
    return result


def _sum(values: Floats, starts: Ints, _ends: Ints) -> Floats:
    return np.asarray(np.add.reduceat(np.where(np.isnan(values), 0.0, values), starts))


def _known_sum(values: Floats, starts: Ints, ends: Ints) -> Floats:
    known: NDArray[np.bool_] = np.logical_or.reduceat(~np.isnan(values), starts)
    return np.where(known, _sum(values, starts, ends), np.nan)


REDUCTIONS: Mapping[Whole, Callable[[Floats, Ints, Ints], Floats]] = {
    "sum": _sum,
    "known_sum": _known_sum,
    "max": lambda values, starts, _: np.asarray(np.fmax.reduceat(values, starts)),
    "min": lambda values, starts, _: np.asarray(np.fmin.reduceat(values, starts)),
    "first": lambda values, starts, _: values[starts],
    "last": lambda values, _, ends: values[ends - 1],
    "none": lambda values, starts, _: np.full((len(starts), values.shape[1]), np.nan),
}
