"""Line charts of stored parts as they are viewed: whole, thinned, or a range of them."""

import math
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from itertools import pairwise

import pytest
from daybook.report.v1 import sheet_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from services.generation.kit.parts import cut, outline_of
from services.generation.reporting import chart_parts
from services.generation.reporting.chart_parts import ChartView, charts_viewed
from services.generation.reporting.report import StoredPart
from services.runtime.slices import join

POINTS = 9_000
SPIKE = 4_321


def chart(count: int = POINTS, lines: int = 2) -> pb.Section:
    """Return lines that wave between -1 and 1, each with a spike and a gap."""
    made = pb.Section(line_chart=pb.LineChart(header="Speed"))
    for _ in range(lines):
        y = [math.sin(place / 7) for place in range(count)]
        y[SPIKE : SPIKE + 1] = [100.0] * len(y[SPIKE : SPIKE + 1])
        y[count // 3 : count // 3 + 200] = [math.nan] * len(y[count // 3 : count // 3 + 200])
        made.line_chart.series.add(name="a", x=range(count), y=y)
    return made


def table(rows: int) -> pb.Section:
    """Return a table of a column."""
    column = pb.Column(field="n", text=[str(row) for row in range(rows)])
    return pb.Section(table=pb.Table(columns=[column], groups=[pb.RowGroup(row_count=rows)]))


def stored(*sections: pb.Section, sheet_index: int = 0) -> tuple[list[StoredPart], pb.SheetOutline]:
    """Return the parts of a sheet as they are stored, and its outline."""
    sheet = pb.Sheet(header="Van", sections=sections)
    parts = [
        StoredPart(sheet_index, one.part_index, one.last, one.first_row, one.row_count, one.SerializeToString())
        for one in cut(sheet, sheet_index)
    ]
    return parts, outline_of(sheet)


async def viewed(parts: Sequence[StoredPart], outlines: Sequence[pb.SheetOutline], view: ChartView) -> list[StoredPart]:
    """Return the parts of a stream as they are viewed."""

    async def stream() -> AsyncGenerator[StoredPart, None]:
        for part in parts:
            yield part

    async with aclosing(charts_viewed(stream(), outlines, view)) as shown:
        return [part async for part in shown]


def sections_of(parts: Sequence[StoredPart]) -> list[pb.Section]:
    """Return the sections of a stream, joined."""
    found: list[pb.Section] = []
    for part in parts:
        for section in pb.SheetPart.FromString(part.message).sheet.sections:
            if section.continued:
                join(found[-1], section)
            else:
                found.append(section)
    return found


async def test_a_chart_comes_whole_in_the_part_in_which_it_begins() -> None:
    """Thinned, with its peak and its gap; the tables around it stay as they were, and parts with nothing else go."""
    sections = [table(3_000), chart(), table(2_500)]
    parts, outline = stored(*sections)
    shown = await viewed(parts, [outline], ChartView(500))
    before, thin, after = sections_of(shown)

    assert (sections[0], sections[2]) == (before, after)
    assert not thin.unfinished
    assert not thin.continued
    for line in thin.line_chart.series:
        assert 250 < len(line.x) == len(line.y) <= 500
        assert (100.0, SPIKE) == (max(line.y), line.x[list(line.y).index(max(line.y))])
        assert 1 == sum(map(math.isnan, line.y))
        assert all(a <= b for a, b in pairwise(line.x))
    assert len(shown) < len(parts)
    assert [False] * (len(shown) - 1) + [True] == [one.last for one in shown]
    messages = [pb.SheetPart.FromString(one.message) for one in shown]
    assert [(one.first_row, one.row_count) for one in shown] == [(one.first_row, one.row_count) for one in messages]
    behind = [one for one in messages if one.sheet.sections[0].HasField("table") and one.first_section]
    assert {2} == {one.first_section for one in behind}
    assert outline.sections[2].first_row == behind[0].first_row


async def test_the_last_part_of_a_sheet_stays_the_last() -> None:
    """Also where it held nothing but the end of a chart, and where other sheets follow."""
    first, outline = stored(table(10), chart())
    second, other = stored(table(10), sheet_index=1)
    shown = await viewed([*first, *second], [outline, other], ChartView(100))

    assert [(0, False), (0, True), (1, True)] == [(one.sheet_index, one.last) for one in shown]


async def test_a_range_shows_its_points_and_their_neighbours() -> None:
    """All of them where they are few, else thinned."""
    parts, outline = stored(chart())
    (close,) = sections_of(await viewed(parts, [outline], ChartView(0, (SPIKE - 2.5, SPIKE + 2.5))))
    (wide,) = sections_of(await viewed(parts, [outline], ChartView(100, (1_000, 8_000))))

    assert list(range(SPIKE - 3, SPIKE + 4)) == list(close.line_chart.series[0].x)
    assert (1_000, 8_000) == (wide.line_chart.series[0].x[0], wide.line_chart.series[0].x[-1])
    assert len(wide.line_chart.series[0].x) <= 100
    assert 100.0 == max(wide.line_chart.series[0].y)


async def test_a_chart_of_many_lines_has_fewer_points_of_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that it fits into a message."""
    monkeypatch.setattr(chart_parts, "MOST_OF_CHART", 1_000)
    parts, outline = stored(chart(lines=10))
    (shown,) = sections_of(await viewed(parts, [outline], ChartView(5_000)))

    assert all(len(line.x) <= 100 for line in shown.line_chart.series)


async def test_parts_without_a_chart_to_thin_are_not_read() -> None:
    """Their bytes are passed on; without outlines each is looked at."""
    parts, outline = stored(table(5_000), chart(90))
    unreadable = [
        StoredPart(0, one.part_index, one.last, one.first_row, one.row_count, b"not a message") for one in parts
    ]

    assert unreadable == await viewed(unreadable, [outline], ChartView(100))
    thin = sections_of(await viewed(parts, [], ChartView(20)))[-1]
    assert len(thin.line_chart.series[0].x) <= 20


@given(
    st.lists(st.sampled_from([0, 1, 30, 1_999, 2_000, 2_001, 4_500]), min_size=1, max_size=5),
    st.lists(st.booleans(), min_size=5, max_size=5),
    st.sampled_from([20, 100, 3_000]),
)
async def test_whatever_a_sheet_holds_its_other_sections_stay(
    sizes: list[int], are_charts: list[bool], most: int
) -> None:
    """In their order; charts have no more points than asked for."""
    sections = [chart(size, 1) if is_chart else table(size) for size, is_chart in zip(sizes, are_charts, strict=False)]
    parts, outline = stored(*sections)
    shown = sections_of(await viewed(parts, [outline], ChartView(most)))

    assert [one.WhichOneof("content") for one in sections] == [one.WhichOneof("content") for one in shown]
    for before, after in zip(sections, shown, strict=True):
        if before.HasField("table"):
            assert before == after
        else:
            assert len(after.line_chart.series[0].x) <= most
