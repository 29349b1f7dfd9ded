"""Several stored reports read as one: the title page of the first, the sheets of all."""

from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamedPart
from daybook.report.v1.sheet_pb2 import SheetPart

from services.rendering.ports import OpenReport, ReportReader, ReportSource, StoredReport


class JoiningReader:
    """Reader that puts joined reports together from those of another reader, which reads one at a time."""

    def __init__(self, reader: ReportReader) -> None:
        self._reader = reader

    def open(
        self,
        source: ReportSource,
        authorization: str | None,
        *,
        public_json: bool = False,
        chart_point_limit: int = 0,
    ) -> AbstractAsyncContextManager[OpenReport]:
        """See the port; joined reports have no public JSON."""
        if isinstance(source, StoredReport) and source.more_ids:
            return self._joined((source.report_id, *source.more_ids), authorization, chart_point_limit)
        return self._reader.open(source, authorization, public_json=public_json, chart_point_limit=chart_point_limit)

    @asynccontextmanager
    async def _joined(
        self, report_ids: Sequence[int], authorization: str | None, chart_point_limit: int
    ) -> AsyncIterator[OpenReport]:
        """Read all heads first, since the table of contents stands before the sheets."""
        heads = []
        for report_id in report_ids:
            async with self._reader.open(StoredReport(report_id), authorization) as report:
                heads.append(report.head)
        opened = (
            self._reader.open(StoredReport(report_id), authorization, chart_point_limit=chart_point_limit)
            for report_id in report_ids
        )
        yield OpenReport(joined_head(heads), _parts(opened, heads))


async def _parts(
    opened: Iterable[AbstractAsyncContextManager[OpenReport]], heads: Sequence[ReportHead]
) -> AsyncGenerator[StreamedPart, None]:
    first_sheet = 0
    for one, head in zip(opened, heads, strict=True):
        async with one as report:
            async for part in report.parts:
                yield _moved(part, first_sheet, head.report.title)
        first_sheet += len(head.sheet_headers)


def joined_head(heads: Sequence[ReportHead]) -> ReportHead:
    """Return the head of the first report with the sheets of all, and a tab of all rows for reports of one kind."""
    joined = ReportHead()
    joined.CopyFrom(heads[0])
    joined.cell_count = sum(head.cell_count for head in heads)
    joined.sheet_headers[:] = [_titled(head.report.title, header) for head in heads for header in head.sheet_headers]
    if len({head.report.plugin.id for head in heads}) > 1:
        joined.cover.ClearField("data_title")  # rows of different kinds of reports have no table in common
    return joined


def _moved(part: StreamedPart, first_sheet: int, title: str) -> StreamedPart:
    """Return a part behind the sheets of other reports, its header with the report's title."""
    parsed = SheetPart.FromString(part.message)
    parsed.sheet.header = _titled(title, parsed.sheet.header)
    moved = StreamedPart()
    moved.CopyFrom(part)
    moved.sheet_index += first_sheet
    moved.message = parsed.SerializeToString()
    return moved


def _titled(title: str, header: str) -> str:
    return f"{title}: {header}"
