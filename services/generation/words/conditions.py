"""Conditions of reports: what decides which records count and how, as named texts, and the words they share."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from babel.dates import format_interval

from services.generation.words.catalogue import mark as _
from services.generation.words.language import Language
from services.generation.words.locales import cldr

MOST_NAMES = 10
MORE = _("and {count} more")
PERIOD, TIME_ZONE = _("Period"), _("Time zone")
DAY_FIRST = {"en": "en_GB"}  # "5 Oct 2020", which readers of both orders understand
ROWS_LEFT_OUT = _(
    "{count} rows are left out of this {pdf}. They are in the {xlsx} and {csv} files; {option} prints them all."
)
THIN_SPACE = "\N{THIN SPACE}"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition; one that is `plain` says by its text alone what it is."""

    name: str
    text: str
    plain: bool = False


def listed(names: Iterable[str], language: Language) -> str:
    """Return names side by side, of more than ten the number of those left out: "Van 1, Van 2 and 14 more"."""
    known = list(names)
    shown = ", ".join(known[:MOST_NAMES])
    rest = len(known) - MOST_NAMES
    return f"{shown} {language.t(MORE).format(count=rest)}" if rest > 0 else shown


def days_text(first: dt.date, last: dt.date, locale: str) -> str:
    """Return a period of whole days in a few words, such as "5 Oct 2020"."""
    known = cldr(DAY_FIRST.get(locale.partition("_")[0], locale))
    if first == last:
        pattern = known.datetime_skeletons["yMMMd"]
        return str(pattern.apply(first, known))
    return str(format_interval(first, last, skeleton="yMMMd", locale=known)).replace(THIN_SPACE, " ")


def period_conditions(period: str, language: Language) -> list[Condition]:
    """Return the conditions that every report has: its period and its time zone."""
    return [
        Condition(language.t(PERIOD), period, plain=True),
        Condition(language.t(TIME_ZONE), language.clock.zone, plain=True),
    ]


def rows_left_out_pattern(language: Language) -> str:
    """Return the sentence of a PDF without its rows, with {count} for their number."""
    text = language.t(ROWS_LEFT_OUT)
    return text.format(count="{count}", pdf="PDF", xlsx="XLSX", csv="CSV", option="full=true")
