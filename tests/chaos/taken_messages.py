"""Messages that a receiver of a campaign took, by name, and those that a kill may have doubled."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

LONGEST_S = 0.4  # over a message
AFTER_S = 1.0  # for which the bytes of a process that was killed may still come
RECORDED_S = 2.0  # after an answer, until it is surely recorded


@dataclass
class TakenMessages:
    """Counts of the messages that were taken; without `is_rough` every message is, and its sender told so."""

    chance: random.Random = field(default_factory=random.Random)
    taken: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)  # taken, and the client was not told so
    spans_s: list[tuple[str, float, float]] = field(default_factory=list)  # from the last byte of each to its answer
    is_rough: bool = True

    @asynccontextmanager
    async def answering(self, name: str) -> AsyncIterator[None]:
        """Note the time that a message is answered in, some of which passes before the context."""
        began_s = time.monotonic()
        try:
            await asyncio.sleep(self.chance.random() * LONGEST_S)
            yield
        finally:
            self.spans_s.append((name, began_s, time.monotonic()))

    def doubled(self) -> dict[str, int]:
        """Return how often each message came that came more than once."""
        return {name: times for name, times in self.taken.items() if times > 1}

    def again(self) -> int:
        """Return how many messages came that had come before."""
        return self.taken.total() - len(+self.taken)

    def unexcused(self, kills_s: Sequence[float]) -> list[str]:
        """Return what is said of messages that came again without a cut or a kill before their answer was recorded."""
        excused = self.cut + self._hit_by(kills_s)
        return [f"{name} came {times} times" for name, times in self.doubled().items() if times > 1 + excused[name]]

    def _hit_by(self, kills_s: Sequence[float]) -> Counter[str]:
        return Counter(
            name
            for name, began_s, ended_s in self.spans_s
            if any(began_s - AFTER_S < one < ended_s + RECORDED_S for one in kills_s)
        )
