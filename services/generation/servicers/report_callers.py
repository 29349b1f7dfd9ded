"""Callers of GenerationService: users with their own reports, operators with those of all, holders of links."""

from dataclasses import dataclass
from typing import Any

from grpc.aio import ServicerContext

from services.errors import InvalidParameters, NotFound, WrongCredentials
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import USER_CREDENTIALS, Access, Principal
from services.generation.accounts.user import REPORTS_RIGHT, User
from services.generation.sharing.link_access import LinkAccess, OpenedLink
from services.runtime.channel import authorization_of, client_address_of
from services.runtime.tenants import tenant_of

Context = ServicerContext[Any, Any]


@dataclass(frozen=True, slots=True)
class ReportReader:
    """The caller who reads a report, or the owner of the link by which the caller does."""

    principal: Principal
    opened: OpenedLink | None = None

    @property
    def user(self) -> User:
        """The user who reads, or who made the link. Raises WrongCredentials for an operator."""
        if self.principal.user is None:
            raise WrongCredentials(USER_CREDENTIALS)
        return self.principal.user

    def tenant(self, address: str) -> str:
        """Return whom the call counts for: the user's account, and for a link its readers' address."""
        account_id = self.opened.account_id if self.opened else self.user.account_id
        return tenant_of(account_id, address)


@dataclass(frozen=True, slots=True)
class ReportCallers:
    """Authentication of calls about reports."""

    access: Access
    accounts: AccountService
    links: LinkAccess

    async def user(self, context: Context) -> User:
        """Return the user who calls; raises what `Access.user` raises."""
        return await self.access.user(authorization_of(context), REPORTS_RIGHT)

    async def any(self, context: Context) -> Principal:
        """Return the user or the operator who calls; raises what `Access.caller` raises."""
        return await self.access.caller(authorization_of(context), REPORTS_RIGHT)

    async def reader(self, context: Context, report_id: int) -> ReportReader:
        """Return the caller who reads a report: a user, an operator, or the holder of a link to this report.

        Raises what `Access.caller` and `LinkAccess.shown` raise, and NotFound for a link to another report.
        """
        opened = await self.links.shown(authorization_of(context), client_address_of(context))
        if opened is None:
            return ReportReader(await self.any(context))
        if opened.report is None or opened.report.id != report_id:
            raise NotFound
        return ReportReader(Principal(opened.owner), opened)

    async def owner_of(self, caller: Principal, login: str) -> int | None:
        """Return whose reports a caller lists, None for those of all; only operators may name a login.

        Raises InvalidParameters, NotFound.
        """
        if not login:
            return caller.user_id
        if not caller.operator:
            raise InvalidParameters.one("owner_login", "is for operators: others list their own reports")
        return (await self.accounts.by_login(login)).id
