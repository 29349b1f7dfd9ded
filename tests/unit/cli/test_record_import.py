"""Lines of imports that JSON itself does not allow."""

from pathlib import Path

import pytest

from services.cli.json_lines import Refusals
from services.cli.record_import import Lines


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("[" * 100_000, "must be JSON: it is nested deeper than 64"),
        ('{"id": ' + "9" * 6000 + "}", "must be JSON: a number has more than 1000 digits"),
    ],
)
def test_a_line_beyond_what_can_be_read_is_refused_in_words_of_the_file(line: str, wanted: str, tmp_path: Path) -> None:
    """Not in those of the parser."""
    file = tmp_path / "vehicles.jsonl"
    file.write_text(line + '\n{"id": 1, "label": "Van"}\n')
    lines = Lines(file, Refusals(), kind="vehicles")

    assert [2] == [number for number, _ in lines.records()]
    assert [(1, wanted)] == lines.refusals.first
