"""Short forms of the titles of columns, for paper on which the whole words have no room."""

from collections.abc import Callable, Mapping

from services.generation.words.catalogue import mark as _

START, END, NORM = _("Start"), _("End"), _("Fuel (norm)")
AVERAGE, LARGEST = _("Ø {unit}"), _("Max. {unit}")
SHORT_TITLES: Mapping[str, str] = {  # by msgid; what stands for {unit} is the unit, which else follows
    "Average speed": AVERAGE,
    "Fuel consumed (by norm)": NORM,
    "Fuel consumed (by sensors)": _("Fuel (sensors)"),
    "Ignition ON percentage": _("Ign. ON %"),
    "Max. speed": LARGEST,
    "Maximum speed": LARGEST,
    "Movement end": END,
    "Movement start": START,
    "Stop end": END,
    "Stop start": START,
    "Stops duration": _("Stops"),
    "Total trips length": _("Length"),
    "Travel time": _("Time"),
    "Trip fuel cost (by norm)": _("Cost (norm)"),
}


def short_title(t: Callable[[str], str], title: str, unit: str = "") -> str:
    """Return the short form of a title, given as a msgid, with its unit; empty where there is none."""
    known = SHORT_TITLES.get(title)
    if known is None:
        return ""
    short = t(known)
    if "{unit}" in short:
        return short.replace("{unit}", unit)
    return f"{short},\n{unit}" if unit else short
