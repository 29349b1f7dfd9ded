"""Rendering reads a report once, writes it in a thread, and leaves nothing behind however it ends."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pytest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_JSON, FORMAT_XLS, Format, RenderRequest
from daybook.savedreport.v1.time_report_pb2 import Source

from services.errors import InvalidParameters, NotFound, NotNow, TooMuch, Unavailable
from services.errors.reports import FileTooLarge
from services.rendering.formats.base import RenderOptions
from services.rendering.formats.registry import FormatSettings, all_formats
from services.rendering.ports import StoredReport
from services.rendering.render import RenderedFile, Renderer, RenderLimits
from services.rendering.requests import RenderJob, RenderRequests
from services.rendering.thread_bridge import Abandoned
from services.runtime.limits import ConcurrencyLimit
from services.runtime.spool_space import SpoolSpace
from services.runtime.spool_writer import background_limit
from tests.fakes.rendering import FakeFormat, FakeReportReader

CHUNK = 1_000
KINDS = pytest.mark.parametrize("streams", [False, True], ids=["whole", "streamed"])


@dataclass(frozen=True)
class Rendering:
    """A renderer and the one format that files are asked in."""

    made: FakeFormat
    renderer: Renderer

    def file(self) -> AbstractAsyncContextManager[RenderedFile]:
        return self.renderer.render(RenderJob(StoredReport(7), self.made, RenderOptions(headless=True), "NVX key"))


@asynccontextmanager
async def renders(
    source: FakeReportReader, made: FakeFormat, waiting: int = 0, space: SpoolSpace | None = None
) -> AsyncIterator[Rendering]:
    """Hold a renderer with one format, one place of each sort, and no patience."""
    with ThreadPoolExecutor(2, thread_name_prefix="render") as threads:
        places = [ConcurrencyLimit("work", 1, waiting=waiting, wait_s=0.05, suspended=9) for _ in range(2)]
        limits = RenderLimits(
            *places,
            background_limit("background"),
            space or SpoolSpace(4 * CHUNK, 10**6 * CHUNK),
            threads=threads,
            chunk_bytes=CHUNK,
        )
        yield Rendering(made, Renderer(source, limits))


async def fetch(rendering: Rendering) -> tuple[RenderedFile, list[bytes]]:
    async with rendering.file() as file, aclosing(file.chunks) as chunks:
        return file, [chunk async for chunk in chunks]


async def until(claim: Callable[[], bool]) -> None:
    async with asyncio.timeout(120):
        while not claim():  # noqa: ASYNC110 - threads tell the loop nothing
            await asyncio.sleep(0.001)


def open_files() -> set[str]:
    """Return what this process's open files are, without those that only wait to be collected."""
    gc.collect()
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # that of this listing itself
            found.add(f"{descriptor.name}: {descriptor.readlink()}")
    return found


@KINDS
async def test_a_file_is_what_the_format_wrote(streams: bool) -> None:
    """Its name, type and bytes arrive in chunks of the size set; options and credentials are passed on."""
    source, made = FakeReportReader(parts=5), FakeFormat(streams=streams)
    async with renders(source, made) as renderer:
        file, chunks = await fetch(renderer)

    assert bytes(chain.from_iterable(bytes([index]) * 3_000 for index in range(5))) == b"".join(chunks)
    assert {CHUNK} == {len(chunk) for chunk in chunks}
    assert ("Trip-report.fake", "application/json") == (file.name, file.media_type)
    assert [(StoredReport(7), "NVX key")] == source.asked
    assert [77] == source.point_limits  # of the format's charts
    assert made.options == RenderOptions(headless=True)
    assert made.thread.startswith("render")


@pytest.mark.parametrize(
    ("streams", "part_bytes", "expected"), [(False, 3_000, 9_000), (True, 3_000, None), (True, 200, 600), (True, 0, 0)]
)
async def test_the_size_is_known_when_the_file_is(streams: bool, part_bytes: int, expected: int | None) -> None:
    """A file that is whole before it is sent has a size; so has a streamed one that fits into a chunk."""
    async with renders(FakeReportReader(), FakeFormat(streams=streams, part_bytes=part_bytes)) as renderer:
        file, chunks = await fetch(renderer)

    assert expected == file.size_bytes
    assert 3 * part_bytes == len(b"".join(chunks))


def test_a_format_must_be_on_offer() -> None:
    """An unknown format is a bad parameter; so are a missing source and a format that time reports do not have."""
    formats = all_formats(FormatSettings())
    requests = RenderRequests(formats)
    with pytest.raises(InvalidParameters) as unknown:
        requests.read(RenderRequest(report_id=7, format=99), None)  # type: ignore[arg-type]  # of a newer contract
    with pytest.raises(InvalidParameters) as refused:
        requests.read(RenderRequest(time_report=Source(), format=FORMAT_XLS), None)
    with pytest.raises(InvalidParameters) as nothing:
        requests.read(RenderRequest(format=FORMAT_XLS), None)

    assert {"format": f"must be one of {', '.join(one.suffix for one in formats)}"} == {
        one.field: one.description for one in unknown.value.violations
    }
    assert {"format": "must be one of csv, xlsx, pdf"} == {
        one.field: one.description for one in refused.value.violations
    }
    assert ["source"] == [one.field for one in nothing.value.violations]


def test_each_format_of_the_contract_is_registered_by_its_name() -> None:
    """The word of its member is the suffix of its files."""
    expected = {number: name.removeprefix("FORMAT_").lower() for name, number in Format.items() if number}

    assert expected == {one.number: one.suffix for one in all_formats(FormatSettings())}


@KINDS
async def test_a_report_that_cannot_be_had_costs_no_place(streams: bool) -> None:
    """A client that retries an unfinished report is answered although all places are held."""
    made = FakeFormat(streams=streams, part_bytes=CHUNK * 9)
    source = FakeReportReader(endless=True)
    async with renders(source, made) as renderer:
        holder = asyncio.ensure_future(fetch(renderer))
        await asyncio.to_thread(made.writing.acquire, timeout=120)
        source._refusal = NotNow()
        with pytest.raises(NotNow):
            await fetch(renderer)
        source._refusal = None
        with pytest.raises(TooMuch):
            await fetch(renderer)
        holder.cancel()
        with pytest.raises(asyncio.CancelledError):
            await holder


@KINDS
async def test_a_link_may_allow_some_formats_alone(streams: bool) -> None:
    """Another is not found, and nothing stays open; a link that names none allows all."""
    refused, allowed = FakeReportReader(allowed_formats=[FORMAT_XLS]), FakeReportReader(allowed_formats=[FORMAT_JSON])
    async with renders(refused, FakeFormat(streams=streams)) as renderer:
        with pytest.raises(NotFound):
            await fetch(renderer)
    async with renders(allowed, FakeFormat(streams=streams)) as renderer:
        await fetch(renderer)

    assert 0 == refused.open_now == refused.read


@KINDS
@pytest.mark.parametrize("part_bytes", [100, 30_000])
async def test_a_report_that_breaks_off_ends_the_file_with_the_same_error(streams: bool, part_bytes: int) -> None:
    """Errors of generation come out unchanged: before the file where nothing was sent, from its chunks otherwise."""
    failure = Unavailable("gone")
    async with renders(
        FakeReportReader(failure=failure), FakeFormat(streams=streams, part_bytes=part_bytes)
    ) as renderer:
        with pytest.raises(Unavailable) as caught:
            await fetch(renderer)

        assert failure is caught.value
        await assert_nothing_is_held(renderer)


@KINDS
async def test_what_a_format_refuses_comes_before_the_file(streams: bool) -> None:
    """A report too large for its format fails the call before its first message."""
    async with renders(FakeReportReader(), FakeFormat(streams=streams, failure=FileTooLarge())) as renderer:
        with pytest.raises(FileTooLarge):
            await renderer.file().__aenter__()

        await assert_nothing_is_held(renderer)


@KINDS
@pytest.mark.parametrize("endless", [True, False], ids=["waiting for a part", "writing"])
async def test_a_client_that_goes_leaves_nothing_behind(streams: bool, endless: bool) -> None:
    """The thread stops at the next part or chunk; its place, its file and the reading of the report are given back."""
    files = open_files()
    source = FakeReportReader(parts=2 if endless else 100_000, endless=endless)
    made = FakeFormat(streams=streams, part_bytes=CHUNK * 2)
    async with renders(source, made) as renderer:
        reader = asyncio.ensure_future(read_slowly(renderer))
        await asyncio.to_thread(made.writing.acquire, timeout=120)
        await asyncio.sleep(0.05)
        reader.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reader

        assert isinstance(made.ended, Abandoned)
        assert 0 == source.open_now
        source._parts, source._endless = 1, False
        await assert_nothing_is_held(renderer)
    assert set() == open_files() - files  # one of a test before may be closed meanwhile


async def read_slowly(renderer: Rendering) -> None:
    async with renderer.file() as file, aclosing(file.chunks) as chunks:
        async for _ in chunks:
            await asyncio.Event().wait()


async def test_a_second_cancellation_does_not_leave_the_thread_alone() -> None:
    """Cancelled again while the thread ends, a render still waits for it."""
    made = FakeFormat(streams=False)
    async with renders(FakeReportReader(endless=True), made) as renderer:
        reader = asyncio.ensure_future(fetch(renderer))
        await asyncio.to_thread(made.writing.acquire, timeout=120)
        for _ in range(3):
            reader.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await reader

        assert isinstance(made.ended, Abandoned)


async def test_a_slow_client_holds_no_place() -> None:
    """A streamed file is written to its end although nobody takes it: others render, and it comes whole in the end."""
    source = FakeReportReader(parts=500)
    made = FakeFormat(streams=True, part_bytes=CHUNK)
    async with renders(source, made) as renderer, renderer.file() as slow, aclosing(slow.chunks) as chunks:
        first = await anext(chunks)
        await until(lambda: source.read == 500 and not renderer.renderer._limits.streams._tenants)
        _, others = await fetch(renderer)
        rest = [chunk async for chunk in chunks]

    assert [bytes([index % 256]) * CHUNK for index in range(500)] == [first, *rest]
    assert [first, *rest] == others


async def test_a_slow_client_past_its_space_holds_no_place_either() -> None:
    """Writing goes on when the client has taken some, and others render meanwhile."""
    space = SpoolSpace(4 * CHUNK, 4 * 20 * CHUNK)
    source, made = FakeReportReader(parts=100), FakeFormat(streams=True, part_bytes=CHUNK)
    async with renders(source, made, space=space) as renderer, renderer.file() as slow, aclosing(slow.chunks) as chunks:
        await anext(chunks)
        await until(lambda: renderer.renderer._limits.streams._free == 1)
        assert 26 >= source.read - 3
        source._tenant, source._parts = "bob", 10
        assert 10 == len((await fetch(renderer))[1])
        rest = [chunk async for chunk in chunks]

    assert 99 == len(rest)
    assert 0 == space.disk._taken.total() + space.memory._taken.total()


@KINDS
async def test_who_has_no_space_left_is_refused(streams: bool) -> None:
    """Another tenant is served."""
    space = SpoolSpace(2 * CHUNK, 4 * 20 * CHUNK)
    source, made = FakeReportReader(parts=10), FakeFormat(streams=streams, part_bytes=9 * CHUNK)
    async with renders(source, made, space=space) as renderer:
        if streams:
            holder = asyncio.ensure_future(read_slowly(renderer))
            await until(lambda: space.disk.is_full(""))
        else:
            with pytest.raises(TooMuch):  # it finds out while it is written
                await fetch(renderer)
            assert space.disk.take("", 20 * CHUNK)
            assert not space.disk.take("", 1)
        with pytest.raises(TooMuch):
            await fetch(renderer)
        source._tenant, source._parts = "bob", 2
        assert 18 == len((await fetch(renderer))[1])
        if streams:
            holder.cancel()
            with pytest.raises(asyncio.CancelledError):
                await holder


async def test_files_that_wait_for_readers_take_space_until_they_are_read() -> None:
    """Two whole files fit into a tenant's quarter, a third does not until one is gone."""
    space = SpoolSpace(CHUNK, 4 * 20 * CHUNK)
    async with renders(FakeReportReader(), FakeFormat(streams=False), space=space) as renderer:
        async with renderer.file(), renderer.file():
            assert 18 * CHUNK == space.disk._taken.total()
            with pytest.raises(TooMuch):
                await fetch(renderer)
        assert 9 == len((await fetch(renderer))[1])
    assert 0 == space.disk._taken.total()


async def test_a_file_that_is_written_gives_its_place_back_before_it_is_sent() -> None:
    """A client that takes its time with a finished file keeps nobody from rendering."""
    async with renders(FakeReportReader(), FakeFormat(streams=False)) as renderer, renderer.file() as slow:
        _, chunks = await fetch(renderer)

        assert 9 == len(chunks)
        assert 9_000 == slow.size_bytes
        await slow.chunks.aclose()


async def assert_nothing_is_held(renderer: Rendering) -> None:
    """Take every place there is, which fails when one has been lost."""
    for places in (renderer.renderer._limits.files, renderer.renderer._limits.streams):
        async with places.slot(""):
            pass
