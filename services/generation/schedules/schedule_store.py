"""Ports to stored schedules, their runs, the receivers of their mails, and counts of mails."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.generation.domain.paging import Page
from services.generation.schedules.run import Run
from services.generation.schedules.schedule import Kind, Schedule


@dataclass(frozen=True, slots=True)
class ScheduleFilter:
    """Schedules of a list: of an owner, of a workspace's saved reports, of a kind; None for all."""

    owner_id: int | None = None
    workspace_id: int | None = None
    kind: Kind | None = None


class Schedules(Protocol):
    """Schedules."""

    async def add(self, schedule: Schedule, limit: int) -> Schedule | None:
        """Store a new schedule under a new id and return it; None when the account has `limit` of them.

        Raises NotFound when the owner is being removed.
        """

    async def find(self, schedule_id: int) -> Schedule | None:
        """Return a schedule."""

    async def page(self, wanted: ScheduleFilter, page: Page) -> list[Schedule]:
        """Return schedules by ascending id."""

    async def due(self, now: datetime, limit: int, passed: Collection[int] = ()) -> list[Schedule]:
        """Return enabled schedules that are due, the longest due first, without those `passed`."""

    async def replace(self, schedule: Schedule) -> bool:
        """Store a change, made of the stored version, as the next version; return whether it was that one."""

    async def replace_all(self, schedules: Collection[Schedule]) -> None:
        """Store changes like `replace`, each for itself, leaving out those that were made of another version."""

    async def remove(self, schedule_id: int) -> bool:
        """Remove a schedule; return whether there was one. Its runs stay."""


@dataclass(frozen=True, slots=True)
class RunStats:
    """Numbers of deliveries that wait and that are in doubt, and the age of the oldest due one in seconds."""

    waiting: float = 0
    doubtful: float = 0
    oldest_s: float = 0


class Runs(Protocol):
    """Runs of schedules. They are kept for 90 days."""

    async def add(self, run: Run) -> Run | None:
        """Store a new run under a new id and return it; None when its schedule has one that was due then.

        Raises NotFound when the owner is being removed.
        """

    async def add_all(self, runs: Sequence[Run]) -> list[Run]:
        """Store new runs like `add`, and return those that were stored, without the runs of owners being removed."""

    async def find(self, run_id: int) -> Run | None:
        """Return a run."""

    async def page(self, schedule_id: int, page: Page, skip: int = 0) -> list[Run]:
        """Return runs of a schedule, the last due first; a page is after a moment and an id."""

    async def count(self, schedule_id: int) -> int:
        """Return how many runs a schedule has."""

    async def unfinished(self, schedule_id: int) -> list[Run]:
        """Return the runs of a schedule that are not over."""

    async def take_step(self, now: datetime, until: datetime) -> Run | None:
        """Return the run that has waited longest for its next step, and let no other caller have it before `until`."""

    async def hold_back(self, owner_id: int, until: datetime) -> None:
        """Let no caller have planned runs of an owner before `until`."""

    async def claim(self, worker: str, now: datetime, until: datetime) -> Run | None:
        """Claim a run whose `next_try` is over, under the next fence, until the end of a lease.

        It is one of the account with the fewest leases that have not ended, those of finished deliveries included, and
        of its runs the one whose `next_try` is the longest over. The lease names no deliveries yet.
        """

    async def replace(self, run: Run) -> bool:
        """Store a change, made of the stored version, as the next version; return whether it was that one."""

    async def stats(self, now: datetime) -> RunStats:
        """Return the amount of deliveries that are not over."""


@dataclass(frozen=True, slots=True)
class MailReceiver:
    """Receiver of a schedule's mails, known by the digest of the token in them."""

    owner_id: int
    schedule_id: int
    address: str  # in lower case
    unsubscribe_time: datetime | None = None
    from_all: bool = False

    def is_of(self, owner_id: int, schedule_id: int) -> bool:
        """Return whether its wish counts for a schedule: the one of its mails, or all of their owner."""
        return self.owner_id == owner_id and (self.from_all or self.schedule_id == schedule_id)


class MailReceivers(Protocol):
    """Receivers of mails and their wish to get no more. They outlive the schedules."""

    async def remember(self, digest: bytes, receiver: MailReceiver) -> None:
        """Store a receiver whose mail is about to be sent; one that is known stays as it is."""

    async def by_digest(self, digest: bytes) -> MailReceiver | None:
        """Return the receiver of a token."""

    async def unsubscribe(self, digest: bytes, at: datetime, *, from_all: bool) -> None:
        """Record the wish of a receiver; the first moment stays. An unknown digest changes nothing."""

    async def unsubscribed(self, owner_ids: Collection[int], addresses: Collection[str]) -> list[MailReceiver]:
        """Return the receivers of owners' mails, at addresses in lower case, who want no more of them."""


class MailCounts(Protocol):
    """Numbers of mails in spans of time, the same from every process."""

    async def take(self, name: str, wanted: int, limit: int, expire_time: datetime) -> int:
        """Count so many more under a name, at most up to the limit, and return how many; forgotten at a moment."""

    async def server_key(self) -> bytes:
        """Return the secret of 32 bytes that tokens in mails are made with; it is made once."""
