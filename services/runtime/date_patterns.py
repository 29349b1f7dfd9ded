"""CLDR patterns of dates by the date formats that users may choose."""

import re
from typing import Literal, get_args

from babel import Locale

DateFormat = Literal["ddMMyyyy_dots", "ddMMyyyy_slashes", "MMddyyyy_hyphens", "yyyyMMdd_hyphens", "dMMMy", "dMMMMy"]
DATE_FORMATS: tuple[str, ...] = get_args(DateFormat)
ISO = "yyyy-MM-dd"

_FIXED = {
    "ddMMyyyy_dots": "dd.MM.yyyy",
    "ddMMyyyy_slashes": "dd/MM/yyyy",
    "MMddyyyy_hyphens": "MM-dd-yyyy",
    "yyyyMMdd_hyphens": ISO,
}


def date_pattern(date_format: str, locale: Locale) -> str:
    """Return the pattern of a date format (reference 1.3), or the locale's medium one when the format is empty.

    No pattern has a bracket, because clients split day headers there: a locale whose own pattern has a bracket gets
    yyyy-MM-dd. A month in words is written in the locale's form after the day ("d. MMM y" in German); a locale that
    puts the month first gets the order of the format's name. Raises KeyError for an unknown format.
    """
    if not date_format:
        medium = str(locale.date_formats["medium"].pattern)
        return ISO if "(" in medium else medium
    if date_format == "dMMMy":
        return _day_first(str(locale.datetime_skeletons["yMMMd"].pattern), "d MMM y")
    if date_format == "dMMMMy":
        return _day_first(str(locale.date_formats["long"].pattern), "d MMMM y")
    return _FIXED[date_format]


def _day_first(pattern: str, otherwise: str) -> str:
    letters = re.sub(r"'[^']*'|[^A-Za-z]", "", pattern)
    return pattern if re.fullmatch(r"d+M+y+", letters) else otherwise
