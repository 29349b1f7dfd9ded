"""Texts without control characters, and ids as a short text."""

import re
from collections.abc import Iterable

MAX_IDS_TEXT = 80  # characters: a violation has 100

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def is_plain(text: str) -> bool:
    """Return whether a text is free of control characters; joiners and no-break spaces are none."""
    return _CONTROL.search(text) is None


def has_plain_lines(text: str) -> bool:
    """Return whether a text is free of control characters other than line breaks and tabs."""
    return _CONTROL_IN_LINES.search(text) is None


def ids_text(ids: Iterable[int], most: int = MAX_IDS_TEXT) -> str:
    """Return ids in ascending order, three or more in a row as a range: 4, 6-8, 10.

    Three dots stand for those that have no room in so many characters.
    """
    runs: list[list[int]] = []
    for one in sorted(set(ids)):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    short = 2
    text = ", ".join(f"{run[0]}-{run[-1]}" if len(run) > short else ", ".join(map(str, run)) for run in runs)
    return text if len(text) <= most else text[: most - len(", ...") + 1].rpartition(",")[0] + ", ..."
