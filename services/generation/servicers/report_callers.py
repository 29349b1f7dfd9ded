"""Callers of GenerationService: users with their own reports, operators with those of all."""

from dataclasses import dataclass
from typing import Any

from grpc.aio import ServicerContext

from services.errors import InvalidParameters
from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access, Principal
from services.generation.accounts.user import REPORTS_RIGHT, User
from services.runtime.channel import authorization_of

Context = ServicerContext[Any, Any]


@dataclass(frozen=True, slots=True)
class ReportCallers:
    """Authentication of calls about reports."""

    access: Access
    accounts: AccountService

    async def user(self, context: Context) -> User:
        """Return the user who calls; raises what `Access.user` raises."""
        return await self.access.user(authorization_of(context), REPORTS_RIGHT)

    async def any(self, context: Context) -> Principal:
        """Return the user or the operator who calls; raises what `Access.caller` raises."""
        return await self.access.caller(authorization_of(context), REPORTS_RIGHT)

    async def owner_of(self, caller: Principal, login: str) -> int | None:
        """Return whose reports a caller lists, None for those of all; only operators may name somebody by login.

        Raises InvalidParameters, NotFound.
        """
        if not login:
            return caller.user_id
        if not caller.operator:
            raise InvalidParameters.one("owner_login", "is for operators: others list their own reports")
        return (await self.accounts.by_login(login)).id
