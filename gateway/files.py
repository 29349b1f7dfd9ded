"""A file's headers: what it is, how long it is and what to call it (RFC 6266, RFC 8187)."""

import unicodedata
from urllib.parse import quote

from daybook.rendering.v1.rendering_service_pb2 import FileInfo

UNENCODED = "!#$&+-.^_`|~"  # attr-char of RFC 8187, beside letters and digits


def file_headers(info: FileInfo) -> dict[str, str]:
    """Return the headers of a download."""
    headers = {"Content-Type": info.media_type, "Content-Disposition": disposition(info.file_name)}
    if info.HasField("size_bytes"):
        headers["Content-Length"] = str(info.size_bytes)
    return headers


def disposition(file_name: str) -> str:
    """Return the Content-Disposition of a download: an ASCII name for old clients, the whole name for the rest."""
    name = "".join(one if unicodedata.category(one)[0] != "C" else "_" for one in file_name) or "report"
    decomposed = unicodedata.normalize("NFKD", name)
    plain = "".join(one for one in decomposed if not unicodedata.combining(one))
    fallback = "".join(one if one.isascii() and one not in '"\\%' else "_" for one in plain)
    stem, dot, suffix = fallback.rpartition(".")
    if dot and not stem.strip("_ "):
        fallback = f"report.{suffix}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{quote(name, safe=UNENCODED)}"
