"""Client who makes accounts with keys and sessions, ends some of all, and looks who is let in."""

import asyncio
import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from daybook.account.v1.account_service_pb2 import (
    CreateApiKeyRequest,
    CreateUserRequest,
    DeleteUserRequest,
    GetUserRequest,
    RevokeApiKeyRequest,
    SetPasswordRequest,
)
from daybook.account.v1.account_service_pb2_grpc import AccountServiceStub

from tests.chaos.answers import OPERATOR_WITHIN_S, Answer, Caller
from tests.chaos.seed_data import Operator
from tests.chaos.timeouts import until_told

PAUSE_S = 0.5
KNOWN_EVERYWHERE_WITHIN_S = 1.0  # that a key was revoked, a session ended
LASTING = 12  # accounts of earlier rounds that are looked at again
CHANGED_EACH, DELETED_EACH = 3, 5
LIST = "report/tracker/list"
MISSING = {"ENTITY_NOT_FOUND", "WRONG_LOGIN"}


@dataclass(slots=True)
class Account:
    """An account by what was acknowledged: hashes that are let in, and those that are not, with the time since when."""

    login: str
    password: str = "secret"
    is_changing: bool = False  # its password is one of two
    is_deleting: bool = False
    is_gone: bool = False
    valid: set[str] = field(default_factory=set)
    ended: dict[str, float] = field(default_factory=dict)

    def end(self, hashes: Collection[str]) -> None:
        """Note that hashes were ended just now."""
        self.valid -= {*hashes}
        self.ended |= dict.fromkeys(hashes, time.monotonic() + KNOWN_EVERYWHERE_WITHIN_S)


@dataclass(slots=True)
class AccountClient:
    """An operator with accounts. Those of earlier rounds are looked at too."""

    operator: Operator
    earlier: deque[Account] = field(default_factory=lambda: deque(maxlen=LASTING))
    accounts: list[Account] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    async def work(self, caller: Caller, round_number: int, stop: asyncio.Event) -> None:
        """Lead one account after the other through its life, each step again until it is acknowledged."""
        self.earlier.extend(self.accounts)
        self.accounts, self.strange = [], []
        for number in count():
            account = Account(f"life{round_number}-{number}@example.com")
            for step in self._life(caller, account, number):
                if not await until_told(step, stop):
                    return
                if account.login not in {one.login for one in self.accounts}:
                    self.accounts.append(account)
            await self._look(caller, account)
            await asyncio.sleep(PAUSE_S)

    def _life(self, caller: Caller, account: Account, number: int) -> list[Any]:
        """Return the steps of an account's life."""
        steps = [
            partial(self._create, caller, account),
            partial(self._key, caller, account),
            partial(self._session, caller, account),
            partial(self._revoked_key, caller, account),
            partial(self._ended_session, caller, account),
        ]
        if number % CHANGED_EACH == 1:
            steps.append(partial(self._password, caller, account))
        if number % DELETED_EACH == DELETED_EACH - 1:
            steps.append(partial(self._delete, caller, account))
        return steps

    async def _create(self, caller: Caller, account: Account) -> bool:
        asked = CreateUserRequest(login=account.login, password=account.password)
        return (await self._call(caller, "CreateUser", asked, {"ALREADY_EXISTS"})).is_ok

    async def _key(self, caller: Caller, account: Account) -> bool:
        answer = await self._call(caller, "CreateApiKey", CreateApiKeyRequest(login=account.login))
        if answer.is_ok:
            account.valid.add(answer.body.hash)
        return answer.is_ok

    async def _session(self, caller: Caller, account: Account) -> bool:
        answer = await caller.signed_in("user/auth", {"login": account.login, "password": account.password})
        if answer.is_ok and answer.body is None:
            self.strange.append(f"{account.login} cannot sign in")
        elif answer.is_ok:
            account.valid.add(answer.body["hash"])
        return answer.is_ok

    async def _revoked_key(self, caller: Caller, account: Account) -> bool:
        """Make a key and take it back."""
        made = await self._call(caller, "CreateApiKey", CreateApiKeyRequest(login=account.login))
        if not made.is_ok:
            return False
        asked = RevokeApiKeyRequest(id=made.body.id)
        answer = await self._call(caller, "RevokeApiKey", asked)
        if answer.is_ok:
            account.end({made.body.hash})
        return answer.is_ok

    async def _ended_session(self, caller: Caller, account: Account) -> bool:
        """Begin a session and end it."""
        begun = await caller.signed_in("user/auth", {"login": account.login, "password": account.password})
        if not begun.is_ok or begun.body is None:
            return False
        answer = await caller.signed_in("user/logout", {"hash": begun.body["hash"]})
        if answer.is_ok:
            account.end({begun.body["hash"]})
        return answer.is_ok

    async def _password(self, caller: Caller, account: Account) -> bool:
        """Set another password and take back the keys, which ends everything, and sign in with it."""
        account.is_changing = True
        before = set(account.valid)
        asked = SetPasswordRequest(login=account.login, password="another", revoke_keys=True)
        if not (await self._call(caller, "SetPassword", asked)).is_ok:
            return False
        account.password, account.is_changing = "another", False
        account.end(before)
        return True

    async def _delete(self, caller: Caller, account: Account) -> bool:
        account.is_deleting = True
        stub = AccountServiceStub(self.operator.channel)
        request = DeleteUserRequest(login=account.login)
        call = stub.DeleteUser(request, metadata=self.operator.metadata, timeout=OPERATOR_WITHIN_S)
        account.is_gone = (await caller.operator("DeleteUser", _last(call), MISSING)).is_ok
        if account.is_gone:
            account.end(set(account.valid))
        return account.is_gone

    async def _look(self, caller: Caller, account: Account) -> None:
        """Look in the middle of everything whether a hash is let in that was ended; a refusal may be for any reason."""
        await asyncio.sleep(KNOWN_EVERYWHERE_WITHIN_S)
        for one, since in account.ended.items():
            answer = await caller.signed_in(LIST, {"hash": one})
            if answer.is_ok and answer.body is not None and answer.began >= since:
                self.strange.append(f"an ended hash of {account.login} is let in")

    async def wrong(self, caller: Caller) -> list[str]:
        """Return what is otherwise than it was acknowledged, now that nothing disturbs it."""
        found = [*self.strange]
        for account in (*self.earlier, *self.accounts):
            if not account.is_deleting or account.is_gone:
                found += await self._wrong(caller, account)
        if self.accounts and not (last := self.accounts[-1]).is_changing and not last.is_deleting:
            answer = await caller.signed_in("user/auth", {"login": last.login, "password": last.password})
            found += [] if answer.body else [f"{last.login} cannot sign in afterwards"]
        return found

    async def _wrong(self, caller: Caller, account: Account) -> list[str]:
        found = []
        there = (await self._call(caller, "GetUser", GetUserRequest(login=account.login), MISSING)).body is not None
        if there == account.is_gone:
            found.append(f"account {account.login} is {'there after it was deleted' if there else 'lost'}")
        hashes = dict.fromkeys(sorted(() if account.is_changing else account.valid), True)
        for one, is_valid in (hashes | dict.fromkeys(sorted(account.ended), False)).items():
            is_let_in = (await caller.signed_in(LIST, {"hash": one})).body is not None
            if is_let_in != is_valid:
                found.append(f"{'an ended' if is_let_in else 'a'} hash of {account.login} is {_let(is_let_in)}")
        return found

    async def _call(self, caller: Caller, name: str, request: Any, expected: Collection[str] = ()) -> Answer:
        rpc = getattr(AccountServiceStub(self.operator.channel), name)
        return await caller.operator(
            name, rpc(request, metadata=self.operator.metadata, timeout=OPERATOR_WITHIN_S), expected
        )


def _let(is_in: bool) -> str:
    return "let in" if is_in else "refused"


async def _last(call: Any) -> Any:
    """Return the last message of a stream."""
    found = None
    async for one in call:
        found = one
    return found
