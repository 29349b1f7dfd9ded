"""Removal of accounts with all their data."""

from collections import Counter
from collections.abc import AsyncGenerator, Callable, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from services.errors import InvalidParameters, NotFound
from services.generation.accounts.account_service import MAX_TEXT
from services.generation.accounts.audit import audited

ROUNDS = 5  # calls that were under way may still write during the first

Counted = tuple[str, int]  # a collection and a number of its documents


@dataclass(frozen=True, slots=True)
class AccountData:
    """Extent of a removal: the accounts, and the ids of their documents that own other documents, by collection."""

    login: str
    user_ids: tuple[int, ...]  # the account's own id, then those of its sub-users
    ids: Mapping[str, frozenset[Any]] = field(default_factory=dict)


class Erasure(Protocol):
    """Port to the steps of a removal. Each step can be repeated."""

    async def begin(self, login: str) -> AccountData | None:
        """Disable an account and its sub-users and return their data; None for an unknown login.

        From here on the login is refused, and documents written for the account do not stay.
        """

    async def renewed(self, data: AccountData) -> AccountData:
        """Return the data with what was written since."""

    async def count(self, data: AccountData) -> dict[str, int]:
        """Return the number of documents of the data in the whole store by collection, without the accounts."""

    def erase(self, data: AccountData) -> AsyncGenerator[Counted, None]:
        """Erase the data without the accounts, in batches, and yield the number erased by each."""

    def leave_workspaces(self, data: AccountData) -> AsyncGenerator[Counted, None]:
        """End memberships in workspaces of others, and yield how many documents stay there without the names."""

    async def end(self, data: AccountData) -> int:
        """Erase the accounts themselves and return their number."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Progress of a removal: documents erased, kept for other owners, and found by the last look, by collection."""

    total: int = 0
    erased: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    done: bool = False


class RemovalService:
    """The use case of removing accounts. A removal that breaks off is finished by repeating it."""

    def __init__(self, erasure: Erasure, forget: Callable[[Collection[int]], None] = lambda _: None) -> None:
        self._erasure = erasure
        self._forget = forget  # called with the ids of disabled accounts

    async def remove(self, login: str) -> AsyncGenerator[Removal, None]:
        """Erase an account and yield the progress. Raises InvalidParameters and NotFound."""
        if not login:
            raise InvalidParameters.one("login", "must name an account")
        with audited("remove_user", login=login[:MAX_TEXT]) as known:
            data = await self._erasure.begin(login)
            if data is None:
                raise NotFound(f"There is no login {login!r}")
            self._forget(data.user_ids)
            known["user_id"] = data.user_ids[0]
            removal = Removal(sum((await self._erasure.count(data)).values()) + len(data.user_ids))
            yield removal
            for _ in range(ROUNDS):
                data = await self._erasure.renewed(data)
                self._forget(data.user_ids)
                async with aclosing(self._round(data, removal)) as steps:
                    async for _ in steps:
                        yield removal
                removal = replace(removal, left=Counter(await self._erasure.count(data)))
                if not removal.left.total():
                    removal.erased["users"] += await self._erasure.end(data)
                    removal = replace(removal, done=True)
                    break
            known |= {"erased": removal.erased.total(), "left": removal.left.total()}
            yield removal

    async def _round(self, data: AccountData, removal: Removal) -> AsyncGenerator[Counted, None]:
        """Erase the data once, and count into the removal."""
        async with aclosing(self._erasure.leave_workspaces(data)) as steps:
            async for kind, count in steps:
                removal.kept[kind] = max(removal.kept[kind], count)
                yield kind, count
        async with aclosing(self._erasure.erase(data)) as steps:
            async for kind, count in steps:
                removal.erased[kind] += count
                yield kind, count
