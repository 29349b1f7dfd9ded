"""File formats: the declaration of one, and the preparation of a report's parts that all of them share."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, ClassVar

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamedPart, StreamPartsRequest
from daybook.rendering.v1 import rendering_service_pb2 as contract
from daybook.rendering.v1.format_options_pb2 import media_type
from daybook.report.v1.sheet_pb2 import Section, Sheet, SheetPart

from services.errors.reports import FileTooLarge
from services.runtime.slices import join


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Choices of the caller about a file.

    `data_only` leaves a table for programs, without titles or anything else. Where `accept_zstd` is set, a format may
    write whole zstd frames, as `writes_zstd` tells. `full` asks for all rows however long the file becomes.
    """

    headless: bool = False
    iso_datetime: bool = False
    data_only: bool = False
    accept_zstd: bool = False
    full: bool = False


class Format(ABC):
    """A kind of file, declared by its class attributes and registered in `formats.registry`."""

    number: ClassVar[contract.Format.ValueType]
    """Its member of the contract's enum; FORMAT_XLSX is called "xlsx" over HTTP and on the command line."""

    suffix: ClassVar[str]
    """The ending of file names, without a dot."""

    streams: ClassVar[bool]
    """True when bytes can be sent as they are written, False when the file counts only once it is whole."""

    time_layout: ClassVar[StreamPartsRequest.Layout.ValueType | None] = None
    """Layout in which reports over time entries are rendered, None where they are refused."""

    from_public_json: ClassVar[bool] = False
    """True when the file is written from the public JSON of parts, False when from their messages."""

    chart_point_limit: ClassVar[int] = 0
    """Most points of each line of a line chart that the file shows, 0 for as many as are stored."""

    zip_ratio: ClassVar[int] = 1
    """Times by which packing may shrink a file; 1 for formats that are packed in themselves."""

    max_cells: int | None = None
    """Most cells of a report in this format, None without a limit."""

    @property
    def media_type(self) -> str:
        """Return the media type of the files, which the contract's enum states."""
        return contract.Format.DESCRIPTOR.values_by_number[self.number].GetOptions().Extensions[media_type]

    def writes_zstd(self, head: ReportHead, options: RenderOptions) -> bool:
        """Return whether a report is written as whole zstd frames, one or more at a time."""
        del head, options
        return False

    def write(self, head: ReportHead, parts: Iterable[StreamedPart], out: BinaryIO, options: RenderOptions) -> None:
        """Write a report to `out`. Synchronous, run in a thread; parts come in order, once.

        Raises FileTooLarge when the format cannot hold it, before any part is read where that is known by then.
        """
        if self.max_cells is not None and head.cell_count > self.max_cells:
            raise FileTooLarge(cell_count=str(head.cell_count), max_cells=str(self.max_cells))
        self._write(head, parts, out, options)

    @abstractmethod
    def _write(self, head: ReportHead, parts: Iterable[StreamedPart], out: BinaryIO, options: RenderOptions) -> None:
        """Write a report that is within the ceiling."""


class SheetFormat(Format):
    """A format that is written from the messages of parts, without hidden columns."""

    def _write(self, head: ReportHead, parts: Iterable[StreamedPart], out: BinaryIO, options: RenderOptions) -> None:
        self._write_sheets(head, visible(joined(map(sheet_part, parts))), out, options)

    @abstractmethod
    def _write_sheets(
        self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions
    ) -> None:
        """Write a report that is within the ceiling. Only tables go on from part to part, other sections are whole."""


def sheet_part(part: StreamedPart) -> SheetPart:
    """Parse the message of a part; its sheet is counted within the report."""
    parsed = SheetPart.FromString(part.message)
    parsed.sheet_index = part.sheet_index
    return parsed


def joined(parts: Iterable[SheetPart]) -> Iterator[SheetPart]:
    """Yield the parts with every section but tables whole, in the part in which it ends."""
    held = Section()  # the section that goes on
    for part in parts:
        if not any(_is_slice(section) for section in part.sheet.sections):
            yield part
            continue
        sections = []
        for section in part.sheet.sections:
            if _is_slice(section) and section.continued:
                join(held, section)
            else:
                held = section
            if section.HasField("table") or not section.unfinished:
                held.continued = held.continued and section.HasField("table")
                sections.append(held)
        shown = SheetPart(sheet_index=part.sheet_index, part_index=part.part_index, last=part.last)
        shown.sheet.MergeFrom(_without_sections(part.sheet))
        shown.sheet.sections.extend(sections)
        yield shown


def _without_sections(sheet: Sheet) -> Sheet:
    return Sheet(
        header=sheet.header,
        time_zone=sheet.time_zone,
        entity_ids=sheet.entity_ids,
        entity_kind=sheet.entity_kind,
        entity_label=sheet.entity_label,
    )


def _is_slice(section: Section) -> bool:
    return (section.continued or section.unfinished) and not section.HasField("table")


def visible(parts: Iterable[SheetPart]) -> Iterator[SheetPart]:
    """Yield the parts without hidden columns."""
    for part in parts:
        if any(column.hidden for section in part.sheet.sections for column in section.table.columns):
            yield _without_hidden(part)
        else:
            yield part


def _without_hidden(part: SheetPart) -> SheetPart:
    shown = SheetPart()
    shown.CopyFrom(part)
    for section in shown.sheet.sections:
        columns = section.table.columns
        for place in reversed([place for place, column in enumerate(columns) if column.hidden]):
            del columns[place]
    return shown


def tables_of(part: SheetPart) -> list[Section]:
    """Return the sections of a part that hold tables."""
    return [section for section in part.sheet.sections if section.HasField("table")]
