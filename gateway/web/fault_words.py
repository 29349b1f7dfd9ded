"""Words of faults: what services say of wrong values, in the language of the page.

Services answer in English. Texts that are not known here stay as they are.
"""

import re
from collections.abc import Iterator, Sequence

from gateway.web.translations import Catalogue
from gateway.web.translations import mark as _
from services.runtime.fault_texts import OTHER, TEXTS

WANTED: Sequence[str] = (  # what an option may be
    _("true or false"),
    _("one of {values}"),
    _("a whole number from {low} to {high}"),
    _("a whole number of at least {low}"),
    _("a whole number of at most {high}"),
    _("a whole number"),
    _("a number from {low} to {high}"),
    _("a number of at least {low}"),
    _("a number of at most {high}"),
    _("a number"),
    _("a text of {low} to {high} characters"),
    _("a text of at least {low} characters"),
    _("a text of at most {high} characters"),
    _("a text such as {example}"),
    _("a text"),
    _("a list of {low} to {high} items"),
    _("a list of at least {low} items"),
    _("a list of at most {high} items"),
    _("a list"),
    _("an object of at least {low} members"),
    _("an object"),
    _("another value"),
)
FAULTS: Sequence[str] = (
    _("is required: {wanted}"),
    _("must be {wanted}, not {shown}"),
    _("is required"),
    _("must name at least one"),
    _("must name exactly one"),
    _("must name at least one day"),
    _("must name a kind of report"),
    _("must be later than from"),
    _("must be some of 1 (Monday) to 7 (Sunday)"),
    _("must be at most {most}"),
    _("are without reports: {ids}"),
    _("do not exist: {ids}"),
    _("must end at another time than it starts"),
    _("must have different names; {name} comes twice"),
    _("must not overlap as {one} and {other} do"),
    _("must lie in the future"),
    _("must be 1 to 366 and d, w, m or y, such as 1w, or previous_week or previous_month"),
    _("must name weekdays or month_days, at least one"),
    _("must be some of 1 to 31"),
    _("must be HH:mm, or HH:mm:00"),
    _("must be an e-mail address, such as ann@example.com"),
    _("must be an e-mail address of at most {most} characters"),
    _("must be in one of the domains {domains}"),
    _("must be an active member of the workspace with an e-mail address"),
    _("must be given, because the login is no e-mail address"),
    _("must be given"),
    _("must be an https URL of at most {most} characters without a user in it"),
    _("must have at most {most} characters in one line"),
    _("must have at most {most} plain characters"),
    _("must be text without control characters"),
    _("must be one of {values}"),
    _("must be a string"),
    _("must be an integer from {low} to {high}"),
    *TEXTS.values(),
    OTHER,
)
PLACE = re.compile(r"\\{(\w+)\\}")


def translated(fault: str, catalogue: Catalogue) -> str:
    """Return a fault in the words of a catalogue."""
    return _said(fault, FAULTS, catalogue) or fault


def _said(text: str, known: Sequence[str], catalogue: Catalogue) -> str:
    for msgid, found in _matches(text, known):
        values = found.groupdict()
        if "wanted" in values:
            values["wanted"] = _said(values["wanted"], WANTED, catalogue) or values["wanted"]
        return catalogue.gettext(msgid, **values)
    return ""


def _matches(text: str, known: Sequence[str]) -> Iterator[tuple[str, re.Match[str]]]:
    for msgid in known:
        if found := re.fullmatch(PLACE.sub(r"(?P<\1>.+?)", re.escape(msgid)), text, re.DOTALL):
            yield msgid, found
