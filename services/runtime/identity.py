"""Identity of persons: the key by which logins and emails are compared everywhere."""

import re
import unicodedata

IGNORABLE = re.compile(  # characters of Unicode's Default_Ignorable_Code_Point that count as letters or marks
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)


def identity_key(name: str) -> str:
    """Return the text that equal logins and emails share: trimmed, NFKC, case folded, until nothing changes."""
    key = unicodedata.normalize("NFKC", name.strip()).casefold()
    return key if key == name else identity_key(key)


def is_identity(name: str) -> bool:
    """Return whether a login or an email has no invisible characters.

    Controls, formats (zero-width, bidi, joiners, soft hyphens), surrogates, private-use and unassigned characters,
    separators other than the space, fillers and variation selectors are invisible; so is a text of blanks alone.
    """
    return name.isprintable() and not IGNORABLE.search(name) and bool(identity_key(name))
