"""Headers of a mail as bytes.

Texts outside ASCII are encoded words (RFC 2047) that keep every space. Identifiers and addresses on the web stay whole
however long they are: the library's own folding makes encoded words of them, which no mail program reads as a link.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from email.header import Header
from email.headerregistry import Address

LINE = 78  # characters, where a header can be folded
LONGEST_WORD = 60  # characters, which fits on a line behind any name
LINE_END = "\r\n"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """Value of a header that is written as it is, in ASCII and on one line."""

    text: str


def header_bytes(headers: Iterable[tuple[str, str | Address | Verbatim]]) -> bytes:
    """Return headers with CRLF line ends; strings are texts on one line, which are folded and encoded."""
    lines = (f"{name}: {_value(name, value)}{LINE_END}" for name, value in headers)
    return "".join(lines).encode("ascii")


def _value(name: str, value: str | Address | Verbatim) -> str:
    match value:
        case Verbatim(text):
            return text
        case Address():
            return _address(name, value)
        case _:
            return _text(name, value)


def _address(name: str, address: Address) -> str:
    shown = address.display_name
    if not shown or _is_plain(shown):
        return str(address)
    return f"{_text(name, shown)}{LINE_END} <{address.addr_spec}>"


def _text(name: str, text: str) -> str:
    charset = "us-ascii" if _is_plain(text) else "utf-8"
    return Header(text, charset, maxlinelen=LINE, header_name=name).encode(linesep=LINE_END)


def _is_plain(text: str) -> bool:
    """Return whether a text may be written as it is: no reader takes a word of it for an encoded one."""
    return text.isascii() and "=?" not in text and max(map(len, text.split()), default=0) <= LONGEST_WORD
