"""Columns without totals: moments, dates, addresses, texts and coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from daybook.report.v1.sheet_pb2 import Column, Places, Quantity
from numpy.typing import ArrayLike

from services.generation.domain.columnar import Floats, Ints
from services.generation.kit.figures import Figure
from services.generation.kit.measures import DEGREES
from services.generation.words.language import Language
from services.generation.words.short_titles import short_title

ADDRESS_WIDTH, ADDRESS_WEIGHT = 4, 3


@dataclass(frozen=True, slots=True)
class Spots:
    """Moments in milliseconds UTC with their places in degrees and addresses, row by row."""

    time_ms: Ints
    lat: Floats
    lng: Floats
    addresses: Sequence[str]

    @property
    def places(self) -> Places:
        """The places of all rows."""
        return Places(row=range(len(self.lat)), lat=self.lat.tolist(), lng=self.lng.tolist(), address=self.addresses)


def time_of_day(language: Language, field: str, title: str, time_ms: ArrayLike, *, start_field: str = "") -> Column:
    """Return the column of times of day; NaN is an unknown moment, `title` a msgid.

    `start_field` names the column with the starts of what ends at these moments.
    """
    column = _narrow(language, field, title, time_ms, language.clock.times(time_ms))
    column.start_field = start_field
    return column


def full_moment(language: Language, field: str, title: str, time_ms: ArrayLike) -> Column:
    """Return the column of dates with times; NaN is an unknown moment, `title` a msgid."""
    return _narrow(language, field, title, time_ms, language.clock.moments(time_ms))


def dates(language: Language, field: str, title: str, time_ms: Ints) -> Column:
    """Return the column of local dates, told by the first moment of each; `title` is a msgid."""
    days = [date.fromordinal(day) for day in language.clock.local_days(time_ms).tolist()]
    column = _narrow(language, field, title, time_ms, [language.clock.date(day) for day in days])
    column.quantity.pattern = language.clock.date_pattern
    return column


def time_with_address(
    language: Language, field: str, titles: tuple[str, str], spots: Spots, *, start_field: str = ""
) -> Column:
    """Return the column "HH:mm - address"; the msgids are the titles of the whole and of the address alone.

    `start_field` is as for times of day.
    """
    times = language.clock.times(spots.time_ms)
    texts = [f"{time} - {address}" for time, address in zip(times, spots.addresses, strict=True)]
    column = text(language, field, titles[0], texts, places=spots.places)
    column.address_title = language.t(titles[1])
    column.start_field = start_field
    column.quantity.CopyFrom(_moment(language, Quantity.KIND_MOMENT_WITH_ADDRESS))
    column.raw.extend(spots.time_ms.astype(np.float64).tolist())
    return column


def address(language: Language, field: str, title: str, spots: Spots) -> Column:
    """Return the column of addresses with their places; `title` is a msgid."""
    return text(language, field, title, spots.addresses, places=spots.places)


def text(language: Language, field: str, title: str, values: Sequence[str], *, places: Places | None = None) -> Column:
    """Return a column of texts; `title` is a msgid."""
    return Column(
        field=field,
        title=language.t(title),
        short_title=short_title(language.t, title),
        align=Column.ALIGN_LEFT,
        width=ADDRESS_WIDTH,
        weight=ADDRESS_WEIGHT,
        quantity=Quantity(kind=Quantity.KIND_TEXT),
        text=values,
        places=places,
    )


def name(language: Language, field: str, title: str, names: Sequence[str], ids: ArrayLike) -> Column:
    """Return the column of objects' names with their ids for programs, NaN for none; `title` is a msgid."""
    column = text(language, field, title, names)
    column.quantity.kind = Quantity.KIND_NAME
    column.raw.extend(np.asarray(ids, np.float64).tolist())
    return column


def coordinates(language: Language, prefix: str, titles: tuple[str, str], spots: Spots) -> list[Column]:
    """Return the columns of latitude and longitude in degrees, whose titles are msgids."""
    lat = Figure[Spots](f"{prefix}lat", titles[0], lambda one: one.lat, DEGREES)
    lng = Figure[Spots](f"{prefix}lng", titles[1], lambda one: one.lng, DEGREES)
    return [figure.column(language, figure.parts(spots)) for figure in (lat, lng)]


def _narrow(language: Language, field: str, title: str, time_ms: ArrayLike, texts: Sequence[str]) -> Column:
    return Column(
        field=field,
        title=language.t(title),
        short_title=short_title(language.t, title),
        align=Column.ALIGN_LEFT,
        width=1,
        quantity=_moment(language, Quantity.KIND_MOMENT),
        text=texts,
        raw=np.asarray(time_ms, np.float64).tolist(),
    )


def _moment(language: Language, kind: "Quantity.Kind.ValueType") -> Quantity:
    return Quantity(kind=kind, pattern=language.clock.pattern, seconds=language.show_seconds)
