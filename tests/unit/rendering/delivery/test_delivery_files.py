"""Files of deliveries: how many are rendered at once, what is too large, and what a busy renderer means."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from daybook.rendering.v1.rendering_service_pb2 import FORMAT_CSV, FORMAT_PDF

from services.errors import TooMuch
from services.errors.reports import FileTooLarge
from services.rendering.delivery.files import DeliveryRenderer
from services.rendering.formats.registry import FormatSettings, all_formats
from services.rendering.render import RenderedFile
from services.rendering.requests import RenderJob, RenderRequests
from tests.builders.claims import claim_of, mail_to

CLAIM = claim_of([mail_to("bob@example.com")])


class FakeRenderer:
    """Renderer of files of so many bytes; errors come first. It counts how many it writes at once."""

    def __init__(self, size: int = 10, *errors: Exception) -> None:
        self._size, self._errors = size, list(errors)
        self.now = self.most = self.written = 0

    @asynccontextmanager
    async def render(self, job: RenderJob) -> AsyncIterator[RenderedFile]:
        if self._errors:
            raise self._errors.pop(0)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            yield RenderedFile(f"report.{job.format.suffix}", job.format.media_type, None, self._chunks())
        finally:
            self.now -= 1

    async def _chunks(self) -> AsyncIterator[bytes]:
        for _ in range(self._size):
            await asyncio.sleep(0)
            self.written += 1
            yield b"x"


def renderer(fake: FakeRenderer, *, at_once: int = 1, max_bytes: int = 1_000) -> DeliveryRenderer:
    return DeliveryRenderer(fake, RenderRequests(all_formats(FormatSettings())), at_once, max_bytes)  # type: ignore[arg-type]


@pytest.mark.parametrize("at_once", [1, 2])
async def test_deliveries_take_no_more_slots_than_they_may(at_once: int) -> None:
    """However many claims are in delivery."""
    fake = FakeRenderer()
    rendering = renderer(fake, at_once=at_once)

    async def one() -> None:
        async with rendering.rendered(CLAIM, "report") as files:
            assert files is not None

    await asyncio.gather(*(one() for _ in range(5)))
    assert at_once == fake.most


@pytest.mark.parametrize(("format_", "times"), [(FORMAT_PDF, 1), (FORMAT_CSV, 16)])
async def test_a_file_that_no_mail_can_hold_is_not_written_to_its_end(format_: int, times: int) -> None:
    """A file that packing may shrink is let through for so many times the size."""
    fake = FakeRenderer(100_000)
    claim = claim_of([mail_to("bob@example.com")], formats=[format_])
    async with renderer(fake).rendered(claim, "report") as files:
        assert files is None

    assert 1_000 * times + 1 == fake.written


async def test_a_report_that_its_format_cannot_hold_is_too_large() -> None:
    """The page behind the link has other formats."""
    async with renderer(FakeRenderer(1, FileTooLarge())).rendered(CLAIM, "report") as files:
        assert files is None


async def test_a_busy_renderer_is_asked_again() -> None:
    """Five times; then the delivery is tried later."""
    busy = [TooMuch(retry_after_s=0.001) for _ in range(9)]
    async with renderer(FakeRenderer(1, *busy[:4])).rendered(CLAIM, "report") as files:
        assert files is not None
    with pytest.raises(TooMuch):
        async with renderer(FakeRenderer(1, *busy[4:])).rendered(CLAIM, "report"):
            pass


async def test_files_are_closed_with_the_claim() -> None:
    """Nothing of them is left."""
    async with renderer(FakeRenderer()).rendered(CLAIM, "report") as files:
        assert files is not None
        (file,) = files.files
        assert b"x" * 10 == file.read() == file.read()

    assert file.file.closed
