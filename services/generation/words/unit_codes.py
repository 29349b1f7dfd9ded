"""Units in ASCII, the same in all languages, for the names of columns in tables for programs."""

import re
from collections.abc import Callable, Mapping
from functools import cache

from services.generation.words.catalogue import translator
from services.generation.words.language import Language

BASE: Mapping[str, str] = {
    "km": "km",
    "miles": "mi",
    "nautical miles": "nmi",
    "km/h": "kmh",
    "mph": "mph",
    "knots": "kn",
    "L": "l",
    "gal": "gal",
    "%": "pct",
    "\N{DEGREE SIGN}C": "c",
    "\N{DEGREE SIGN}F": "f",
    "m": "m",
    "ft": "ft",
    "L/100 km": "l_100km",
    "gal/100 mi": "gal_100mi",
    "gal/100 km": "gal_100km",
    "L/100 nmi": "l_100nmi",
}
PER_HOUR = "{unit}/h"
AMOUNTS, DISTANCES = ("L", "gal", "%"), ("km", "miles", "nautical miles")
SIGNS = {"%": "pct", "\N{DEGREE SIGN}": ""}

_OTHER = re.compile("[^a-z0-9]+")


def unit_code(language: Language, text: str) -> str:
    """Return the code of a unit as it is written in a language; the letters of another unit, such as a sensor's own."""
    if not text:
        return ""
    return _codes(language.locale).get(text) or _letters(text)


def _letters(text: str) -> str:
    for sign, word in SIGNS.items():
        text = text.replace(sign, word)
    return _OTHER.sub("_", text.lower()).strip("_")


@cache
def _codes(locale: str) -> Mapping[str, str]:
    """Return the codes of known units by their texts in a language."""
    t: Callable[[str], str] = translator(locale)
    hourly = {t(PER_HOUR).format(unit=t(unit)): f"{BASE[unit]}_h" for unit in AMOUNTS}
    relative = {f"%/100 {t(unit)}": f"pct_100{BASE[unit]}" for unit in DISTANCES}
    return {**hourly, **relative, **{t(unit): code for unit, code in BASE.items()}}
