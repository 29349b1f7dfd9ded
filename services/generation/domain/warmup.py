"""Certainty: from when on it no longer matters what came before the first point read."""

import numpy as np

from services.generation.domain.columns import Ints


class Warmup:
    """Follows accepted and refused points from an arbitrary first one.

    Where no point is refused for longer than a jump is remembered, detection that started earlier has accepted one of
    the same points, and accepts the same points from then on.
    """

    def __init__(self, jump_memory_s: float) -> None:
        self.sure_ms: int | None = None  # accepted points from here on are those of every earlier start
        self._memory_ms = jump_memory_s * 1000
        self._calm_since_ms: int | None = None
        self._is_calm = False

    def follow(self, accepted_ms: Ints, refused_ms: Ints) -> None:
        """Take note of the next points."""
        if self.sure_ms is not None or not len(accepted_ms):
            self._calm_since_ms = None if len(refused_ms) else self._calm_since_ms
            return
        refusals = np.searchsorted(refused_ms, accepted_ms)
        since_ms = accepted_ms[np.searchsorted(refusals, refusals)]
        if self._calm_since_ms is not None:
            since_ms[refusals == 0] = self._calm_since_ms
        calm = accepted_ms - since_ms > self._memory_ms
        after_calm = np.flatnonzero(np.append(self._is_calm, calm[:-1]))
        if len(after_calm):
            self.sure_ms = int(accepted_ms[after_calm[0]])
        self._is_calm = self._is_calm or bool(calm.any())
        self._calm_since_ms = int(since_ms[-1]) if refusals[-1] == len(refused_ms) else None
