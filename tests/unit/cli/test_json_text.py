"""JSON is parsed within bounds and told in plain words."""

from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.json_text import read_json
from services.cli.tracks import reader_of
from services.cli.tracks.base import Notes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{,}", "it is wrong at line 1, character 2"),
        ("[" * 65 + "]" * 65, "it is nested deeper than 64"),
        ("[" * 1_000_000, "it is nested deeper than 64"),
        ("1" * 5000, "a number has more than 1000 digits"),
        ("NaN", "NaN is no number of JSON"),
    ],
)
def test_what_is_wrong_is_told_in_plain_words(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_json(text)


def test_brackets_in_texts_count_for_nothing() -> None:
    """And 64 levels are few enough."""
    assert ["[" * 100] == read_json(f'["{"[" * 100}"]')
    assert read_json("[" * 64 + "]" * 64)


@pytest.mark.parametrize(
    ("name", "content"),
    [("deep.gpx", "<a>" * 1_000_000), ("deep.geojson", "[" * 1_000_000), ("digits.geojson", "[" + "1" * 5000 + "]")],
)
def test_a_track_file_beyond_bounds_is_refused_in_plain_words(tmp_path: Path, name: str, content: str) -> None:
    file = tmp_path / name
    file.write_text(content)
    with pytest.raises(CommandFailed, match=r"nested deeper than 64|more than 1000 digits"):
        list(reader_of(file)(file, Notes()))
