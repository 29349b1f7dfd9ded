"""Tables of records fit their width without cutting what is copied from them."""

import os
import pty
import struct
import termios
from fcntl import ioctl

import pytest

from services.cli.tables import AT_LAST, Column, Kind, output_width, print_table, table_lines
from services.runtime.shown_text import UNSAFE

TOKEN = "5dd2a69c5a0c4d0f8e0b1f2a3c4d5e6f"
SAVED = (
    Column("ID", Kind.NUMBER),
    Column("Name"),
    Column("Token", Kind.WHOLE),
    Column("Updated", Kind.WHOLE, drop_order=1),
)
ROWS = [
    (7, "Hours of the whole agency by client and project", TOKEN, "2026-01-05 10:00:00+01:00"),
    (12, "車", TOKEN, None),
]


def test_without_a_bound_each_record_is_one_line() -> None:
    """However long its values are."""
    lines = table_lines(SAVED, ROWS, None)

    assert 3 == len(lines)
    assert lines[1].endswith(f"  {TOKEN}  2026-01-05 10:00:00+01:00")


@pytest.mark.parametrize("width", [48, 60, 80, 120])
def test_lines_are_within_the_width_and_tokens_whole(width: int) -> None:
    """A wide character counts twice."""
    lines = table_lines(SAVED, ROWS, width)

    assert [] == [line for line in lines if len(line) + line.count("車") > width]
    assert 2 == sum(TOKEN in line for line in lines)


def test_columns_leave_before_texts_wrap() -> None:
    """The room of a column that left is that of the texts."""
    assert [" ID  Name", "  7  Hours of the whole agency by", "     client and project"] == [
        line.partition("  5dd2")[0].partition("  Token")[0].rstrip() for line in table_lines(SAVED, ROWS[:1], 68)
    ]


def test_columns_of_the_last_resort_leave_only_when_texts_are_hard_to_read() -> None:
    columns = (Column("Title"), Column("Zone", Kind.WHOLE, drop_order=AT_LAST))
    rows = [("a title of several words", "Europe/Berlin")]

    assert "Zone" in table_lines(columns, rows, 34)[0]
    assert "Zone" not in table_lines(columns, rows, 30)[0]


def test_headings_over_whole_values_break_before_texts_wrap() -> None:
    """A number is whole, the words above it may stand one upon the other."""
    columns = (Column("Place"), Column("Average speed, km/h", Kind.NUMBER))

    assert [
        " Place               Average",
        "                      speed,",
        "                        km/h",
        " Weissensee, Berlin       28",
    ] == table_lines(columns, [("Weissensee, Berlin", 28)], 28)


def test_numbers_are_at_the_right_and_widths_by_content() -> None:
    assert [" ID  Name", "  7  a", " 12  bcd"] == table_lines(SAVED[:2], [(7, "a"), (12, "bcd")], 80)


def test_a_long_word_breaks_and_a_date_does_not() -> None:
    """A hash in a column of texts does not either."""
    column = (Column("Value"),)

    assert [" Value", " " + "x" * 19, " x"] == table_lines(column, [("x" * 20,)], 20)
    for whole in ("2026-01-05 10:00:00+01:00", TOKEN):
        assert [" Value", f" {whole}"] == table_lines(column, [(whole,)], 20)


def test_cells_are_short_and_steer_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Also what looks like markup stays as it is."""
    print_table((Column("Label"),), [("\x1b[31mred\x9b1m\u202e" + "x" * 3000,), ("[bold]Van[/] [/]",)])
    found = capsys.readouterr().out

    assert ([], True) == ([one for one in UNSAFE.findall(found) if one != "\n"], len(found) < 300)
    assert "[bold]Van[/] [/]" in found


@pytest.mark.parametrize(("named", "width"), [("100", 100), ("", None), ("wide", None), ("-5", None), ("0", None)])
def test_without_a_terminal_columns_says_the_width(
    monkeypatch: pytest.MonkeyPatch, named: str, width: int | None
) -> None:
    monkeypatch.setenv("COLUMNS", named)

    assert width == output_width()


def test_a_terminal_has_its_own_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever COLUMNS says."""
    controller, terminal = pty.openpty()
    ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 72, 0, 0))
    monkeypatch.setenv("COLUMNS", "100")
    with os.fdopen(terminal, "w") as out, os.fdopen(controller, "w"):
        monkeypatch.setattr("sys.stdout", out)

        assert 72 == output_width()
