"""Order of names: that of the reader's language."""

import pytest

from services.generation.words.collation import collation


@pytest.mark.parametrize(
    ("locale", "names"),
    [
        ("en", ["Äpfel", "apple", "Émile", "Öl", "Zebra"]),
        ("de", ["Äpfel", "apple", "Émile", "Öl", "Zebra"]),
        ("es", ["nube", "ñu", "oso"]),
        ("ru", ["Ёлка", "Ель"]),
        ("sv_SE", ["Zebra", "Äpfel", "Öl"]),
        ("xx", ["a", "B"]),
    ],
)
def test_names_are_in_the_order_of_a_language(locale: str, names: list[str]) -> None:
    """Accents and case tell apart only what is equal without them, but where letters are of their own."""
    mixed = sorted(names, reverse=True)

    assert names == sorted(mixed, key=collation(locale))
