"""Finished reports behind a gateway: their heads with outlines, and the parts that hold the rows asked for."""

from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

from daybook.account.v1.account_service_pb2 import GetProfileResponse
from daybook.generation.v1.generation_service_pb2 import (
    ReportHead,
    StreamedPart,
    StreamPartsRequest,
    StreamPartsResponse,
)
from daybook.input.v1.input_service_pb2 import ListResponse
from daybook.input.v1.track_service_pb2 import ReadPointsRequest, ReadPointsResponse
from daybook.report.v1.sheet_pb2 import RowGroupOutline, Section, SectionOutline, Sheet, SheetOutline, SheetPart
from google.protobuf.message import Message

from services.errors import NotFound
from services.generation.kit.parts import outline_of
from services.runtime.slices import Slicer
from tests.builders.tables import report_head
from tests.fakes.gateway_services import FakeServices

ROWS_A_PART = 2_000
ZONE = "Europe/Berlin"
Rows = Callable[[int, int], Section]


@dataclass
class MadeSheet:
    """A sheet whose parts are made when they are asked for: a table of any length before further sections."""

    header: str
    sections: list[Section]
    entity_ids: list[int] = field(default_factory=list)
    long_rows: Rows | None = None
    """Rows of the first section, in the place of those that it has; `long_count` of them."""
    long_count: int = 0
    long_groups: list[RowGroupOutline] = field(default_factory=list)

    def outline(self) -> SheetOutline:
        """Return the outline of the sheet."""
        outline = outline_of(Sheet(header=self.header, entity_ids=self.entity_ids, sections=self.sections))
        if self.long_rows is not None:
            first: SectionOutline = outline.sections[0]
            outline.row_count += self.long_count - first.row_count
            first.row_count = self.long_count
            first.groups.extend(self.long_groups)
        return outline

    def parts(self, first: int, end: int) -> Iterable[SheetPart]:
        """Yield the parts that hold rows of a range."""
        starts = [one.row_count for one in self.outline().sections]
        whole = sum(starts)
        for begin in range(first - first % ROWS_A_PART, min(end, whole), ROWS_A_PART):
            yield self._part(begin, min(begin + ROWS_A_PART, whole), starts)

    def chart_part(self, place: int) -> SheetPart:
        """Return the part of a line chart, which comes whole."""
        part = SheetPart(first_section=place, sheet=Sheet(header=self.header, time_zone=ZONE))
        part.first_row = sum(one.row_count for one in self.outline().sections[:place])
        part.sheet.sections.append(self.sections[place])
        return part

    def _part(self, begin: int, end: int, counts: list[int]) -> SheetPart:
        part = SheetPart(first_row=begin, row_count=end - begin, sheet=Sheet(header=self.header, time_zone=ZONE))
        row, places = 0, []
        for place, (section, count) in enumerate(zip(self.sections, counts, strict=True)):
            low, high = max(begin - row, 0), min(end - row, count)
            if low < high or (not count and begin <= row < end):
                places.append(place)
                is_long = self.long_rows is not None and place == 0
                part.sheet.sections.append(self.long_rows(low, high) if is_long else Slicer(section).cut(low, high))
            row += count
        part.first_section = places[0] if places else 0
        return part


def zones() -> ListResponse:
    """Return a list of one zone of each shape."""
    answer = ListResponse()
    corners = [(52.5, 13.4), (52.51, 13.4), (52.51, 13.42)]
    for number, shape in enumerate(("TYPE_CIRCLE", "TYPE_POLYGON", "TYPE_SAUSAGE"), start=1):
        zone = answer.batch.zones.items.add(id=number, type=shape, label=f"Zone {number}", radius=150.0)
        zone.center.lat, zone.center.lng = corners[0]
        for lat, lng in corners:
            zone.points.add(lat=lat, lng=lng)
    return answer


class FakeReports:
    """Reports by id, as GenerationService streams them; `ranges` are the rows that were asked for."""

    def __init__(self, services: FakeServices) -> None:
        self._services = services
        self._reports: dict[int, tuple[ReportHead, list[MadeSheet]]] = {}
        self.parts_read: list[int] = []
        services.answers["StreamParts"] = self._stream
        services.answers["ReadPoints"] = self._points
        services.answers["List"] = zones()
        services.answers["GetProfile"] = GetProfileResponse(
            account_id=1, email="anna@example.org", name="Anna", time_zone=ZONE
        )

    def add(self, sheets: list[MadeSheet], *, title: str = "Trip report", locale: str = "en") -> int:
        """Add a report and return its id."""
        report_id = len(self._reports) + 1
        head = report_head([sheet.header for sheet in sheets], title=title)
        head.report.id, head.attempt = report_id, 1
        head.report.locale_info.locale, head.report.locale_info.time_zone = locale, ZONE
        head.sheets.extend(sheet.outline() for sheet in sheets)
        self._reports[report_id] = head, sheets
        return report_id

    async def _stream(self) -> AsyncIterator[Message]:
        request = self._services.asked["StreamParts"][-1]
        assert isinstance(request, StreamPartsRequest)
        if request.report_id not in self._reports:
            raise NotFound
        head, sheets = self._reports[request.report_id]
        shown = ReportHead()
        shown.CopyFrom(head)
        if not request.with_outlines:
            del shown.sheets[:]
        yield StreamPartsResponse(head=shown)
        first, count = request.rows.first, request.rows.count
        if request.HasField("section_index"):
            part = sheets[request.sheet_index].chart_part(request.section_index)
            yield StreamPartsResponse(part=StreamedPart(message=part.SerializeToString()))
        elif request.sheet_index < len(sheets):
            for part in sheets[request.sheet_index].parts(first, first + count):
                self.parts_read.append(part.first_row)
                yield StreamPartsResponse(part=StreamedPart(message=part.SerializeToString()))

    async def _points(self) -> AsyncIterator[Message]:
        request = self._services.asked["ReadPoints"][-1]
        assert isinstance(request, ReadPointsRequest)
        for place, wanted in enumerate(request.ranges):
            answer = ReadPointsResponse(range_index=place)
            start, end = wanted.start_time.ToMilliseconds(), wanted.end_time.ToMilliseconds()
            for step in range(50):
                answer.points.time_ms.append(start + (end - start) * step // 49)
                answer.points.lat.append(52.5 + step * 0.002)
                answer.points.lng.append(13.4 + step * 0.003)
                answer.points.speed_kmh.append(40.0)
            answer.points.line_starts.append(0)
            yield answer
