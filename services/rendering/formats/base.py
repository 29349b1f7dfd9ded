"""What every format is: a suffix, a media type, and a way to write a report that comes part by part."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the asker chose about the file."""

    headless: bool = False
    iso_datetime: bool = False


class Format(Protocol):
    """One kind of file. `write` is plain synchronous code, run in a thread; parts come in order, once."""

    suffix: str
    media_type: str
    streams: bool  # True: what is written can be sent at once. False: the file counts only when it is whole.

    def write(self, head: ReportHead, parts: Iterable[SheetPart], out: BinaryIO, wishes: Wishes) -> None:
        """Write the report to `out`.

        Raises FileTooLarge when the format cannot hold it.
        """
