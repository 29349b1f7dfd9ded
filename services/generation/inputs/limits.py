"""Limits of the fields of inputs: functions that return the value that would be right, or None for a right value."""

import math
import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from services.generation.domain.plain_text import has_plain_lines, is_plain
from services.generation.words.time_zones import is_time_zone
from services.runtime.codec import datetime_of

Limit = Callable[[Any], str | tuple[str, str] | None]  # a pair names the part of the value first, such as `.lat`
PlainLimit = Callable[[Any], str | None]

MAX_ID = 2**31 - 1
MAX_EXACT_ID = 2**53 - 1  # up to which a double holds every whole number
MAX_LABEL = 255
MAX_TEXT = 4096  # of descriptions, comments and messages
MAX_ITEMS = 1000  # of lists within a record
MAX_TAGS = 100
MAX_URL = 2000
MAX_CENTS = 10**9  # an hour; a million entries of 999 hours at it still fit into 64 bits
MAX_TOTAL = 10**12  # of estimates and fees
CURRENCY_LENGTH = 3
COLOR = re.compile("[0-9A-Fa-f]{6}")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)  # of planned moments
ONE_DAY = timedelta(days=1)


def identifier(most: int = MAX_ID, *, new: bool = False) -> Limit:
    """Return the limit of an id; 0 asks for a new one where `new` allows it."""
    least, wanted = (0, f"must be 0 for a new one, or 1 to {most}") if new else (1, f"must be 1 to {most}")
    return lambda value: None if least <= value <= most else wanted


def reference(most: int = MAX_ID) -> Limit:
    """Return the limit of the id of another record; 0 is none."""
    return lambda value: None if 0 <= value <= most else f"must be 1 to {most}, or 0 for none"


def references(most_ids: int, most: int = MAX_ID) -> Limit:
    """Return the limit of the ids of other records."""

    def wanted(values: Sequence[int]) -> str | None:
        if len(values) > most_ids:
            return f"must be at most {most_ids}"
        return None if all(1 <= value <= most for value in values) else f"must be 1 to {most} each"

    return wanted


def required(inner: Limit) -> Limit:
    """Return the limit of a value that must be given."""
    return lambda value: "must be given" if value is None else inner(value)


def text(least: int = 0, most: int = MAX_LABEL, *, lines: bool = False) -> PlainLimit:
    """Return the limit of a text of `least` to `most` characters; with `lines` it may have line breaks and tabs."""
    controls = "control characters but line breaks and tabs" if lines else "control characters"
    wanted = f"must have {least} to {most} characters, none of them {controls}"
    is_right = has_plain_lines if lines else is_plain

    def limit(value: str) -> str | None:
        right = least <= len(value) <= most and is_right(value) and (not least or bool(value.strip()))
        return None if right else wanted

    return limit


def long_text() -> PlainLimit:
    """Return the limit of a description, a comment or a message."""
    return text(most=MAX_TEXT, lines=True)


def texts(most_texts: int = MAX_TAGS, most: int = MAX_LABEL) -> Limit:
    """Return the limit of a list of texts, such as tags."""
    each = text(1, most)
    wanted = f"must be at most {most_texts} texts of 1 to {most} characters each"
    return lambda values: wanted if len(values) > most_texts or any(each(value) for value in values) else None


def number(least: float, most: float, unit: str = "") -> Limit:
    """Return the limit of a number, which may be absent; NaN is in no range."""
    wanted = f"must be {_digits(least)} to {_digits(most)}{unit}"
    return lambda value: None if value is None or least <= value <= most else wanted


def number_from(least: float, unit: str = "") -> Limit:
    """Return the limit of a finite number of at least some value, which may be absent."""
    wanted = f"must be a number from {_digits(least)}{unit}"
    return lambda value: None if value is None or least <= value < math.inf else wanted


def positive(unit: str = "") -> Limit:
    """Return the limit of a finite number above 0, which may be absent."""
    return lambda value: None if value is None or 0 < value < math.inf else f"must be a number above 0{unit}"


def finite(value: float | None) -> str | None:
    """Limit a number, which may be absent, to finite ones."""
    return None if value is None or math.isfinite(value) else "must be a finite number"


def word(enum: Any, *, required: bool = True) -> Limit:
    """Return the limit of a value of an enum; an unspecified one is refused where one is required."""
    words = enum.DESCRIPTOR.values_by_number
    wanted = f"must be one of {', '.join(one.name for number, one in words.items() if number)}"

    def limit(value: int) -> str | None:
        if value == 0:
            return "must be given" if required else None
        return None if value in words else wanted

    return limit


def color(code: str) -> str | None:
    """Limit a colour to RRGGBB; empty is none."""
    return None if not code or COLOR.fullmatch(code) else "must be six hexadecimal digits, RRGGBB"


def currency(code: str) -> str | None:
    """Limit a currency to ISO 4217 codes; empty is the default."""
    right = not code or (len(code) == CURRENCY_LENGTH and code.isascii() and code.isalpha() and code.isupper())
    return None if right else "must be an ISO 4217 code, such as EUR"


def url(address: str) -> str | None:
    """Limit an address to http and https; empty is none."""
    return _url_text(address) or (
        None if not address or address.startswith(("https://", "http://")) else "must begin with https:// or http://"
    )


_url_text = text(most=MAX_URL)


def time_zone(name: str) -> str | None:
    """Limit a time zone to those of IANA; empty is the default."""
    return None if not name or is_time_zone(name) else "must be an IANA time zone, such as Europe/Berlin"


def day(text_: str) -> str | None:
    """Limit a day to YYYY-MM-DD; empty is none."""
    try:
        right = not text_ or date.fromisoformat(text_).isoformat() == text_
    except ValueError:
        right = False
    return None if right else "must be YYYY-MM-DD"


def moment(first: datetime = EARLIEST, end: datetime | None = None, *, required: bool = True) -> Limit:
    """Return the limit of a moment, up to `end`, else one day ahead of now."""
    wanted = f"must lie from {first:%Y-%m-%d} to {'a day ahead of now' if end is None else f'{end:%Y-%m-%d}'}"

    def limit(value: Timestamp | None) -> str | None:
        if value is None:
            return "must be given" if required else None
        try:
            right = first <= datetime_of(value) <= (end or datetime.now(UTC) + ONE_DAY)
        except ValueError:
            right = False
        return None if right else wanted

    return limit


def _digits(value: float) -> str:
    return f"{value:,}" if value >= 10_000 else str(value)  # noqa: PLR2004 - thousands are read without a comma
