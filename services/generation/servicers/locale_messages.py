"""Settings of a reader's texts as the values of messages, and back: fields named alike, closed sets as enums."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from daybook.report.v1 import locale_pb2 as pb

from services.errors import Violation
from services.generation.words.language import Locale
from services.runtime.enum_words import numbers_of, read_word

ENUMS = {
    "measurement_system": pb.MeasurementSystem.DESCRIPTOR,
    "date_format": pb.DateFormat.DESCRIPTOR,
    "hour_mode": pb.HourMode.DESCRIPTOR,
    "week_start": pb.Weekday.DESCRIPTOR,
}


def locale_values(locale: Locale) -> Mapping[str, Any]:
    """Return the values of a message's fields of these names."""
    return {name: numbers_of(ENUMS[name])[text] if name in ENUMS else text for name, text in asdict(locale).items()}


def locale_text(message: Any, name: str, found: list[Violation]) -> str:
    """Return the setting in a message's field, its default where that is not set.

    What is no value of an enum is added to `found`.
    """
    value = getattr(message, name)
    text = read_word(ENUMS[name], value, name, found) if name in ENUMS else value
    return text or str(getattr(Locale(), name))
