"""Order of names in a language, by Unicode's collation algorithm and the rules of CLDR."""

from collections.abc import Callable
from functools import lru_cache

import icu

Collate = Callable[[str], bytes]


@lru_cache(maxsize=64)
def collation(locale: str) -> Collate:
    """Return what gives the sort keys of names in a locale such as "de" or "ru_RU"; the root's for unknown ones."""
    sort_key: Collate = icu.Collator.createInstance(icu.Locale(locale)).getSortKey
    return sort_key
