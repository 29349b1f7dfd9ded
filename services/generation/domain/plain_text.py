"""Checks of texts for control characters."""

import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_IN_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def is_plain(text: str) -> bool:
    """Return whether a text is free of control characters; joiners and no-break spaces are none."""
    return _CONTROL.search(text) is None


def has_plain_lines(text: str) -> bool:
    """Return whether a text is free of control characters other than line breaks and tabs."""
    return _CONTROL_IN_LINES.search(text) is None
