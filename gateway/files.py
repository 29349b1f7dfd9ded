"""Files: the words of their formats, and the headers of a download (RFC 6266, RFC 8187)."""

import unicodedata
from collections.abc import Iterable
from urllib.parse import quote

from anyascii import anyascii
from daybook.rendering.v1.format_options_pb2 import media_type
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, Format

UNSAFE = "\"\\%:*?<>|/'`"  # in a name between quotes, and on file systems
UNENCODED = "!#$&+-.^_`|~"  # attr-char of RFC 8187, beside letters and digits


def format_word(format_: Format.ValueType) -> str:
    """Return the word of a format in requests and paths, such as "xlsx"."""
    return Format.Name(format_).removeprefix("FORMAT_").lower()


PUBLISHED = (Format.FORMAT_XLSX, Format.FORMAT_XLS, Format.FORMAT_PDF, Format.FORMAT_CSV, Format.FORMAT_JSON)
KNOWN = (format_ for format_ in Format.values() if format_ != Format.FORMAT_UNSPECIFIED)
FORMATS = {format_word(format_): format_ for format_ in (*PUBLISHED, *KNOWN)}  # in the published order, new ones behind

MAILED = {word: FORMATS[word] for word in ("pdf", "xls", "xlsx", "csv")}  # by schedules, the published ones first


def media_types(formats: Iterable[Format.ValueType]) -> list[str]:
    """Return the media types of formats, without parameters."""
    values = Format.DESCRIPTOR.values_by_number
    return [values[format_].GetOptions().Extensions[media_type].partition(";")[0] for format_ in formats]


def file_headers(info: FileInfo) -> dict[str, str]:
    """Return the headers of a download."""
    headers = {"Content-Type": info.media_type, "Content-Disposition": disposition(info.file_name)}
    if info.HasField("size_bytes"):
        headers["Content-Length"] = str(info.size_bytes)
    return headers


def disposition(file_name: str) -> str:
    """Return the Content-Disposition of a download: an ASCII name for old clients, the whole name for the rest."""
    name = "".join(char if unicodedata.category(char)[0] != "C" else "_" for char in file_name) or "report"
    fallback = "".join(char for char in anyascii(name) if char.isprintable() and char not in UNSAFE)
    stem, dot, suffix = fallback.rpartition(".")
    if not (stem if dot else fallback).strip("_- "):
        fallback = f"report{dot}{suffix if dot else ''}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe=UNENCODED)}"
