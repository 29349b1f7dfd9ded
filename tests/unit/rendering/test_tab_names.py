"""Names of tabs."""

from hypothesis import given
from hypothesis import strategies as st

from services.rendering.formats.spreadsheets.cell_values import TabNames


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=30))
def test_names_are_always_valid_and_unique(wishes: list[str]) -> None:
    """At most 31 UTF-16 units, no forbidden character, no apostrophe at an end, case does not tell them apart."""
    names = TabNames()

    taken = [names.take(wish) for wish in wishes]

    assert len(taken) == len({name.casefold() for name in taken})
    assert all(0 < len(name.encode("utf-16-le")) <= 62 for name in taken)
    assert not any(set("[]:*?/\\") & set(name) for name in taken)
    assert not any(name[0] == "'" or name[-1] == "'" or name.casefold() == "history" for name in taken)


def test_a_name_that_is_taken_gets_a_number() -> None:
    """Numbers go on until one is free, within the limit."""
    names = TabNames()

    assert ["Van", "van (2)", "VAN (3)"] == [names.take(name) for name in ("Van", "van", "VAN")]
    assert ["a" * 30 + "…", "a" * 26 + "… (2)"] == [names.take("a" * 40) for _ in range(2)]
