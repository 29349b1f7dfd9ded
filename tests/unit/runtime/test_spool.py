"""Items that wait for a reader: in order, in memory first, then in files, within its space."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.errors import TooMuch
from services.runtime import spool as spools
from services.runtime.spool import Spool, SpooledFile
from services.runtime.spool_space import SHARES, SPOOLS_IN_MEMORY, SpaceLimit, SpoolSpace

ANN, BOB = "account 1", "account 2"
KB = 1024
ITEM = b"x" * KB


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Folder of temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def space_of(memory_kb: int = 4, tenant_kb: int = 100) -> SpoolSpace:
    return SpoolSpace(memory_kb * KB, SHARES * tenant_kb * KB)


def taken(space: SpoolSpace) -> tuple[int, int]:
    return space.memory._taken.total(), space.disk._taken.total()


@given(st.lists(st.one_of(st.binary(max_size=3 * KB), st.none()), max_size=40), st.integers(0, 6))
def test_items_come_in_the_order_in_which_they_were_put(steps: list[bytes | None], memory_kb: int) -> None:
    """Whatever is put and taken in turns, and wherever it waits meanwhile; all space is given back. None is a take."""

    async def run() -> list[bytes | None]:
        found: list[bytes | None] = []
        with Spool(space, ANN) as spool:
            waiting = 0
            for step in steps:
                if step is not None:
                    assert spool.put(step)
                    waiting += 1
                elif waiting:
                    found.append(await spool.take())
                    waiting -= 1
            spool.end()
            while found[-1:] != [None]:
                found.append(await spool.take())
        return found

    space = space_of(memory_kb)
    assert [*(step for step in steps if step is not None), None] == asyncio.run(run())
    assert (0, 0) == taken(space)


async def test_no_file_is_made_while_memory_suffices(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even over a long stream whose reader keeps up."""
    made: list[object] = []
    monkeypatch.setattr(spools, "TemporaryFile", lambda **_: made.append(folder))
    with Spool(space_of(), ANN) as spool:
        for _ in range(50):
            for _ in range(4):
                assert spool.put(ITEM)
            assert [ITEM] * 4 == [await spool.take() for _ in range(4)]

    assert [] == made


async def test_a_file_is_removed_as_soon_as_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its space can be taken again while later files wait."""
    monkeypatch.setattr(spools, "SEGMENT_BYTES", 10 * KB)
    space = space_of(memory_kb=0)
    with Spool(space, ANN) as spool:
        for _ in range(30):
            assert spool.put(ITEM)
        for _ in range(9):
            await spool.take()
        assert (0, 30 * KB) == taken(space)
        await spool.take()
        assert (0, 20 * KB) == taken(space)

    assert (0, 0) == taken(space)


async def test_what_has_no_space_is_not_taken_until_there_is_some() -> None:
    """Whoever waits for memory or for the disk is told when the reader has made room."""
    space = space_of(memory_kb=2, tenant_kb=2)
    with Spool(space, ANN) as spool:
        assert [True, True, True, True, False] == [spool.put(ITEM) for _ in range(5)]
        with pytest.raises(TooMuch):
            space.check(ANN)
        memory, disk = (asyncio.ensure_future(has(KB)) for has in (spool.is_taken, spool.has_disk))
        await settle()
        assert (False, False) == (memory.done(), disk.done())
        await spool.take()
        await settle()
        assert (True, False) == (memory.done(), disk.done())
        assert [True, False] == [spool.put(ITEM) for _ in range(2)]
        for _ in range(3):
            await spool.take()
        await settle()
        assert disk.done()
        space.check(ANN)


async def test_a_writer_in_the_foreground_writes_no_files() -> None:
    """Past its memory it waits."""
    space = space_of(memory_kb=1)
    with Spool(space, ANN) as spool:
        assert [True, False] == [spool.put(ITEM, far_ahead=False) for _ in range(2)]
        assert spool.put(ITEM)
    assert (0, 0) == taken(space)


async def settle() -> None:
    """Let all other tasks go as far as they can."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_memory_of_many_spools_is_bounded() -> None:
    """A tenant has a quarter of it; then files are written sooner."""
    space = space_of(memory_kb=4, tenant_kb=1000)
    held = [Spool(space, ANN) for _ in range(SPOOLS_IN_MEMORY)]
    for spool in held:
        for _ in range(4):
            assert spool.put(ITEM)
    assert (4 * 4 * KB, 12 * 4 * KB) == taken(space)
    for spool in held:
        spool.close()

    assert (0, 0) == taken(space)


async def test_what_is_put_into_a_closed_spool_is_dropped() -> None:
    """Its writer goes on until it notices."""
    space = space_of(memory_kb=1)
    spool = Spool(space, ANN)
    spool.close()
    assert [True] * 3 == [spool.put(ITEM) for _ in range(3)]

    assert (0, 0) == taken(space)


async def test_a_full_disk_is_like_no_space(folder: Path) -> None:
    """The writer waits; nothing is lost and nothing stays taken."""
    space = space_of(memory_kb=1)
    with Spool(space, ANN) as spool:
        assert spool.put(ITEM)
        folder.rmdir()  # noqa: ASYNC240 - it is empty
        assert not spool.put(ITEM)
        assert (KB, 0) == taken(space)


def test_a_tenant_has_a_quarter_and_all_have_the_whole() -> None:
    """The last quarter is not there for a fifth."""
    limit = SpaceLimit(100)
    assert [True, False, True] == [limit.take(ANN, 20), limit.take(ANN, 6), limit.take(ANN, 5)]
    assert [True] * 3 == [limit.take(str(number), 25) for number in range(3)]
    assert not limit.take(BOB, 1)
    assert limit.is_full(BOB)
    limit.give_back(ANN, 25)
    assert not limit.is_full(BOB)
    assert limit.take(BOB, 25)


def test_a_whole_file_takes_space_as_it_grows() -> None:
    """Writing over what is there takes none; a file that has no space is refused."""
    space = space_of(tenant_kb=4)
    with SpooledFile(space, ANN) as file:
        for _ in range(3):
            file.write(ITEM)
        file.seek(KB)
        file.write(ITEM)
        assert (0, 3 * KB) == taken(space)
        file.seek(0, 2)
        file.write(ITEM)
        with pytest.raises(TooMuch):
            file.write(b"x")
        file.seek(0)
        assert 4 * KB == len(file.read())

    assert (0, 0) == taken(space)
