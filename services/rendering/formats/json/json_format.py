"""The public API's JSON: an envelope around the public JSON that is stored with the parts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

import orjson
from daybook.generation.v1.generation_service_pb2 import ReportHead, StreamedPart
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_JSON
from daybook.report.v1.report_pb2 import Report
from google.protobuf.timestamp_pb2 import Timestamp
from zstandard import ZstdCompressor, ZstdDecompressor, frame_content_size

from services.rendering.formats.base import Format, RenderOptions

LONG = 5_000  # cells
AT_ONCE = 512 * 1024  # bytes that frames written at once hold, unless it is one frame


class Json(Format):
    """The report object of `retrieve`, keys in the order of the seed (reference sections 4.1 to 4.5)."""

    number = FORMAT_JSON
    suffix = "json"
    streams = True
    from_public_json = True

    def __init__(self, _settings: object = None) -> None:
        super().__init__()  # it has no settings

    def _write(self, head: ReportHead, parts: Iterable[StreamedPart], out: BinaryIO, options: RenderOptions) -> None:
        """Write the bare report object to `out`, part by part."""
        report = head.report
        clock = _Clock(report.locale_info.time_zone, iso=options.iso_datetime)
        writer = _FrameWriter(out) if self.writes_zstd(head, options) else _TextWriter(out)
        writer.text(orjson.dumps(_beginning(report, clock))[:-1] + b',"sheets":[')
        for part in parts:
            if part.sheet_index and not part.part_index:
                writer.text(b",")
            writer.frame(part.public_json)
        writer.text(b"]" + _rest({"from": clock.text(report.from_time), "to": clock.text(report.to_time)}))
        writer.finish()

    def writes_zstd(self, head: ReportHead, options: RenderOptions) -> bool:
        """See the base: a short report is sent with its size instead."""
        return options.accept_zstd and head.cell_count >= LONG


class _TextWriter:
    """Writer of texts, those of frames opened."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._opener = ZstdDecompressor()

    def text(self, text: bytes) -> None:
        self._out.write(text)

    def frame(self, frame: bytes) -> None:
        self._out.write(self._opener.decompress(frame))

    def finish(self) -> None:
        """Do nothing: all is written."""


class _FrameWriter:
    """Writer of frames, texts packed, some of them at once."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._packer = ZstdCompressor()
        self._held: list[bytes] = []
        self._size = 0  # of what these hold

    def text(self, text: bytes) -> None:
        self._held.append(self._packer.compress(text))

    def frame(self, frame: bytes) -> None:
        size = frame_content_size(frame)
        if self._size and self._size + size > AT_ONCE:
            self.finish()
        self._held.append(frame)
        self._size += size

    def finish(self) -> None:
        """Write what is held."""
        if self._held:
            self._out.write(b"".join(self._held))
        self._held, self._size = [], 0


class _Clock:
    """Writes moments in the report's zone, in the API's plain or its ISO form (reference section 1.3)."""

    def __init__(self, time_zone: str, *, iso: bool) -> None:
        self._zone = ZoneInfo(time_zone or "UTC")
        self._iso = iso

    def text(self, moment: Timestamp) -> str:
        """Return the moment, to the second."""
        local = datetime.fromtimestamp(moment.seconds, UTC).astimezone(self._zone)
        plain = local.replace(tzinfo=None)
        if not self._iso:
            return plain.isoformat(" ")
        return f"{plain.isoformat()}Z" if local.tzname() == "UTC" else local.isoformat()


def _beginning(report: Report, clock: _Clock) -> dict[str, object]:
    keys: dict[str, object] = {"created": clock.text(report.create_time)}
    if report.HasField("time_filter"):
        window = report.time_filter
        period = {"from": window.start_time_of_day, "to": window.end_time_of_day}
        keys["time_filter"] = period | {"weekdays": list(window.weekdays)}
    return keys | {"title": report.title, "id": report.id}


def _rest(keys: Mapping[str, object]) -> bytes:
    """Return the last keys of an object that has some already, and its closing brace."""
    return b"," + orjson.dumps(keys)[1:] if keys else b"}"
