"""Removing accounts with everything of them."""

from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from services.errors import InvalidParameters, NotFound
from services.generation.accounts.account_service import MAX_TEXT
from services.generation.accounts.audit import audited
from services.generation.accounts.removal_store import AccountData, Counted, Erasure

ROUNDS = 5  # somebody may have been writing at this moment


@dataclass(frozen=True, slots=True)
class Removal:
    """How far a removal is: what was erased, what is kept for others, and what a last look found, all by kind."""

    total: int = 0
    erased: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    done: bool = False


class Removals:
    """Removes accounts. A removal that breaks off is finished by another one."""

    def __init__(self, erasure: Erasure) -> None:
        self._erasure = erasure

    async def remove(self, login: str) -> AsyncGenerator[Removal, None]:
        """Erase an account, and tell how far that is. Raises InvalidParameters and NotFound."""
        if not login:
            raise InvalidParameters.one("login", "must name an account")
        with audited("remove_user", login=login[:MAX_TEXT]) as known:
            estate = await self._erasure.begin(login)
            if estate is None:
                raise NotFound(f"There is no login {login!r}")
            known["user_id"] = estate.user_ids[0]
            removal = Removal(sum((await self._erasure.count(estate)).values()) + len(estate.user_ids))
            yield removal
            for _ in range(ROUNDS):
                estate = await self._erasure.renewed(estate)
                async with aclosing(self._round(estate, removal)) as steps:
                    async for _ in steps:
                        yield removal
                removal = replace(removal, left=Counter(await self._erasure.count(estate)))
                if not removal.left.total():
                    removal.erased["users"] += await self._erasure.end(estate)
                    removal = replace(removal, done=True)
                    break
            known |= {"erased": removal.erased.total(), "left": removal.left.total()}
            yield removal

    async def _round(self, estate: AccountData, removal: Removal) -> AsyncGenerator[Counted, None]:
        """Go through the estate once, counting into the removal."""
        async with aclosing(self._erasure.leave_workspaces(estate)) as steps:
            async for kind, count in steps:
                removal.kept[kind] = max(removal.kept[kind], count)
                yield kind, count
        async with aclosing(self._erasure.erase(estate)) as steps:
            async for kind, count in steps:
                removal.erased[kind] += count
                yield kind, count
