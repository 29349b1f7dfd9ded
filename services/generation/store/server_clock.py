"""Clock of the MongoDB server, which all processes of the service share."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from pymongo.asynchronous.database import AsyncDatabase

from services.generation.store.mongo import Document

LONGEST = timedelta(seconds=1)  # of an answer that tells the time


def now() -> datetime:
    """Return the present moment of this machine, to the millisecond that MongoDB keeps."""
    return _to_millisecond(datetime.now(UTC))


def _to_millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class ServerClock:
    """Moments by the server's clock, so that leases of several machines hold however their own clocks go.

    Until the first `synchronize` they are those of this machine.
    """

    def __init__(self, machine: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._machine = machine
        self._ahead = timedelta()

    def now(self) -> datetime:
        """Return the present moment, to the millisecond that MongoDB keeps."""
        return _to_millisecond(self._machine() + self._ahead)

    async def synchronize(self, database: AsyncDatabase[Document]) -> None:
        """Ask the server for its time; an answer that took long is not used. Raises PyMongoError."""
        asked = self._machine()
        told: datetime = (await database.command("hello", codec_options=database.codec_options))["localTime"]
        took = self._machine() - asked
        if took < LONGEST:
            self._ahead = told - asked - took / 2
