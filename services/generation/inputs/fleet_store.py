"""Port to trackers, vehicles, employees and driver assignments."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from services.generation.domain.paging import Page
from services.generation.inputs.records import Assignment, Employee, Tracker, Vehicle


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
