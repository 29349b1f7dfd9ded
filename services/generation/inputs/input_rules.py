"""Rules of kinds of input that need more than a record and its references: those of workspaces and their members."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Protocol

from daybook.input.v1.fleet_pb2 import Tracker, Vehicle
from daybook.input.v1.landmarks_pb2 import Zone
from daybook.input.v1.workspace_pb2 import Member, Workspace

from services.errors import Violation
from services.generation.accounts.account_service import AccountService
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.members import ADMIN, MEMBERS
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.vehicles import VEHICLES
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.inputs.zones import ZONES, bounds_of
from services.runtime.codec import Document
from services.runtime.cooperation import in_slices


class InputRules:
    """Hooks around the records of a kind; a subclass fills those that it needs."""

    async def prepare(self, owner_id: int, records: Mapping[int, Document]) -> Mapping[int, Violation]:
        """Complete records, by position in the batch, before they are stored; return those that are refused."""
        del owner_id, records
        return {}

    async def finish(self, owner_id: int, ids: Collection[int]) -> None:
        """Restore what must hold after records were stored or deleted."""

    async def detach(self, owner_id: int, ids: Collection[int]) -> None:
        """Keep what records that stay have by those with these ids, which are to be deleted."""

    async def show(self, records: Iterable[Any]) -> None:
        """Fill the fields of listed records that are not stored with them."""


class Persons(Protocol):
    """Ids and emails of persons, which are the same in all workspaces. Raises StoreUnavailable."""

    async def ids_of(self, emails: Collection[str]) -> Mapping[str, int]:
        """Return the ids of the persons with these emails by `identity_key`; unknown ones are new persons."""

    async def rename(self, emails: Mapping[int, str]) -> Mapping[int, Violation]:
        """Give persons, by id, these emails everywhere; return the reasons of those that cannot have theirs.

        A person with an account keeps its login, in any spelling of equal `identity_key`.
        """


class MemberRules(InputRules):
    """A person has one id everywhere, and the owner of a workspace stays an active admin of it."""

    def __init__(self, inputs: InputStore, persons: Persons, accounts: AccountService) -> None:
        self._inputs = inputs
        self._persons = persons
        self._accounts = accounts
        self._members = WorkspaceMembers(inputs)

    async def prepare(self, owner_id: int, records: Mapping[int, Document]) -> Mapping[int, Violation]:
        """Give members the ids of their persons, and persons that are named by id their new emails."""
        del owner_id
        emails = {one["user_id"]: one["email"] for one in records.values() if one["user_id"]}
        refused = await self._persons.rename(emails) if emails else {}
        unknown = [one for one in records.values() if one["email"] and not one["user_id"]]
        ids = await self._persons.ids_of({one["email"] for one in unknown}) if unknown else {}
        for one in unknown:
            one["user_id"] = ids[one["email_key"]]
        return {place: refused[one["user_id"]] for place, one in records.items() if one["user_id"] in refused}

    async def finish(self, owner_id: int, ids: Collection[int]) -> None:
        """Let the owner's account be an active admin of the workspace."""
        del ids
        workspace = await self._members.workspace(owner_id)
        if workspace is not None:
            await self.keep_owner(workspace)

    async def keep_owner(self, workspace: Workspace) -> None:
        """Let the owner's account be an active admin. Raises NotFound when the account is gone."""
        account = await self._accounts.by_id(workspace.owner_id)
        login, zone = account.login, account.locale.time_zone
        found = await self._members.member(workspace.id, user_id=account.member_id)
        if found is None:
            found = Member(user_id=account.member_id, name=login, email=login, time_zone=zone)
        elif found.role == Member.ROLE_ADMIN and not found.inactive:
            return
        admin = MEMBERS.document(found) | {"role": ADMIN, "inactive": False}
        await self._inputs.put(MEMBERS, workspace.id, [admin])


class WorkspaceRules(InputRules):
    """The store gives the ids of workspaces, and an owner is a member from the beginning."""

    def __init__(self, inputs: InputStore, members: MemberRules, accounts: AccountService) -> None:
        self._inputs = inputs
        self._members = members
        self._accounts = accounts

    async def prepare(self, owner_id: int, records: Mapping[int, Document]) -> Mapping[int, Violation]:
        """Refuse ids that the store did not give to this owner."""
        known = await self._inputs.some(WORKSPACES, owner_id, [one["id"] for one in records.values() if one["id"]])
        refusal = Violation("id", "must be 0 for a new one, or the id of a workspace of the account")
        return {place: refusal for place, one in records.items() if one["id"] and one["id"] not in known}

    async def finish(self, owner_id: int, ids: Collection[int]) -> None:
        """Make the owner an admin of each workspace."""
        for workspace in (await self._inputs.some(WORKSPACES, owner_id, ids)).values():
            await self._members.keep_owner(workspace)

    async def show(self, records: Iterable[Workspace]) -> None:
        """Add the logins of the owners."""
        await _add_logins(self._accounts, records)


class TrackerRules(InputRules):
    """Trackers are shown with their owners."""

    def __init__(self, accounts: AccountService) -> None:
        self._accounts = accounts

    async def show(self, records: Iterable[Tracker]) -> None:
        """Add the logins of the owners."""
        await _add_logins(self._accounts, records)


class VehicleRules(InputRules):
    """Vehicles are shown with the names of their trackers."""

    def __init__(self, inputs: InputStore) -> None:
        self._inputs = inputs

    async def show(self, records: Iterable[Vehicle]) -> None:
        """Add the names of the trackers."""
        vehicles = [one for one in records if one.tracker_id]
        known = await self._inputs.some(TRACKERS, None, {one.tracker_id for one in vehicles}) if vehicles else {}
        for one in vehicles:
            one.tracker_label = known[one.tracker_id].label if one.tracker_id in known else ""


class ZoneRules(InputRules):
    """Zones are shown with their boxes."""

    async def show(self, records: Iterable[Zone]) -> None:
        """Add the boxes."""
        zones = list(records)
        for zone, box in zip(zones, await in_slices(lambda some: list(map(bounds_of, some)), zones), strict=True):
            zone.box.CopyFrom(box)


async def _add_logins(accounts: AccountService, records: Iterable[Tracker | Workspace]) -> None:
    logins: dict[int, str] = {}
    for one in records:
        if one.owner_id not in logins:
            logins[one.owner_id] = (await accounts.by_id(one.owner_id)).login
        one.owner_login = logins[one.owner_id]


def rules_of(inputs: InputStore, persons: Persons, accounts: AccountService) -> Mapping[str, InputRules]:
    """Return the rules by the names of their kinds."""
    members = MemberRules(inputs, persons, accounts)
    workspaces = WorkspaceRules(inputs, members, accounts)
    return {
        TRACKERS.name: TrackerRules(accounts),
        VEHICLES.name: VehicleRules(inputs),
        ZONES.name: ZoneRules(),
        MEMBERS.name: members,
        WORKSPACES.name: workspaces,
    }
