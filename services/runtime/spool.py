"""Spool between a writer and its reader: some memory, then temporary files, so that the writer need not wait."""

import asyncio
import io
import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from tempfile import TemporaryFile
from types import TracebackType
from typing import NamedTuple, Self

from services.errors import TooMuch
from services.runtime.spool_space import SpoolSpace

SEGMENT_BYTES = 4 * 1024 * 1024  # of a file; a file that is read is removed
DISK_FULL_S = 1.0  # until it is tried again
AHEAD_BYTES = 512 * 1024  # unread, past which a reader is behind

log = logging.getLogger("daybook.spool")


class Spool:
    """Queue of bytes from a writer in any thread to a reader in the event loop, which is that of its creation."""

    def __init__(self, space: SpoolSpace, tenant: str) -> None:
        self._space = space
        self._tenant = tenant
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()  # held for what is below; files have locks of their own
        self._entries: deque[bytes | _Stored] = deque()
        self._in_memory = 0
        self._segments: list[_Segment] = []  # the last is being written
        self._more = asyncio.Event()
        self._is_ended = self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def put(self, item: bytes, *, far_ahead: bool = True) -> bool:
        """Return whether the item is taken. Called by the writer.

        It is not when there is no space for it, or when the reader is behind and the writer may not be far ahead.
        """
        kept = self._kept(item, self._space.memory_bytes if far_ahead else self._ahead_bytes)
        entry = self._written(item) if kept is None and far_ahead else kept
        if entry is None:
            return False
        with self._lock:
            self._entries.append(entry)
        self._loop.call_soon_threadsafe(self._more.set)
        return True

    @property
    def is_behind(self) -> bool:
        """Whether more waits for the reader than for one that takes what is written."""
        return bool(self._segments) or self._in_memory > self._ahead_bytes

    @property
    def _ahead_bytes(self) -> int:
        return min(AHEAD_BYTES, self._space.memory_bytes)

    async def is_taken(self, size: int) -> None:
        """Wait until the reader has taken half of what it may leave, and there is memory for so many bytes."""
        half = self._ahead_bytes // 2
        await self._until(lambda: self._in_memory <= half and self._space.memory.has(self._tenant, size))

    async def has_disk(self, size: int) -> None:
        """Wait until so many bytes may be written to files."""
        if self._space.disk.has(self._tenant, size):
            await asyncio.sleep(DISK_FULL_S)  # it cannot write what it may
        await self._until(lambda: self._space.disk.has(self._tenant, size))

    async def _until(self, claim: Callable[[], bool]) -> None:
        changed = asyncio.Event()

        def tell() -> None:
            self._loop.call_soon_threadsafe(changed.set)

        with self._space.told(tell):
            while not claim():
                await changed.wait()
                changed.clear()

    def end(self) -> None:
        """End the reader's items after those that were put; called in the loop."""
        self._is_ended = True
        self._more.set()

    async def take(self) -> bytes | None:
        """Return the next item, None after the last."""
        while True:
            with self._lock:
                entry = self._entries.popleft() if self._entries else None
            if entry is not None:
                return await self._read(entry)
            if self._is_ended:
                return None
            self._more.clear()
            if not self._entries:
                await self._more.wait()

    def close(self) -> None:
        """Drop everything and give its space back; what is put afterwards is dropped too."""
        with self._lock:
            self._is_closed = True
            in_memory, self._in_memory = self._in_memory, 0
            segments, self._segments = self._segments, []
            self._entries.clear()
        self._space.give_back(self._space.memory, self._tenant, in_memory)
        for segment in segments:
            self._remove(segment)

    def _kept(self, item: bytes, most: int) -> bytes | None:
        """Return the item if it is kept in memory: alone, or with no more than so many bytes."""
        with self._lock:
            if self._is_closed:
                return item
            fits = not self._in_memory or self._in_memory + len(item) <= most
            if not fits or not self._space.memory.take(self._tenant, len(item)):
                return None
            self._in_memory += len(item)
            return item

    def _written(self, item: bytes) -> "_Stored | None":
        """Return the place of the item if it is written to a file."""
        size = len(item)
        if not self._space.disk.take(self._tenant, size):
            return None
        segment = None
        try:
            segment = self._segment(size)
            return _Stored(segment, segment.append(item), size)
        except OSError as error:  # the disk is full before its space is: the writer waits as if it were that
            log.warning("waiting files cannot be written", extra={"cause": str(error)})
            if segment is not None:
                with self._lock:
                    segment.unread -= 1
                    segment.size -= size
            self._space.give_back(self._space.disk, self._tenant, size)
            return None

    def _segment(self, size: int) -> "_Segment":
        """Return the segment that so many more bytes are written to."""
        with self._lock:
            if not self._segments or self._segments[-1].size >= SEGMENT_BYTES:
                self._segments.append(_Segment())
            segment = self._segments[-1]
            segment.unread += 1
            segment.size += size
            if self._is_closed:
                self._remove(self._segments.pop())
            return segment

    async def _read(self, entry: "bytes | _Stored") -> bytes:
        if isinstance(entry, bytes):
            with self._lock:
                size = min(len(entry), self._in_memory)  # 0 once closed
                self._in_memory -= size
            self._space.give_back(self._space.memory, self._tenant, size)
            return entry
        item = await asyncio.to_thread(entry.segment.read, entry.place, entry.size)
        with self._lock:
            entry.segment.unread -= 1
            is_read = not entry.segment.unread and entry.segment in self._segments
            if is_read:
                self._segments.remove(entry.segment)
        if is_read:
            self._remove(entry.segment)
        return item

    def _remove(self, segment: "_Segment") -> None:
        segment.close()
        self._space.give_back(self._space.disk, self._tenant, segment.size)


class _Segment:
    """Temporary file of a spool, written and read at once. Once closed, it takes what is written and holds nothing."""

    def __init__(self) -> None:
        self.size = 0  # in bytes
        self.unread = 0  # items
        self._file = TemporaryFile(buffering=0)  # noqa: SIM115 - it is closed once it is read
        self._lock = threading.Lock()  # no other file may get its number while it is read or written

    def append(self, item: bytes) -> int:
        """Write an item and return its place. Raises OSError."""
        with self._lock:
            if self._file.closed:
                return 0
            place = self._file.seek(0, io.SEEK_END)
            rest = memoryview(item)
            try:
                while rest:
                    rest = rest[self._file.write(rest) :]
            except OSError:
                self._file.truncate(place)
                raise
            return place

    def read(self, place: int, size: int) -> bytes:
        """Return an item, nothing once closed."""
        with self._lock:
            return b"" if self._file.closed else os.pread(self._file.fileno(), size, place)

    def close(self) -> None:
        """Remove the file."""
        with self._lock:
            self._file.close()


class _Stored(NamedTuple):
    """Item in a file."""

    segment: _Segment
    place: int
    size: int


class SpooledFile(io.BufferedRandom):
    """Temporary file that waits for a reader as a whole. Its size is taken from the space of a tenant."""

    def __init__(self, space: SpoolSpace, tenant: str) -> None:
        super().__init__(TemporaryFile(buffering=0))  # noqa: SIM115 - closing the one closes the other
        self._space = space
        self._tenant = tenant
        self._size = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]  # formats write bytes
        """Write at the present place. Raises TooMuch when there is no space for a longer file."""
        more = self.tell() + len(data) - self._size
        if more > 0:
            if not self._space.disk.take(self._tenant, more):
                raise TooMuch
            self._size += more
        return super().write(data)

    def close(self) -> None:
        """Remove the file and give its space back."""
        if not self.closed:
            super().close()
            self._space.give_back(self._space.disk, self._tenant, self._size)
