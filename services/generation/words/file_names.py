"""Names of files: what a report is and the first and the last day of its period, without suffix."""

from collections.abc import Callable, Sequence
from datetime import date

REPORT = " report"
FORBIDDEN = frozenset('\\/:*?"<>|')
MOST = 114  # characters, so that a suffix makes 120 at most


def kind_name(title: str, t: Callable[[str], str]) -> str:
    """Return the short name of a kind of report, whose title is a msgid: "Trips" for "Trips report".

    Languages in which nothing shorter is known have the whole title.
    """
    short = title.removesuffix(REPORT)
    is_translated = t(short) != short or t(title) == title
    return t(short) if is_translated else t(title)


def file_stem(names: Sequence[str], first: date, last: date) -> str:
    """Return "Trips_Van-1_2020-10-01_2020-10-31": a single day once, the first name cut where all is too long."""
    days = [first.isoformat()] if first == last else [first.isoformat(), last.isoformat()]
    title, *others = [_safe(name) for name in names]
    tail = "_".join(filter(None, [*others, *days]))
    return "_".join(filter(None, [title[: max(MOST - len(tail) - 1, 0)].strip("-"), tail]))[:MOST]


def _safe(name: str) -> str:
    """Return a name with hyphens for spaces, without what file systems refuse."""
    kept = "".join(char for char in " ".join(name.split()) if char not in FORBIDDEN and char.isprintable())
    return "-".join(kept.split()).strip(".-")
