"""Logs of a stack: so many files of so many bytes for each part, however much is written."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.cli.stack.log_files import POLL_S, LogFiles, size_of

LOGS = LogFiles(count=3, limit_bytes=1000)
LINE = b"%099d\n"  # 100 bytes


def lines(numbers: range) -> bytes:
    return b"".join(LINE % number for number in numbers)


def kept(file: Path) -> list[bytes]:
    """Return the files of a log, the oldest first."""
    numbered = sorted(file.parent.glob("part.log.*"), key=lambda one: -int(one.suffix[1:]))
    return [one.read_bytes() for one in (*numbered, file)]


def test_a_small_log_goes_on(tmp_path: Path) -> None:
    file = tmp_path / "part.log"
    file.write_bytes(lines(range(9)))
    LOGS.trim(file)

    assert [lines(range(9))] == kept(file)


def test_a_log_of_the_limit_becomes_the_newest_numbered_file(tmp_path: Path) -> None:
    """The oldest goes when there are enough."""
    file = tmp_path / "part.log"
    for begin in (0, 10, 20, 30):
        file.write_bytes(lines(range(begin, begin + 10)))
        LOGS.rotate(file)

    assert [lines(range(20, 30)), lines(range(30, 40)), b""] == kept(file)


def test_what_came_in_a_burst_is_cut_into_files_of_whole_lines(tmp_path: Path) -> None:
    file = tmp_path / "part.log"
    file.write_bytes(b"x" * 49 + b"\n" + lines(range(25)))
    LOGS.rotate(file)

    assert [lines(range(9, 19)), lines(range(19, 25))] == kept(file)[1:]
    assert b"x" * 49 + b"\n" + lines(range(9)) == kept(file)[0]


@given(sizes=st.lists(st.integers(0, 5000), max_size=8), count=st.integers(1, 4))
def test_no_file_exceeds_the_limit_and_none_the_count(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], count: int
) -> None:
    """Whatever is written, the end of it is there."""
    file, logs = tmp_path_factory.mktemp("logs") / "part.log", LogFiles(count, 1000)
    written = b""
    for number, size in enumerate(sizes):
        text = b"%d" % number * size + b"\n"
        written += text
        with file.open("ab") as out:
            out.write(text)
        logs.rotate(file)

    found = kept(file) if sizes else []
    assert len(found) <= count
    assert all(len(one) <= 1000 for one in found)
    assert written.endswith(b"".join(found))


def test_files_that_an_earlier_start_allowed_are_removed(tmp_path: Path) -> None:
    file = tmp_path / "part.log"
    for name in ("part.log", *(f"part.log.{number}" for number in range(1, 9)), "part.log.txt", "other.log.9"):
        (tmp_path / name).write_text("x")
    LOGS.trim(file)

    assert {"part.log", "part.log.1", "part.log.2", "part.log.txt", "other.log.9"} == {
        one.name for one in tmp_path.iterdir()
    }


WRITER = """
import sys
for number in range(5_000):
    if number == 4_999:
        print("almost done", flush=True)
        input()
    sys.stderr.write("%099d\\n" % number)
    sys.stderr.flush()
"""


async def test_a_log_is_bounded_while_its_process_writes(tmp_path: Path) -> None:
    """The process goes on in the emptied file, and its last line is there."""
    file, logs = tmp_path / "part.log", LogFiles(count=3, limit_bytes=20_000)
    with file.open("ab") as out:
        command = (sys.executable, "-c", WRITER)
        process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, stderr=out)
        bounding = asyncio.create_task(logs.keep_bounded([file, tmp_path / "absent.log"]))
        await process.stdout.readline()
        while size_of(file) >= logs.limit_bytes:  # noqa: ASYNC110 - what it looks at knows nothing of the loop
            await asyncio.sleep(POLL_S)
        bounding.cancel()
        await asyncio.get_running_loop().shutdown_default_executor()  # a rotation may still go on in its thread
        await process.communicate(b"the last one\n")

    found = kept(file)
    assert 3 == len(found)
    assert all(len(one) <= 20_000 for one in found)
    assert b"".join(found).endswith(LINE % 4_999)
