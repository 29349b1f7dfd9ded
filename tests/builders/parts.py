"""Parts of sheets as generation streams them, with their messages and their public JSON."""

from collections.abc import Iterable, Iterator

from daybook.generation.v1.generation_service_pb2 import StreamedPart
from daybook.report.v1.sheet_pb2 import Sheet, SheetPart
from zstandard import ZstdCompressor

from services.generation.executors.worker import with_json
from services.generation.reporting.public_json import SheetJson

__all__ = ["streamed", "with_json"]


def streamed(
    parts: Iterable[SheetPart], whole: Sheet | None = None, *, public_json: bool = True
) -> Iterator[StreamedPart]:
    """Yield the parts one by one as they are read; where more than tables are cut, their whole sheet is needed."""
    sheet_json = SheetJson(Sheet())
    for part in parts:
        if part.part_index == 0:
            sheet_json = SheetJson(whole or part.sheet)
        yield StreamedPart(
            sheet_index=part.sheet_index,
            part_index=part.part_index,
            last=part.last,
            message=part.SerializeToString(),
            public_json=ZstdCompressor().compress(sheet_json.fragment(part)) if public_json else b"",
        )
