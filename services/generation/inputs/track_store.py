"""What telemetry and reports need of the store of track points."""

from collections.abc import Collection
from typing import Protocol

from services.generation.domain.points import Points
from services.generation.domain.tracks import Track


class TrackStore(Protocol):
    """Where points are written."""

    async def add(self, tracker_id: int, points: Points) -> int:
        """Store the points that are new, or better than what is stored of their moment; return how many they are.

        When it returns all of the points are on disk. Raises StoreUnavailable; then some of them may be stored.
        """

    async def remove(self, tracker_id: int) -> None:
        """Delete all points of a tracker."""


class Trackers(Protocol):
    """Which trackers there are."""

    async def known(self, tracker_ids: Collection[int]) -> set[int]:
        """Return those of the ids that exist and are not being removed, whoever owns them."""


class TrackReader(Protocol):
    """Where workers read tracks."""

    def read(self, tracker_id: int, start_ms: int, end_ms: int) -> Track:
        """Return the points from `start_ms` to before `end_ms`. Raises StoreUnavailable."""

    def odometer_before(self, tracker_id: int, end_ms: int) -> tuple[int, int] | None:
        """Return where the last odometer readings before a moment may lie, None without any. Raises StoreUnavailable.

        It is a half-open interval in ms that begins before the moment.
        """

    def span(self, tracker_id: int) -> tuple[int, int] | None:
        """Return the moments of the first and the last point in ms, None without points. Raises StoreUnavailable."""
