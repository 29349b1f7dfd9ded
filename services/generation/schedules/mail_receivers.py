"""Tokens by which receivers of mails unsubscribe, and what their wishes leave of a schedule's receivers."""

import hmac
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.errors import NotFound
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.audit import audited
from services.generation.accounts.credentials import digest_of
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.schedules.schedule import Recipient, SavedReportRef, Schedule
from services.generation.schedules.schedule_store import MailCounts, MailReceiver, MailReceivers, Schedules

TOKEN = re.compile(r"[0-9a-fA-F]{32}")
TOKEN_BYTES = 16


@dataclass(frozen=True, slots=True)
class Subscription:
    """Subject of a token of a mail: the sender's login, the title of the report, the wishes of the receiver."""

    sender: str = ""
    title: str = ""
    locale: str = ""
    unsubscribed: bool = False
    from_all: bool = False


class Unsubscriptions:
    """Receivers who want no more mails. Their tokens are derived from a secret of the server and do not expire."""

    def __init__(
        self,
        receivers: MailReceivers,
        counts: MailCounts,
        schedules: Schedules,
        accounts: AccountService,
        now: Callable[[], datetime],
    ) -> None:
        self._receivers = receivers
        self._counts = counts
        self._schedules = schedules
        self._accounts = accounts
        self._now = now
        self._key = b""

    async def token(self, owner_id: int, schedule_id: int, address: str) -> str:
        """Return the token of a receiver, 32 hex digits, which from now on unsubscribes it."""
        known = address.casefold()
        token = await self.derived(f"unsubscribe\n{schedule_id}\n{known}")
        await self._receivers.remember(digest_of(token), MailReceiver(owner_id, schedule_id, known))
        return token

    async def derived(self, purpose: str) -> str:
        """Return a token of 32 hex digits that is always the same for a purpose, and known to this server only."""
        if not self._key:
            self._key = await self._counts.server_key()
        return hmac.digest(self._key, purpose.encode(), "sha256")[:TOKEN_BYTES].hex()

    async def of(self, owner_id: int, schedule_id: int, addresses: Collection[str]) -> dict[str, datetime]:
        """Return those of the addresses that want no more mails of a schedule, and since when."""
        return (await self.of_all({schedule_id: (owner_id, addresses)}))[schedule_id]

    async def of_all(self, wanted: Mapping[int, tuple[int, Collection[str]]]) -> dict[int, dict[str, datetime]]:
        """Return the same by schedule, for several schedules with the ids of their owners and their addresses."""
        owner_ids = {owner_id for owner_id, _ in wanted.values()}
        names = {address.casefold() for _, addresses in wanted.values() for address in addresses}
        found = await self._receivers.unsubscribed(owner_ids, names) if names else []
        return {
            schedule_id: _since([one for one in found if one.is_of(owner_id, schedule_id)], addresses)
            for schedule_id, (owner_id, addresses) in wanted.items()
        }

    async def look_up(self, token: str) -> Subscription:
        """Return what a token is about; an empty one for an unknown token."""
        receiver = await self._receiver(token)
        if receiver is None:
            return Subscription()
        try:
            owner = await self._accounts.by_id(receiver.owner_id)
        except NotFound:
            return Subscription()
        schedule = await self._schedules.find(receiver.schedule_id)
        title, is_out = schedule.title if schedule else "", receiver.unsubscribe_time is not None
        return Subscription(owner.login, title, owner.locale.locale, is_out, is_out and receiver.from_all)

    async def unsubscribe(self, token: str, *, from_all: bool) -> None:
        """Record that the receiver of a token wants no more mails; an unknown token changes nothing."""
        receiver = await self._receiver(token)
        if receiver is not None:
            facts = {"user_id": receiver.owner_id, "schedule_id": receiver.schedule_id, "from_all": from_all}
            with audited("unsubscribe", **facts):
                await self._receivers.unsubscribe(digest_of(token.lower()), self._now(), from_all=from_all)

    async def _receiver(self, token: str) -> MailReceiver | None:
        return await self._receivers.by_digest(digest_of(token.lower())) if TOKEN.fullmatch(token) else None


def _since(receivers: Sequence[MailReceiver], addresses: Collection[str]) -> dict[str, datetime]:
    """Return the addresses of which a receiver has unsubscribed, and since when."""
    first: dict[str, datetime] = {}
    for one in receivers:
        if one.unsubscribe_time is not None:
            first[one.address] = min(one.unsubscribe_time, first.get(one.address, one.unsubscribe_time))
    return {address: first[known] for address in addresses if (known := address.casefold()) in first}


async def addresses_of(schedule: Schedule, members: WorkspaceMembers) -> dict[Recipient, str]:
    """Return the addresses of a schedule's recipients, each once; a member who has left the workspace has none."""
    return (await all_addresses([schedule], members))[schedule.id]


async def all_addresses(schedules: Iterable[Schedule], members: WorkspaceMembers) -> dict[int, dict[Recipient, str]]:
    """Return the same by schedule, reading each member once."""
    emails: dict[tuple[int, int], str] = {}
    found: dict[int, dict[Recipient, str]] = {}
    for schedule in schedules:
        report, known = schedule.spec.report, dict[str, tuple[Recipient, str]]()
        for one in schedule.spec.recipients:
            address = one.email
            if one.user_id and isinstance(report, SavedReportRef):
                key = report.workspace_id, one.user_id
                if key not in emails:
                    member = await members.active_member(*key)
                    emails[key] = member.email if member else ""
                address = emails[key]
            if address:
                known.setdefault(address.casefold(), (one, address))
        found[schedule.id] = dict(known.values())
    return found
