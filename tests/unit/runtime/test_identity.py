"""Keys of logins and emails."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.identity import identity_key, is_identity


@pytest.mark.parametrize(
    "spelling",
    [
        "strasse@example.com",
        "straße@example.com",
        "STRASSE@EXAMPLE.COM",
        "STRAẞE@example.com",
        " straße@example.com\t",
        "\N{NO-BREAK SPACE}strasse@example.com",
        "\uff53\uff54rasse@example.com",
        "\u017ftraße@example.com",
    ],
)
def test_spellings_of_one_login_have_one_key(spelling: str) -> None:
    """Letters' case, blanks around it and compatible forms make no difference."""
    assert "strasse@example.com" == identity_key(spelling)


def test_different_logins_have_different_keys() -> None:
    """Accents, look-alikes of other scripts and blanks within count."""
    names = ["ann@example.com", "añn@example.com", "\u0430nn@example.com", "a nn@example.com", "ann@example.org"]

    assert len(names) == len({identity_key(name) for name in names})


@given(st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    """So are the keys of its other spellings; a key is never written in two ways."""
    key = identity_key(name)

    assert key == identity_key(key) == identity_key(f" {name}\n")


def test_the_key_of_every_character_is_stable() -> None:
    """None of them begins a chain of changes."""
    keys = map(identity_key, map(chr, range(sys.maxunicode + 1)))

    assert all(key == identity_key(key) for key in keys)


@pytest.mark.parametrize(
    "character",
    [
        "\0", "\n", "\x1b", "\x7f", "\x85",  # controls
        "\u200b", "\u200d", "\u202e", "\u2066", "\ufeff", "\xad", "\u2060",  # formats
        "\ud800", "\ue000", "\U000f0000", "\u2028", "\u2029", "\u0378",
        "\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u180f", "\u3164", "\uffa0",  # joiner of graphemes, fillers
        "\ufe00", "\ufe0f", "\U000e0100",  # variation selectors
    ],
)  # fmt: skip
def test_invisible_characters_are_no_part_of_an_identity(character: str) -> None:
    """Wherever they stand."""
    assert not any(map(is_identity, (character, f"ann{character}@example.com", f"{character}ann", f"ann{character}")))


@pytest.mark.parametrize("name", ["ann@example.com", "Анна Ильина", "安", " ann ", "o'neil+x@example.com"])
def test_letters_of_all_scripts_and_signs_are(name: str) -> None:
    """A blank within is, too; blanks alone are nobody."""
    assert is_identity(name)
    assert not is_identity(" ")
