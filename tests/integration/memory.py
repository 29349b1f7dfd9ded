"""Watching the memory of a process."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import psutil


@contextmanager
def peak_of(process: psutil.Process) -> Iterator[list[int]]:
    """Note the process's memory every 50 ms."""
    seen: list[int] = []

    async def watch() -> None:
        while True:
            seen.append(process.memory_info().rss)
            await asyncio.sleep(0.05)

    task = asyncio.create_task(watch())
    try:
        yield seen
    finally:
        task.cancel()
