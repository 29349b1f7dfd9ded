"""One HTTP request as it stands on the wire, and its answer."""

import shlex
from dataclasses import dataclass
from http.client import HTTPMessage


@dataclass(frozen=True, slots=True)
class Request:
    """A request: `route` is the operation of the document it is meant for, empty for none."""

    route: str
    method: str
    target: bytes  # path and query
    headers: tuple[tuple[str, bytes], ...]
    body: bytes = b""

    def wire(self, host: str) -> bytes:
        """Return its bytes; Host and Content-Length are added."""
        own = [("Host", host.encode())]
        if self.body or self.method in {"POST", "PUT", "PATCH"}:
            own.append(("Content-Length", str(len(self.body)).encode()))
        lines = [b"%s: %s" % (name.encode("latin-1"), value) for name, value in (*own, *self.headers)]
        return b"\r\n".join([b"%s %s HTTP/1.1" % (self.method.encode("latin-1"), self.target), *lines, b"", self.body])

    def curl(self, base: str) -> str:
        """Return a command line for bash that sends it; a header cannot bring a zero byte there."""
        line = " ".join(["curl -sS -i --path-as-is -X", shlex.quote(self.method)])
        for name, value in self.headers:
            line += f" -H {_quoted(name.encode('latin-1') + b': ' + value)}"
        if not self.body:
            return f"{line} {_quoted(base.encode() + self.target)}"
        if "content-type" not in {name.lower() for name, _ in self.headers}:
            line += " -H 'Content-Type:'"  # curl would send one of its own
        return f"{_printed(self.body)} | {line} --data-binary @- {_quoted(base.encode() + self.target)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Response to a request."""

    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def media_type(self) -> str:
        """The type of the body, in small letters and without parameters; empty for none."""
        return (self.headers["Content-Type"] or "").partition(";")[0].strip().lower()


def _quoted(text: bytes) -> str:
    """Return bytes as one word for bash, whatever they are."""
    plain = text.decode("ascii", "replace")
    if text.isascii() and plain.isprintable():
        return shlex.quote(plain)
    known = {0x27: "\\'", 0x5C: "\\\\"}
    return "$'" + "".join(known.get(one) or (chr(one) if 32 <= one < 127 else f"\\x{one:02x}") for one in text) + "'"


def _printed(text: bytes) -> str:
    """Return a command that prints bytes, zero bytes as well."""
    return (
        "printf '"
        + "".join(chr(one) if chr(one) not in "'\\%" and 32 <= one < 127 else f"\\{one:03o}" for one in text)
        + "'"
    )
