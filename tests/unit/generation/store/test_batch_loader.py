"""Questions to a store, asked together."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from services.errors import StoreUnavailable
from services.generation.store.batch_loader import BatchLoader


class Store:
    """Holds texts by number, and notes what it is asked; it answers when it is let."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.texts = {1: "one", 2: "two"}
        self.failure: Exception | None = None
        self.may_answer = asyncio.Event()

    async def some(self, keys: Collection[int]) -> Mapping[int, str]:
        """Return the texts of some numbers."""
        self.asked.append(list(keys))
        await self.may_answer.wait()
        if self.failure is not None:
            raise self.failure
        return {key: self.texts[key] for key in keys if key in self.texts}


async def test_who_asks_meanwhile_is_asked_for_in_the_next_question() -> None:
    """However many ask while a question is under way, the store is asked once more; each gets its own answer."""
    store = Store()
    together = BatchLoader(store.some)
    first = asyncio.create_task(together.one(1))
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.one(key)) for key in (1, 2, 2, 3)]
    await asyncio.sleep(0)
    store.may_answer.set()

    assert "one" == await first
    assert ["one", "two", "two", None] == await asyncio.gather(*others)
    assert [[1], [1, 2, 3]] == store.asked


async def test_an_answer_is_never_older_than_its_question() -> None:
    """What changes before somebody asks is in the answer, even while an older question is under way."""
    store = Store()
    together = BatchLoader(store.some)
    before = asyncio.create_task(together.one(3))
    await asyncio.sleep(0)
    after = asyncio.create_task(together.one(1))
    store.texts[1] = "changed"
    store.may_answer.set()

    assert [None, "changed"] == await asyncio.gather(before, after)


async def test_a_failure_is_everybodys_and_the_next_question_is_asked_anew() -> None:
    """All who wait when the store fails hear so; later ones are not harmed."""
    store = Store()
    together = BatchLoader(store.some)
    waiting = [asyncio.create_task(together.one(key)) for key in (1, 2)]
    store.failure = StoreUnavailable()
    store.may_answer.set()
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    store.failure = None

    assert [StoreUnavailable, StoreUnavailable] == [type(one) for one in outcomes]
    assert "two" == await together.one(2)


async def test_a_caller_who_goes_away_takes_nobody_along() -> None:
    """A cancelled question leaves those of others alone."""
    store = Store()
    together = BatchLoader(store.some)
    gone, stays = (asyncio.create_task(together.one(1)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    store.may_answer.set()

    assert "one" == await stays
    with pytest.raises(asyncio.CancelledError):
        await gone
