"""Columns on the paper: nothing overlaps, nothing is left out, larger needs take larger paper."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from services.rendering import theme
from services.rendering.formats.pdf.column_widths import WIDEST, TableShape, WidthDemand, room_of, table_shape

widths = st.integers(0, WIDEST)
demands = st.lists(
    st.builds(
        lambda enough, more, weight: WidthDemand(enough, enough + more, weight),
        widths,
        widths,
        st.sampled_from([0, 1, 3]),
    ),
    min_size=1,
    max_size=40,
)


@given(demands, st.booleans())
def test_columns_lie_side_by_side_within_the_margins(asked: list[WidthDemand], landscape: bool) -> None:
    """No column begins before its neighbour ends, and the last one ends at the margin."""
    shape = table_shape(asked, landscape=landscape)

    for slots in shape.panels:
        assert theme.MARGIN == slots[0].left
        for slot, following in pairwise(slots):
            assert abs(slot.right - following.left) < 0.001
        assert slots[-1].right <= theme.MARGIN + room_of(landscape=shape.landscape) + 0.001


@given(demands)
def test_every_column_has_a_place_and_enough_room(asked: list[WidthDemand]) -> None:
    """Each is on one panel, but for the first, which may lead several; none is narrower than it needs."""
    shape = table_shape(asked)

    assert list(range(len(asked))) == sorted({slot.index for slots in shape.panels for slot in slots})
    later = [slot.index for slots in shape.panels for slot in slots if slot.index]
    assert sorted(set(later)) == later
    for slots in shape.panels:
        for slot in slots:
            assert slot.width >= asked[slot.index].enough * shape.size / 1000


def test_a_few_columns_stand_on_upright_paper() -> None:
    """Six columns of numbers need no more."""
    assert _form(6) == (8.0, False, 1)


def test_more_columns_take_smaller_type_then_the_long_side_then_panels() -> None:
    """Type is not set smaller than it can be read: past that, columns are dealt out to panels."""
    assert _form(12) == (7.5, False, 1)
    assert _form(14) == (8.0, True, 1)
    assert _form(18) == (7.0, True, 1)
    assert _form(30) == (7.0, True, 2)


def test_the_first_column_leads_each_panel() -> None:
    """Rows can be told apart on every page."""
    panels = _numbers(40).panels

    assert len(panels) > 2
    assert {0} == {slots[0].index for slots in panels}


def test_spare_width_goes_to_columns_with_weight() -> None:
    """Numbers stay narrow beside addresses."""
    number, address = WidthDemand(4_000, 4_000, 0), WidthDemand(8_000, 30_000, 3)

    slots = table_shape([address, number]).panels[0]

    assert slots[0].width > 10 * slots[1].width


def test_words_are_made_whole_before_titles_get_their_best() -> None:
    """A long word beside columns whose titles would like more room stays in one line."""
    titled = [WidthDemand(7_000, 12_000, 0)] * 9
    address = WidthDemand(12_000, 60_000, 3, unbroken=18_000)

    shape = table_shape([address, *titled])

    assert shape.panels[0][0].width >= 18_000 * shape.size / 1000


def _numbers(count: int) -> TableShape:
    return table_shape([WidthDemand(5_000, 6_000, 0)] * count)


def _form(count: int) -> tuple[float, bool, int]:
    shape = _numbers(count)
    return shape.size, shape.landscape, len(shape.panels)
