"""Files of a delivery: rendered once per claim and format, hashed, and packed."""

import asyncio
import hashlib
import io
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from daybook.rendering.v1.rendering_service_pb2 import RenderRequest
from daybook.schedule.v1.delivery_service_pb2 import Claim
from daybook.schedule.v1.schedule_pb2 import RunFile

from services.errors import TooMuch
from services.errors.reports import FileTooLarge
from services.rendering.render import Renderer
from services.rendering.requests import RenderJob, RenderRequests

ZIP_TYPE = "application/zip"
FILE_MODE = 0o644 << 16
IN_MEMORY = 1024 * 1024  # bytes of a file before it goes to a temporary one
TRIES = 5  # of a render, where all slots are taken


@dataclass(frozen=True, slots=True)
class DeliveryFile:
    """File to attach."""

    name: str
    media_type: str
    size: int
    file: IO[bytes]

    def read(self) -> bytes:
        """Return all bytes of the file."""
        self.file.seek(0)
        return self.file.read()


class DeliveryFiles:
    """Files of a claim, as they are and as a zip file of this name; the members have this time, and so equal bytes."""

    def __init__(
        self, files: Sequence[DeliveryFile], rendered: Sequence[RunFile], zip_name: str, time: datetime
    ) -> None:
        self.files = files
        self.rendered = rendered
        self._zip_name, self._time = zip_name, time

    @cached_property
    def zipped(self) -> DeliveryFile:
        """The zip file, made when it is asked for."""
        out = io.BytesIO()
        with ZipFile(out, "w") as packed:
            for one in self.files:
                member = ZipInfo(one.name, self._time.timetuple()[:6])
                member.compress_type, member.external_attr = ZIP_DEFLATED, FILE_MODE
                one.file.seek(0)
                with packed.open(member, "w") as into:
                    shutil.copyfileobj(one.file, into)
        return DeliveryFile(self._zip_name, ZIP_TYPE, out.tell(), out)


class DeliveryRenderer:
    """Renderer of a claim's files for the holder of its token, a few claims at a time so that downloads have slots.

    Nothing is written that no mail of `max_bytes` could hold.
    """

    def __init__(self, renderer: Renderer, requests: RenderRequests, at_once: int, max_bytes: int) -> None:
        self._renderer, self._requests = renderer, requests
        self._slots = asyncio.Semaphore(at_once)
        self._max_bytes = max_bytes

    @asynccontextmanager
    async def rendered(self, claim: Claim, file_name: str) -> AsyncIterator[DeliveryFiles | None]:
        """Give the files of a claim while the context lasts, None where no mail can hold them.

        Fails as `Renderer.render` does.
        """
        async with AsyncExitStack() as stack:
            files, rendered = [], []
            for job in self._jobs(claim):
                file = stack.enter_context(SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - the stack closes it
                try:
                    async with self._slots:
                        done = await self._render(job, file)
                except FileTooLarge:  # of this format; the page behind the link offers others
                    done = None
                if done is None:
                    break
                name = f"{file_name}.{job.format.suffix}"
                files.append(DeliveryFile(name, job.format.media_type, done.size_bytes, file))
                rendered.append(done)
            else:
                time = claim.due_time.ToDatetime()
                yield DeliveryFiles(files, rendered, f"{file_name}.zip", time)
                return
            yield None

    def _jobs(self, claim: Claim) -> Sequence[RenderJob]:
        authorization = link_credentials(claim)
        if claim.HasField("time_report"):
            requests = [RenderRequest(time_report=claim.time_report, format=number) for number in claim.formats]
        else:
            requests = [RenderRequest(report_id=claim.report_id, format=number) for number in claim.formats]
        return [self._requests.read(request, authorization) for request in requests]

    async def _render(self, job: RenderJob, file: IO[bytes]) -> RunFile | None:
        for _ in range(TRIES - 1):
            try:
                return await self._written(job, file)
            except TooMuch as busy:
                await asyncio.sleep(busy.retry_after_s or 1.0)
        return await self._written(job, file)

    async def _written(self, job: RenderJob, file: IO[bytes]) -> RunFile | None:
        """Write a file and return what it is, None where it is too large."""
        most = self._max_bytes * job.format.zip_ratio
        digest, size = hashlib.sha256(), 0
        async with self._renderer.render(job) as rendered, aclosing(rendered.chunks) as chunks:
            if (rendered.size_bytes or 0) > most:
                return None
            async for chunk in chunks:
                size += len(chunk)
                if size > most:
                    return None
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
        return RunFile(format=job.format.number, size_bytes=size, sha256=digest.hexdigest())


def link_credentials(claim: Claim) -> str:
    """Return the credentials that open the report of a claim until its lease ends."""
    return f"Link {claim.access_token}"
