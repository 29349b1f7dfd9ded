"""Foreign text steers no terminal and fills none."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.shown_text import MOST, UNSAFE, closed, escaped, escaped_json, shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Van 1, Ärger, 👩\u200d🚒", "Van 1, Ärger, 👩\u200d🚒"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb\tc\x9b\x7f", "a\\x0ab\\x09c\\x9b\\x7f"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("\u2066x\u2069\u200f", "\\u2066x\\u2069\\u200f"),
        ("caf\udce9", "caf\\udce9"),
        ("x" * 100, "x" * 100),
        ("x" * 101, "x" * 97 + "..."),
        (Path("/" + "d" * 200 + "/file.csv"), "..." + "d" * 88 + "/file.csv"),
    ],
)
def test_control_characters_are_escaped_and_long_texts_cut(text: object, expected: str) -> None:
    """Letters of any script stay, a path keeps the name of its file."""
    assert expected == shown(text)


@given(st.text(max_size=500) | st.text("\x1b\x9b\u202e\ud800\n", max_size=300))
def test_nothing_unsafe_is_left(text: str) -> None:
    """Whatever it is."""
    for found in (shown(text), shown(Path("a") / text.replace("\0", ""))):
        assert len(found) <= MOST
        assert not UNSAFE.search(found)
        found.encode()
    assert not UNSAFE.search(escaped(text))
    assert not UNSAFE.search(escaped_json(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Van 1", "Van 1"),
        ("\u202egnirts", "\u2068\u202egnirts\u202c\u2069"),
        ("\u202ea\u202c b", "\u2068\u202ea\u202c b\u2069"),
        ("\u2067a \u202eb", "\u2068\u2067a \u202eb\u202c\u2069\u2069"),
        ("\u2067a \u202eb\u2069", "\u2068\u2067a \u202eb\u2069\u2069"),
        ("\u2069\u202c", "\u2069\u202c"),
    ],
)
def test_a_closed_text_ends_the_directions_that_it_begins(text: str, expected: str) -> None:
    assert expected == closed(text)
