"""What every format is: a suffix, a media type, and a way to write a report that comes part by part."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart


def visible(parts: Iterable[SheetPart]) -> Iterator[SheetPart]:
    """Yield the parts without the columns that people do not see."""
    for part in parts:
        tables = [section.table for section in part.sheet.sections if section.HasField("table")]
        if any(column.hidden for table in tables for column in table.columns):
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


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What the asker chose about the file; `bare` is a table for programs, without titles or anything around it."""

    headless: bool = False
    iso_datetime: bool = False
    bare: bool = False


class Format(Protocol):
    """One kind of file. `write` is plain synchronous code, run in a thread; parts come in order, once."""

    suffix: str
    media_type: str
    streams: bool  # True: what is written can be sent at once. False: the file counts only when it is whole.

    def write(self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, options: RenderOptions) -> None:
        """Write the report to `out`.

        Raises FileTooLarge when the format cannot hold it.
        """
