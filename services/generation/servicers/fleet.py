"""FleetService: messages in, use cases, messages out."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from daybook.fleet.v1 import fleet_service_pb2 as pb
from daybook.fleet.v1.fleet_service_pb2_grpc import FleetServiceServicer
from google.protobuf.message import Message
from grpc.aio import ServicerContext

from services.errors import InvalidParameters
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access
from services.generation.inputs.fleet_service import FleetService
from services.generation.inputs.fleet_store import Fleet
from services.generation.inputs.records import Assignment, Employee, Parking, Tracker, Vehicle
from services.generation.servicers.page_tokens import next_token, page_of
from services.generation.servicers.timestamps import moment_of, timestamp
from services.runtime.channel import authorization_of

Context = ServicerContext[Any, Any]


class FleetServicer(FleetServiceServicer):
    """Answers fleet calls: operators write for any account and read any, accounts read their own."""

    def __init__(self, book: FleetService, fleet: Fleet, accounts: AccountService, access: Access) -> None:
        self._book = book
        self._fleet = fleet
        self._accounts = accounts
        self._access = access

    async def UpsertTrackers(self, request: pb.UpsertTrackersRequest, context: Context) -> pb.UpsertTrackersResponse:
        """See the contract."""
        account_id = await self._written(request.owner_login, context)
        ids = await self._book.put_trackers(account_id, [_tracker_of(one) for one in request.trackers])
        return pb.UpsertTrackersResponse(tracker_ids=ids)

    async def ListTrackers(self, request: pb.ListTrackersRequest, context: Context) -> pb.ListTrackersResponse:
        """See the contract."""
        account_id = await self._read(request.owner_login, context)
        page = page_of(request, int)
        found = await self._fleet.tracker_page(account_id, page)
        token = next_token(page, found, found[-1].id if found else 0)
        return pb.ListTrackersResponse(trackers=map(_tracker, found), next_page_token=token)

    async def UpsertVehicles(self, request: pb.UpsertVehiclesRequest, context: Context) -> pb.UpsertVehiclesResponse:
        """See the contract."""
        account_id = await self._written(request.owner_login, context)
        ids = await self._book.put_vehicles(account_id, [_vehicle_of(one) for one in request.vehicles])
        return pb.UpsertVehiclesResponse(vehicle_ids=ids)

    async def ListVehicles(self, request: pb.ListVehiclesRequest, context: Context) -> pb.ListVehiclesResponse:
        """See the contract."""
        account_id = await self._read(request.owner_login, context)
        page = page_of(request, int)
        found = await self._fleet.vehicle_page(account_id, page)
        token = next_token(page, found, found[-1].id if found else 0)
        return pb.ListVehiclesResponse(vehicles=map(_vehicle, found), next_page_token=token)

    async def UpsertEmployees(self, request: pb.UpsertEmployeesRequest, context: Context) -> pb.UpsertEmployeesResponse:
        """See the contract."""
        account_id = await self._written(request.owner_login, context)
        ids = await self._book.put_employees(account_id, [_employee_of(one) for one in request.employees])
        return pb.UpsertEmployeesResponse(employee_ids=ids)

    async def ListEmployees(self, request: pb.ListEmployeesRequest, context: Context) -> pb.ListEmployeesResponse:
        """See the contract."""
        account_id = await self._read(request.owner_login, context)
        page = page_of(request, int)
        found = await self._fleet.employee_page(account_id, page)
        token = next_token(page, found, found[-1].id if found else 0)
        return pb.ListEmployeesResponse(employees=map(_employee, found), next_page_token=token)

    async def UpsertAssignments(
        self, request: pb.UpsertAssignmentsRequest, context: Context
    ) -> pb.UpsertAssignmentsResponse:
        """See the contract."""
        account_id = await self._written(request.owner_login, context)
        assignments = [_assignment_of(index, one) for index, one in enumerate(request.assignments)]
        await self._book.put_assignments(account_id, assignments)
        return pb.UpsertAssignmentsResponse()

    async def ListAssignments(self, request: pb.ListAssignmentsRequest, context: Context) -> pb.ListAssignmentsResponse:
        """See the contract."""
        account_id = await self._read(request.owner_login, context)
        page = page_of(request, int, datetime)
        found = await self._fleet.assignment_page(account_id, page)
        token = next_token(page, found, found[-1].tracker_id, found[-1].start_time) if found else ""
        return pb.ListAssignmentsResponse(assignments=map(_assignment, found), next_page_token=token)

    async def _written(self, owner_login: str, context: Context) -> int:
        """Return the account that an operator writes for."""
        await self._access.require_operator(authorization_of(context))
        if not owner_login:
            raise InvalidParameters.one("owner_login", "must name an account")
        return (await self._accounts.by_login(owner_login)).account_id

    async def _read(self, owner_login: str, context: Context) -> int:
        """Return the account whose fleet is asked for: the caller's, or any for an operator."""
        authorization = authorization_of(context)
        if self._access.is_operator(authorization):
            return await self._written(owner_login, context)
        account_id = (await self._access.user(authorization)).account_id
        if owner_login:
            raise InvalidParameters.one("owner_login", "is for operators")
        return account_id


def _optional(message: Message, name: str) -> float | None:
    return getattr(message, name) if message.HasField(name) else None


def _tracker_of(message: pb.Tracker) -> Tracker:
    parking = Parking(ignition_aware=message.parking.ignition_aware)
    for name in ("min_idle_minutes", "idle_speed_kmh"):
        if message.parking.HasField(name):
            parking = replace(parking, **{name: getattr(message.parking, name)})
    return Tracker(
        message.id,
        message.label,
        message.no_reports,
        _optional(message, "odometer_km"),
        parking,
        message.group_id,
        message.device_id,
        message.model,
        message.phone,
    )


def _tracker(tracker: Tracker) -> pb.Tracker:
    return pb.Tracker(
        id=tracker.id,
        label=tracker.label,
        no_reports=tracker.no_reports,
        odometer_km=tracker.odometer_km,
        parking=pb.Parking(
            min_idle_minutes=tracker.parking.min_idle_minutes,
            idle_speed_kmh=tracker.parking.idle_speed_kmh,
            ignition_aware=tracker.parking.ignition_aware,
        ),
        group_id=tracker.group_id,
        device_id=tracker.device_id,
        model=tracker.model,
        phone=tracker.phone,
        create_time=timestamp(tracker.create_time),
    )


def _vehicle_of(message: pb.Vehicle) -> Vehicle:
    return Vehicle(
        message.id,
        message.label,
        message.tracker_id or None,
        _optional(message, "norm_avg_fuel_consumption"),
        _optional(message, "fuel_cost"),
        message.currency_code or "USD",
    )


def _vehicle(vehicle: Vehicle) -> pb.Vehicle:
    return pb.Vehicle(
        id=vehicle.id,
        tracker_id=vehicle.tracker_id or 0,
        label=vehicle.label,
        norm_avg_fuel_consumption=vehicle.norm_avg_fuel_consumption,
        fuel_cost=vehicle.fuel_cost,
        currency_code=vehicle.currency_code,
    )


def _employee_of(message: pb.Employee) -> Employee:
    return Employee(message.id, message.first_name, message.middle_name, message.last_name, message.tracker_id or None)


def _employee(employee: Employee) -> pb.Employee:
    return pb.Employee(
        id=employee.id,
        first_name=employee.first_name,
        middle_name=employee.middle_name,
        last_name=employee.last_name,
        tracker_id=employee.tracker_id or 0,
    )


def _assignment_of(index: int, message: pb.Assignment) -> Assignment:
    field = f"assignments[{index}].start_time"
    if not message.HasField("start_time"):
        raise InvalidParameters.one(field, "must be given")
    return Assignment(message.tracker_id, moment_of(message.start_time, field), message.employee_id or None)


def _assignment(assignment: Assignment) -> pb.Assignment:
    return pb.Assignment(
        tracker_id=assignment.tracker_id,
        employee_id=assignment.employee_id or 0,
        start_time=timestamp(assignment.start_time),
    )
