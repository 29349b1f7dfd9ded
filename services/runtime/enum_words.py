"""Enums of the contracts as the words of the public APIs, the command line and the services: GEOCODER_OSM is osm."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from daybook.report.v1.word_pb2 import word
from google.protobuf.descriptor import EnumDescriptor

from services.errors import Violation


@cache
def words_of(enum: EnumDescriptor) -> Mapping[int, str]:
    """Return the words of an enum's values by their numbers; the unset value is the empty word."""
    unset, *others = enum.values
    prefix = unset.name.removesuffix("UNSPECIFIED")
    words = {one.number: one.GetOptions().Extensions[word] or one.name.removeprefix(prefix).lower() for one in others}
    return {unset.number: ""} | words


@cache
def numbers_of(enum: EnumDescriptor) -> Mapping[str, Any]:
    """Return the numbers of an enum's values by their words."""
    return {word: number for number, word in words_of(enum).items()}


def read_word(enum: EnumDescriptor, number: int, field: str, found: list[Violation]) -> str:
    """Return the word of a value, or the empty one after adding to `found` that there is no such value."""
    words = words_of(enum)
    if number not in words:
        names = ", ".join(one.name for one in enum.values[1:])
        found.append(Violation(field, f"must be one of {names}"))
    return words.get(number, "")
