"""Foreign texts that commands print steer no terminal."""

import json
from pathlib import Path

import pytest

from services.cli.errors import CommandFailed
from services.cli.output import Bar, JsonArray, print_json, tell
from services.cli.tracks import reader_of
from services.cli.tracks.base import Notes
from services.runtime.shown_text import UNSAFE

NASTY = "\x1b[31mred\x9b1m\u202e" + "x" * 3000


def unsafe(text: str) -> list[str]:
    """Return what steers a terminal but line ends."""
    return [found for found in UNSAFE.findall(text) if found != "\n"]


def test_json_is_safe_and_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """Its texts come back as they were."""
    print_json({"label": NASTY})
    with JsonArray() as array:
        array.add(NASTY)
    first, *rest = capsys.readouterr().out.splitlines()

    assert [] == unsafe(first + "".join(rest))
    assert ({"label": NASTY}, [NASTY]) == (json.loads(first), json.loads("".join(rest)))


def test_lines_on_standard_error_are_safe(capsys: pytest.CaptureFixture[str]) -> None:
    """And so is the name of a file on a progress bar."""
    tell(f"x: {NASTY[:20]}")
    with Bar(NASTY, total=1.0) as bar:
        bar.show(1.0)

    assert [] == unsafe(capsys.readouterr().err)


@pytest.mark.parametrize("name", ["a.csv", "\x1b[31m.csv"])
@pytest.mark.parametrize(
    "content",
    [b"\x1b[31mtime,lat\n1,2\n", bytes(range(1, 256)) * 12, b"time,lat,lng,\x1b]0;x\x07,\x9b\nx,1,\x1b,2,3\n"],
)
def test_what_is_wrong_with_a_file_is_told_in_a_short_line(tmp_path: Path, name: str, content: bytes) -> None:
    """Whatever bytes it holds and whatever it is called."""
    file, notes = tmp_path / name, Notes()
    file.write_bytes(content)
    try:
        for _ in reader_of(file)(file, notes):
            pass
        told = notes.first
    except CommandFailed as failure:
        told = [str(failure)]

    assert told
    for line in told:
        assert [] == unsafe(line)
        assert len(line) < 350
