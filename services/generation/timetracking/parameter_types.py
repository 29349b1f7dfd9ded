"""Types of parameters: validators that return the value, or raise ValueError with the allowed values.

Numbers come as JSON has them: 5.0 is the whole number 5; "5" and true are refused.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import PlainValidator

from services.generation.domain.plain_text import has_plain_lines

MAX_ID = 2**53 - 1  # what JSON holds exactly
MAX_WORDS = 3000
FIRST_YEAR, LAST_YEAR = 1970, 2200
CURRENCY = re.compile(r"[A-Z]{3}")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
DAY_FORM = f"must be a day as YYYY-MM-DD, of {FIRST_YEAR} to {LAST_YEAR}"


def whole(least: int, most: int) -> Callable[[object], int]:
    """Return a validator of whole numbers between bounds."""

    def checked(value: object) -> int:
        number = _whole(value)
        if number is None or not least <= number <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return number

    return checked


def whole_of(*allowed: int) -> Callable[[object], int]:
    """Return a validator of a few whole numbers."""

    def checked(value: object) -> int:
        number = _whole(value)
        if number is None or number not in allowed:
            raise ValueError(f"must be one of {', '.join(map(str, allowed))}")
        return number

    return checked


def word_of(*allowed: str) -> Callable[[object], str]:
    """Return a validator of a few words."""

    def checked(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return value

    return checked


def direction(value: object) -> str:
    """Return ASC or DESC, which may be written in small letters."""
    return word_of("ASC", "DESC")(value.upper() if isinstance(value, str) else value)


def calculation(value: object) -> str:
    """Return time or amounts, which version 2 of the API called earnings."""
    return word_of("time", "amounts")("amounts" if value == "earnings" else value)


def flag(value: object) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise ValueError("must be one of true, false")  # noqa: TRY004 - pydantic collects ValueErrors
    return value


def words(value: object) -> str:
    """Return a text without control characters other than tabs and ends of lines."""
    if not isinstance(value, str) or len(value) > MAX_WORDS or not has_plain_lines(value):
        raise ValueError(f"must be a text of at most {MAX_WORDS} characters, none of them control characters")
    return value


def day(value: object) -> date:
    """Return a day."""
    if not isinstance(value, str) or not DAY.fullmatch(value):
        raise ValueError(DAY_FORM)
    try:
        found = date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(DAY_FORM) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(DAY_FORM)
    return found


def ids(value: object) -> tuple[int, ...]:
    """Return a list of ids."""
    found = [_id(one) for one in value] if isinstance(value, list | tuple) else [None]
    if None in found:
        raise ValueError("must be a list of ids, each a positive whole number")
    return tuple(one for one in found if one is not None)


def ids_or_none(value: object) -> tuple[int | None, ...]:
    """Return a list of ids, among which null stands for having none."""
    if not isinstance(value, list | tuple) or any(one is not None and _id(one) is None for one in value):
        raise ValueError("must be a list of ids, each a positive whole number, or null for entries having none")
    return tuple(None if one is None else _id(one) for one in value)


def currency(value: object) -> str:
    """Return the code of a currency."""
    if not isinstance(value, str) or not CURRENCY.fullmatch(value):
        raise ValueError("must be an ISO 4217 code, such as EUR")
    return value


def without_nulls(value: object) -> dict[str, Any]:
    """Return an object's values by name; a null in it is the same as absent."""
    if not isinstance(value, Mapping):
        raise ValueError("must be an object")  # noqa: TRY004 - pydantic collects ValueErrors
    return {name: one for name, one in value.items() if one is not None}


def _id(value: object) -> int | None:
    number = _whole(value)
    return number if number is not None and 1 <= number <= MAX_ID else None


def _whole(value: object) -> int | None:
    """Return a whole number, None for anything else."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


Flag = Annotated[bool, PlainValidator(flag)]
Words = Annotated[str, PlainValidator(words)]
Day = Annotated[date, PlainValidator(day)]
Direction = Annotated[str, PlainValidator(direction)]
Ids = Annotated[tuple[int, ...], PlainValidator(ids)]
IdsOrNone = Annotated[tuple[int | None, ...], PlainValidator(ids_or_none)]
Id = Annotated[int, PlainValidator(whole(1, MAX_ID))]
Currency = Annotated[str, PlainValidator(currency)]
Cents = Annotated[int, PlainValidator(whole(0, MAX_ID))]
Seconds = Annotated[int, PlainValidator(whole(0, 2**31 - 1))]
Moment = Annotated[int, PlainValidator(whole(0, 2**33))]
