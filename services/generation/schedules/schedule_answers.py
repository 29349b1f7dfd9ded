"""Schedules as callers get them: with their owners and the recipients who have unsubscribed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.user import User
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.schedules.mail_receivers import Unsubscriptions, all_addresses
from services.generation.schedules.schedule import Recipient, Schedule


@dataclass(frozen=True, slots=True)
class ScheduleAnswer:
    """A schedule with its owner, those of its recipients who have unsubscribed, and the secret that was just made."""

    schedule: Schedule
    owner: User
    unsubscribed: Mapping[Recipient, datetime]
    new_secret: str = ""


@dataclass(frozen=True, slots=True)
class ScheduleAnswers:
    """Reader of what belongs to schedules, for many at once."""

    accounts: AccountService
    members: WorkspaceMembers
    unsubscriptions: Unsubscriptions

    async def of(self, schedules: Sequence[Schedule]) -> list[ScheduleAnswer]:
        """Return schedules in their order. Those whose owners are being removed are left out."""
        owners = await self.accounts.by_ids({one.owner_id for one in schedules})
        known = [one for one in schedules if one.owner_id in owners]
        addresses = await all_addresses(known, self.members)
        since = await self.unsubscriptions.of_all({one.id: (one.owner_id, addresses[one.id].values()) for one in known})
        return [
            ScheduleAnswer(
                one,
                owners[one.owner_id],
                {to: since[one.id][text] for to, text in addresses[one.id].items() if text in since[one.id]},
            )
            for one in known
        ]
