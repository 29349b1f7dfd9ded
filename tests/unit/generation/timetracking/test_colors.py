import re

from services.generation.timetracking.directory import PALETTE, color_number, default_color


def test_a_colour_of_the_palette_has_its_number() -> None:
    """Clients know colours by number, whatever the case of the letters."""
    assert ["0", "14", "5"] == [color_number(color) for color in ("#0b83d9", "#991102", "#2DA608")]


def test_any_other_colour_has_the_number_of_the_first() -> None:
    """So has none at all."""
    assert ["0", "0"] == [color_number(color) for color in ("#123456", "")]


def test_the_palette_is_of_different_colours() -> None:
    """All are written #rrggbb."""
    assert 15 == len(set(PALETTE)) == len([color for color in PALETTE if re.fullmatch(r"#[0-9a-f]{6}", color)])


def test_neighbours_are_given_different_colours() -> None:
    """A project always has the same one."""
    assert len(PALETTE) == len({default_color(project_id) for project_id in range(15)})
    assert default_color(7) == default_color(7)
