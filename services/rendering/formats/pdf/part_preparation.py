"""Preparation of parts for paper: tables in their printed form, and what the addresses of each share."""

from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import Section, SheetPart

from services.rendering.formats.pdf.print_form import PrintForm
from services.rendering.values import Reader
from services.rendering.wall_clock import WallClock


class PartPreparation:
    """Preparation of the parts of a report in their order."""

    def __init__(self, head: ReportHead) -> None:
        self._head = head
        self._form: PrintForm | None = None  # of the table that goes on
        self.notes: dict[int, str] = {}  # beside the names of the part's tables, by section

    def reader(self, part: SheetPart) -> Reader:
        """Return in which time zone and language a part is read."""
        return Reader(
            WallClock(part.sheet.time_zone or self._head.report.locale_info.time_zone),
            self._head.report.locale_info.locale,
        )

    def prepared(self, part: SheetPart) -> SheetPart:
        """Return a part with its tables in the printed form, which the first part of each settles."""
        made = SheetPart(sheet_index=part.sheet_index, part_index=part.part_index, last=part.last)
        made.sheet.header, made.sheet.time_zone = part.sheet.header, part.sheet.time_zone
        self.notes = {}
        for number, section in enumerate(part.sheet.sections):
            shown = made.sheet.sections.add(continued=section.continued, unfinished=section.unfinished)
            if not section.HasField("table"):
                shown.CopyFrom(section)
                continue
            if not section.continued or self._form is None:
                self._form = PrintForm.of(section.table, self.reader(part).decimal_symbol)
            self._form.apply(section.table, shown.table)
            if self._form.place:
                self.notes[number] = self._place_pattern(section).replace("{place}", self._form.place)
        return made

    def _place_pattern(self, section: Section) -> str:
        """Return the words for what the addresses of a table share; those of parts to come may have another ending."""
        cover = self._head.cover
        return (
            cover.usual_place_pattern if section.unfinished or section.continued else cover.place_pattern
        ) or "{place}"
