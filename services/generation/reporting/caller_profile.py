"""Profile of a caller: the account with what it has and may, in one answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from daybook.input.v1.workspace_pb2 import Member

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.user import RIGHTS, User
from services.generation.inputs.input_store import InputStore
from services.generation.inputs.trackers import TRACKERS
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.inputs.workspaces import WORKSPACES


@dataclass(frozen=True, slots=True)
class AccountLimits:
    """Limits that hold for every account, and the source of addresses where a request names none."""

    max_span: timedelta
    max_entities: int
    reports_in_progress: int
    days_kept: int
    geocoder: str = "offline"
    max_stats_span: timedelta = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class ProfileWorkspace:
    """A workspace that a person is an active member of, and the role there."""

    id: int
    name: str
    role: Member.Role.ValueType


@dataclass(frozen=True, slots=True)
class Profile:
    """An account, the member that it is in its first workspace, its workspaces by ascending id, and its trackers.

    A sub-user has a master account.
    """

    user: User
    master: User | None
    member: Member | None
    workspaces: Sequence[ProfileWorkspace]
    tracker_count: int
    limits: AccountLimits

    @property
    def rights(self) -> list[str]:
        """The rights of the account, in alphabetical order: all unless it is a sub-user."""
        return sorted(right for right in RIGHTS if self.user.may(right))


class Profiles:
    """Reader of profiles."""

    def __init__(self, inputs: InputStore, limits: AccountLimits, accounts: AccountService) -> None:
        self._inputs = inputs
        self._accounts = accounts
        self._members = WorkspaceMembers(inputs)
        self._limits = limits

    async def of(self, user: User) -> Profile:
        """Return the profile of an account. Raises StoreUnavailable, and NotFound when its master is being removed."""
        ids, admin_of, tracker_count = await asyncio.gather(
            self._members.workspaces_of(user.member_id),
            self._members.workspaces_of(user.member_id, Member.ROLE_ADMIN),
            self._inputs.count(TRACKERS, user.account_id),
        )
        found = await self._inputs.some(WORKSPACES, None, ids) if ids else {}
        member = await self._members.member(ids[0], user_id=user.member_id) if ids else None
        admin = set(admin_of)
        workspaces = [
            ProfileWorkspace(one, found[one].name, Member.ROLE_ADMIN if one in admin else Member.ROLE_MEMBER)
            for one in ids
            if one in found
        ]
        master = await self._accounts.by_id(user.master_id) if user.master_id else None
        return Profile(user, master, member, workspaces, tracker_count, self._limits)
