"""The fleet: what operators store about trackers, vehicles, employees and who drove what."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from services.errors import InvalidParameters, NonexistentEntities, Violation
from services.generation.domain.plain_text import is_plain
from services.generation.inputs.fleet_store import Fleet
from services.generation.inputs.records import Assignment, Employee, Tracker, Vehicle

MAX_BATCH = 1000
MAX_ID = 2**31 - 1
MAX_TEXT = 255
CURRENCY_LENGTH = 3


class FleetService:
    """The use cases around the fleet. A batch with a bad field is refused before anything of it is stored."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    async def put_trackers(self, account_id: int, trackers: Sequence[Tracker]) -> list[int]:
        """Store trackers and return their ids. Raises InvalidParameters and AlreadyExists."""
        _check("trackers", trackers, _tracker_violations)
        return await self._fleet.put_trackers(account_id, trackers)

    async def put_vehicles(self, account_id: int, vehicles: Sequence[Vehicle]) -> list[int]:
        """Store vehicles and return their ids. Raises InvalidParameters, AlreadyExists and NonexistentEntities."""
        _check("vehicles", vehicles, _vehicle_violations)
        await self._need_trackers(account_id, {one.tracker_id for one in vehicles if one.tracker_id})
        return await self._fleet.put_vehicles(account_id, vehicles)

    async def put_employees(self, account_id: int, employees: Sequence[Employee]) -> list[int]:
        """Store employees and return their ids. Raises InvalidParameters, AlreadyExists and NonexistentEntities."""
        _check("employees", employees, _employee_violations)
        await self._need_trackers(account_id, {one.tracker_id for one in employees if one.tracker_id})
        return await self._fleet.put_employees(account_id, employees)

    async def put_assignments(self, account_id: int, assignments: Sequence[Assignment]) -> None:
        """Record assignments. Raises InvalidParameters and NonexistentEntities."""
        if len(assignments) > MAX_BATCH:
            raise InvalidParameters.one("assignments", f"must be at most {MAX_BATCH}")
        await self._need_trackers(account_id, {one.tracker_id for one in assignments})
        named = {one.employee_id for one in assignments if one.employee_id is not None}
        if named - (await self._fleet.employees(account_id, named)).keys():
            raise NonexistentEntities("An assignment names an employee that the account does not have")
        await self._fleet.put_assignments(account_id, assignments)

    async def _need_trackers(self, account_id: int, ids: set[int]) -> None:
        if ids and ids - (await self._fleet.trackers(account_id, ids)).keys():
            raise NonexistentEntities("A tracker is named that the account does not have")


Entity = TypeVar("Entity", Tracker, Vehicle, Employee)
Wrong = Iterable[tuple[str, str]]


def _check(field: str, entities: Sequence[Entity], violations_of: Callable[[Entity], Wrong]) -> None:
    found = [Violation(field, f"must be at most {MAX_BATCH}")] if len(entities) > MAX_BATCH else []
    for index, entity in enumerate(entities):
        found += [Violation(f"{field}[{index}].{name}", wanted) for name, wanted in violations_of(entity)]
    if found:
        raise InvalidParameters(found)


def _tracker_violations(tracker: Tracker) -> Wrong:
    yield from _id_violations(tracker.id)
    yield from _text_violations("label", tracker.label)
    for name in ("device_id", "model", "phone"):
        yield from _text_violations(name, getattr(tracker, name), least=0)
    if tracker.odometer_km is not None and not 0 <= tracker.odometer_km < 10_000_000:  # noqa: PLR2004 - km, said below
        yield "odometer_km", "must be 0 to 10,000,000 km"
    if not 1 <= tracker.parking.min_idle_minutes <= 1440:  # noqa: PLR2004 - reference 6.1
        yield "parking.min_idle_minutes", "must be 1 to 1440"
    if not 0 <= tracker.parking.idle_speed_kmh <= 200:  # noqa: PLR2004 - reference 6.1
        yield "parking.idle_speed_kmh", "must be 0 to 200"


def _vehicle_violations(vehicle: Vehicle) -> Wrong:
    yield from _id_violations(vehicle.id)
    yield from _text_violations("label", vehicle.label)
    for name in ("norm_avg_fuel_consumption", "fuel_cost"):
        value = getattr(vehicle, name)
        if value is not None and not 0 <= value < 1_000_000:  # noqa: PLR2004 - said below
            yield name, "must be 0 to 1,000,000"
    code = vehicle.currency_code
    if not (len(code) == CURRENCY_LENGTH and code.isascii() and code.isupper()):
        yield "currency_code", "must be an ISO 4217 code, such as EUR"


def _employee_violations(employee: Employee) -> Wrong:
    yield from _id_violations(employee.id)
    yield from _text_violations("first_name", employee.first_name)
    yield from _text_violations("middle_name", employee.middle_name, least=0)
    yield from _text_violations("last_name", employee.last_name, least=0)


def _id_violations(number: int) -> Wrong:
    if not 0 <= number <= MAX_ID:
        yield "id", f"must be 0 for a new one, or 1 to {MAX_ID}"


def _text_violations(name: str, text: str, least: int = 1) -> Wrong:
    if not least <= len(text) <= MAX_TEXT or not is_plain(text):
        yield name, f"must have {least} to {MAX_TEXT} characters, none of them control characters"
