"""Stats that are read again and again."""

import asyncio

import pytest

from services.errors import StoreUnavailable
from services.generation.reporting.stats_watch import watch_stats


async def test_stats_are_unknown_while_they_cannot_be_read_and_known_again_afterwards() -> None:
    """Whatever the store answers, the watch goes on."""
    answers: list[int | Exception] = [1, StoreUnavailable(), 2, ValueError("odd"), 3]
    shown: list[int] = []

    async def read() -> int:
        answer = answers[len(shown)]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def show(stats: int) -> None:
        shown.append(stats)
        if len(shown) == len(answers):
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await watch_stats(read, show, -1, 0)

    assert [1, -1, 2, -1, 3] == shown
