"""What the use cases need from outside."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

import numpy as np
from daybook.report.v1.sheet_pb2 import SheetPart
from numpy.typing import NDArray

from services.generation.domain.detection import Parking
from services.generation.domain.recordings import Recording
from services.generation.domain.windows import Windows
from services.generation.records import Assignment, Depth, Employee, Made, Page, Report, Tracker, User, Vehicle


class Accounts(Protocol):
    """Accounts, their sessions and their keys. Hashes of credentials are digests, never the credentials."""

    async def add(self, user: User, password_hash: str) -> int:
        """Store a new account and return its id.

        Raises AlreadyExists when the login is taken, and NotFound when its master account is being removed.
        """

    async def by_login(self, login: str) -> tuple[User, str] | None:
        """Return an account and its password hash; None for one that is being removed."""

    async def by_id(self, user_id: int) -> User | None:
        """Return an account; None for one that is being removed."""

    async def page(self, page: Page) -> list[User]:
        """Return accounts by id, also those that are being removed."""

    async def add_session(self, digest: bytes, user_id: int, expire_time: datetime) -> None:
        """Store a session. Raises NotFound when the account is being removed."""

    async def add_key(self, digest: bytes, user_id: int, most: int) -> bool:
        """Store an API key; False when the account has as many as it may.

        Raises NotFound when the account is being removed.
        """

    async def remove_credential(self, digest: bytes) -> bool:
        """Remove a session or key; say whether there was one."""

    async def end_session(self, digest: bytes) -> None:
        """Remove a session; a key stays."""

    async def user_of(self, digest: bytes) -> tuple[User, datetime | None] | None:
        """Return whose live session or key it is, and when it expires."""

    async def prolong(self, digest: bytes, expire_time: datetime) -> None:
        """Let a session expire later."""


class LoginTries(Protocol):
    """Tries to log in by name, over all processes of the service. A try counts for a while."""

    async def count(self, name: str, try_id: str, most: int) -> bool:
        """Count a try under a name; False, and not counted, when as many as may be are counted already."""

    async def forget(self, name: str, try_id: str) -> None:
        """Forget a try of a name."""

    async def forget_all(self, name: str) -> None:
        """Forget all tries of a name."""


class Fleet(Protocol):
    """Trackers, vehicles, employees and who drove what, by account."""

    async def put_trackers(self, account_id: int, trackers: Sequence[Tracker]) -> list[int]:
        """Store trackers; those with id 0 get one. Raises AlreadyExists on another account's id."""

    async def put_vehicles(self, account_id: int, vehicles: Sequence[Vehicle]) -> list[int]:
        """Store vehicles; those with id 0 get one. Raises AlreadyExists on another account's id."""

    async def put_employees(self, account_id: int, employees: Sequence[Employee]) -> list[int]:
        """Store employees; those with id 0 get one. Raises AlreadyExists on another account's id."""

    async def put_assignments(self, account_id: int, assignments: Sequence[Assignment]) -> None:
        """Store assignments, one for each tracker and moment."""

    async def trackers(self, account_id: int, ids: Collection[int]) -> Mapping[int, Tracker]:
        """Return those of the ids that are the account's."""

    async def employees(self, account_id: int, ids: Collection[int]) -> Mapping[int, Employee]:
        """Return those of the ids that are the account's."""

    async def known(self, tracker_ids: Collection[int]) -> set[int]:
        """Return those of the ids that exist and are not being removed, whoever owns them."""

    async def tracker_page(self, account_id: int, page: Page) -> list[Tracker]:
        """Return trackers by id."""

    async def vehicle_page(self, account_id: int, page: Page) -> list[Vehicle]:
        """Return vehicles by id."""

    async def employee_page(self, account_id: int, page: Page) -> list[Employee]:
        """Return employees by id."""

    async def assignment_page(self, account_id: int, page: Page) -> list[Assignment]:
        """Return assignments by tracker and time."""


class Reports(Protocol):
    """Reports as their owners see them."""

    async def queue(self, report: Report) -> int:
        """Store a report as queued and return its id, or the id of the one with the same request id.

        Raises TooManyReports when as many of the owner's are being made as may be at once.
        """

    async def find(self, owner_id: int, report_id: int) -> Report | None:
        """Return an owner's report."""

    async def page(self, owner_id: int, page: Page) -> list[Report]:
        """Return an owner's reports for its list, newest first."""

    async def changed(self, seen: Mapping[int, tuple[str, int]]) -> Mapping[int, Report | None]:
        """Return those reports whose state or percent differ from what was seen; None for one that is gone."""

    async def remove(self, owner_id: int, report_id: int) -> bool:
        """Remove a report and its parts; say whether there was one."""

    def parts(self, report: Report) -> AsyncGenerator[SheetPart, None]:
        """Return the parts of a finished report in order, sheets counted from 0."""


class Queue(Protocol):
    """Reports as those who make them see them. A maker's hold on a report ends with its lease."""

    async def claim(self, maker: str, running: Collection[int] = ()) -> Report | None:
        """Take over the report that waited longest, or one whose maker's lease ran out; None when there is none.

        Those that the maker is `running` are left to it, even when it could not renew their leases.
        """

    async def reclaim(self, maker: str, running: Collection[int]) -> Report | None:
        """Take over a report that the maker holds without running it: a claim was done, and its answer lost."""

    async def prolong(self, report: Report, maker: str) -> bool:
        """Renew the lease; False when the report is no longer this maker's."""

    async def progress(self, report: Report, maker: str, percent: int) -> bool:
        """Raise the percentage; False when the report is no longer this maker's."""

    async def finish(self, report: Report, maker: str, made: Made) -> bool:
        """Declare the report finished; False when it is no longer this maker's."""

    async def fail(self, report: Report, maker: str, failure: str) -> bool:
        """Declare the report failed; False when it is no longer this maker's."""

    async def hand_back(self, report: Report, maker: str) -> None:
        """Queue the report again without counting the attempt."""

    async def depth(self) -> Depth:
        """Return how much work there is."""

    async def clear_parts(self, report: Report) -> None:
        """Delete what earlier attempts left, or everything when the report is gone."""


Unit = TypeVar("Unit")
Result = TypeVar("Result")


class Units(Protocol):
    """Runs units of work somewhere else: a process pool, a cluster."""

    async def run(self, work: Callable[[Unit], Result], unit: Unit) -> Result:
        """Return what the work gives for the unit.

        Raises UnitLost when it kills whoever runs it, UnitTooLong when it takes longer than units may, ClusterAway when
        there is nobody to run it.
        """

    @property
    def at_once(self) -> int:
        """How many units run side by side, as far as known now."""

    async def warm_up(self) -> None:
        """Get ready before the first unit comes."""

    def close(self) -> None:
        """End all work at once; whoever waits for a unit waits until cancelled."""


class Passwords(Protocol):
    """Hashes and checks passwords, off the event loop."""

    async def hash(self, password: str) -> str:
        """Return a salted hash."""

    async def matches(self, password: str, hashed: str) -> bool:
        """Say whether the password belongs to the hash."""


class Geocoder(Protocol):
    """Where addresses come from."""

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64], locale: str) -> list[str]:
        """Return the address of each place in degrees; the coordinates where it cannot be had."""


class EntityData(Protocol):
    """What a plugin may ask about its entity, in a worker process. Times are milliseconds UTC."""

    entity_id: int
    on_progress: Callable[[float], None]  # what a long computation tells its progress, 0 to 1

    @property
    def label(self) -> str:
        """The tracker's name."""

    @property
    def header(self) -> str:
        """The sheet's name (reference 4.1)."""

    @property
    def vehicle(self) -> Vehicle | None:
        """The vehicle that the tracker is in."""

    @property
    def parking(self) -> Parking:
        """When the tracker counts as parked."""

    @property
    def first_odometer_km(self) -> float | None:
        """The odometer at the tracker's first point, as far as known."""

    @property
    def recording(self) -> Recording:
        """The tracker's points."""

    def drivers(self, windows: Windows) -> list[tuple[str, Windows]]:
        """Return who had the tracker and in which of the windows; the name is empty where nobody is known."""

    def addresses(self, lat: NDArray[np.float64], lng: NDArray[np.float64]) -> Sequence[str]:
        """Return the address of each place in degrees."""
