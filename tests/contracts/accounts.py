"""Contracts of the ports of accounts."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from services.errors import AlreadyExists, NotFound
from services.generation.accounts.account_store import Accounts, CredentialFilter, LoginAttempts, Passwords
from services.generation.accounts.orphans import Orphans, OrphanStore
from services.generation.accounts.removal import Erasure
from services.generation.accounts.user import User
from services.generation.domain.paging import Page
from services.generation.words.language import Locale
from tests.builders.people import user

T = TypeVar("T")

KEY, SESSION, OTHER = (bytes([number]) * 32 for number in range(3))


def later(days: float = 1) -> datetime:
    """Return a moment in the future, to the millisecond that the store keeps."""
    return datetime.now(UTC).replace(microsecond=0) + timedelta(days=days)


def known(id_: int, **fields: object) -> User:
    """Return an account as the store gives it, with itself as its person."""
    return user(id=id_, person_id=id_, **fields)


class AccountsContract:
    """Rules of the port Accounts. A subclass gives `accounts`, empty, and `erasure` over the same accounts."""

    async def test_a_stored_account_is_found_with_all_its_fields(self, accounts: Accounts) -> None:
        """By login with its password hash, by id, and in the list; ids ascend."""
        locale = Locale("ru", "Europe/Moscow", "us", "dMMMy", "TWELVE_HOURS")
        ann = user(login="ann", locale=locale, demo=True)
        first = await accounts.add(ann, "hash of ann")
        second = await accounts.add(user(login="sub", master_id=first, rights=frozenset({"reports"})), "hash of sub")
        stored = [known(first, login="ann", locale=locale, demo=True)]
        stored += [known(second, login="sub", master_id=first, rights=frozenset({"reports"}))]

        assert first < second
        assert (stored[0], "hash of ann") == await accounts.by_login("ann")
        assert stored[1] == await accounts.by_id(second) == await accounts.by_person(second)
        assert {one.id: one for one in stored} == await accounts.by_ids([second, first, 10**9])
        assert stored == await accounts.page(Page(10))
        assert stored[1:] == await accounts.page(Page(10, (first,)))
        assert stored[:1] == await accounts.page(Page(1))

    async def test_an_unknown_account_is_none(self, accounts: Accounts) -> None:
        """By login, by id, as a person and by credential."""
        await accounts.add(user(login="ann"), "")

        assert await accounts.by_login("anna") is None
        assert await accounts.by_id(10**9) is None
        assert await accounts.by_person(10**9) is None
        assert await accounts.user_of(KEY) is None

    async def test_equal_logins_are_one(self, accounts: Accounts) -> None:
        """Blanks around it, letters' case and compatible forms aside: it is found by each, and taken for all."""
        await accounts.add(user(login="straße@example.com"), "hash")

        for login in ("STRASSE@example.com", " straße@Example.com ", "\uff53trasse@example.com"):
            assert await accounts.by_login(login) == await accounts.by_login("straße@example.com") is not None
            with pytest.raises(AlreadyExists):
                await accounts.add(user(login=login), "other")
        assert 1 == len(await accounts.page(Page(10)))

    async def test_a_login_is_taken_once(self, accounts: Accounts) -> None:
        """Of many accounts with the same login that are added at once, a single one is stored."""
        adding = (accounts.add(user(login="ann"), "") for _ in range(5))
        outcomes = await asyncio.gather(*adding, return_exceptions=True)

        assert 4 == sum(isinstance(one, AlreadyExists) for one in outcomes)
        assert 1 == len(await accounts.page(Page(10)))

    async def test_a_session_has_an_expiry_and_a_key_has_none(self, accounts: Accounts) -> None:
        """Unless it is given one. Both belong to the account they were stored for, and have ids that ascend."""
        user_id, until = await accounts.add(user(login="ann"), ""), later()
        ids = [
            await accounts.add_session(SESSION, user_id, until),
            await accounts.add_key(KEY, user_id, 20, "mine"),
            await accounts.add_key(OTHER, user_id, 20, expire_time=until),
        ]
        found = [await accounts.user_of(one) for one in (SESSION, KEY, OTHER)]
        credentials = await accounts.credentials_of(user_id)

        assert found == [(known(user_id, login="ann"), one) for one in credentials]
        assert [(False, "", until), (True, "mine", None), (True, "", until)] == [
            (one.is_key, one.name, one.expire_time) for one in credentials
        ]
        assert sorted(set(ids)) == ids == [one.id for one in credentials]  # type: ignore[type-var] # none is None
        assert [True, False, False] == [one.last_used_time == one.create_time for one in credentials]

    async def test_an_expired_session_is_unknown(self, accounts: Accounts) -> None:
        """From its expiry on, whether the store has deleted it or not; an extended one is known."""
        user_id = await accounts.add(user(login="ann"), "")
        await accounts.add_session(SESSION, user_id, later(-1))
        assert await accounts.user_of(SESSION) is None

        await accounts.record_use(SESSION, later(), until := later(2))
        found = await accounts.user_of(SESSION)
        assert found
        assert (later(), until) == (found[1].last_used_time, found[1].expire_time)

    async def test_an_expired_key_is_unknown(self, accounts: Accounts) -> None:
        """Like a session; the use of a key does not make it live longer."""
        user_id = await accounts.add(user(login="ann"), "")
        await accounts.add_key(KEY, user_id, 20, expire_time=later(-1))
        await accounts.add_key(OTHER, user_id, 20, expire_time=(until := later()))
        await accounts.record_use(OTHER, later(), None)

        assert await accounts.user_of(KEY) is None
        assert [until] == [one.expire_time for one in await accounts.credentials_of(user_id)]

    async def test_credentials_are_removed_by_account_kind_and_id(self, accounts: Accounts) -> None:
        """Those of other accounts and of the other kind stay."""
        ann, bob = [await accounts.add(user(login=login), "") for login in ("ann", "bob")]
        first = await accounts.add_session(SESSION, ann, later())
        second = await accounts.add_session(b"s" * 32, ann, later())
        key = await accounts.add_key(KEY, ann, 20)
        await accounts.add_key(OTHER, bob, 20)
        assert key

        for nothing in ((False, bob, None), (True, bob, (key,)), (False, None, (key,)), (True, ann, (first,))):
            assert [] == await removed(accounts, CredentialFilter(*nothing))
        assert [first] == await removed(accounts, CredentialFilter(False, ann, (first,)))
        assert [second] == await removed(accounts, CredentialFilter(False, ann))
        assert [key] == await removed(accounts, CredentialFilter(True, None, (key,)))
        assert [] == await accounts.credentials_of(ann)
        assert await accounts.user_of(OTHER) is not None

    async def test_fields_of_an_account_change_alone(self, accounts: Accounts) -> None:
        """Those that are not named stay, within its locale too."""
        user_id = await accounts.add(user(login="ann", locale=Locale("ru", "Europe/Moscow"), demo=True), "hash")
        await accounts.add_key(KEY, user_id, 20)
        await accounts.user_of(KEY)
        expected = known(
            user_id, login="ann", locale=Locale("ru", "Asia/Tokyo"), demo=True, rights=frozenset({"reports"})
        )

        assert expected == await accounts.change(user_id, {"locale.time_zone": "Asia/Tokyo", "rights": ["reports"]})
        assert (expected, "hash") == await accounts.by_login("ann")
        assert expected == (await accounts.user_of(KEY) or [None])[0]
        assert await accounts.change(10**9, {"demo": True}) is None

    async def test_a_new_password_has_another_version(self, accounts: Accounts) -> None:
        """By which those that checked the old one know that it is over."""
        user_id = await accounts.add(user(login="ann"), "hash")
        assert await accounts.set_password(user_id, "other")

        assert (known(user_id, login="ann", password_version=1), "other") == await accounts.by_login("ann")
        assert not await accounts.set_password(10**9, "other")

    async def test_ending_a_session_leaves_a_key(self, accounts: Accounts) -> None:
        """Only removing a credential removes a key, and tells whether there was one."""
        user_id = await accounts.add(user(login="ann"), "")
        await accounts.add_session(SESSION, user_id, later())
        await accounts.add_key(KEY, user_id, 20)
        await accounts.end_session(SESSION)
        await accounts.end_session(KEY)

        assert await accounts.user_of(SESSION) is None
        assert await accounts.user_of(KEY) is not None
        gone = await accounts.remove_credential(KEY)
        assert gone
        assert (user_id, True) == (gone.user_id, gone.is_key)
        assert await accounts.remove_credential(KEY) is None
        assert await accounts.user_of(KEY) is None

    async def test_keys_are_limited_by_account(self, accounts: Accounts) -> None:
        """A key over the limit is not stored; a removed key makes room, and sessions do not count."""
        user_id = await accounts.add(user(login="ann"), "")
        await accounts.add_session(SESSION, user_id, later())

        assert await accounts.add_key(KEY, user_id, 1)
        assert not await accounts.add_key(OTHER, user_id, 1)
        assert await accounts.user_of(OTHER) is None
        await accounts.remove_credential(KEY)
        assert await accounts.add_key(OTHER, user_id, 1)

    async def test_an_account_under_removal_is_unknown(self, accounts: Accounts, erasure: Erasure) -> None:
        """With its sub-users: they are found in the list only, and no credential or sub-user is added to them."""
        user_id = await accounts.add(user(login="ann"), "")
        sub = await accounts.add(user(login="sub", master_id=user_id), "")
        await accounts.add_key(KEY, sub, 20)
        await erasure.begin("ann")

        assert [None, None] == [await accounts.by_login(login) for login in ("ann", "sub")]
        assert [None, None] == [await accounts.by_id(id_) for id_ in (user_id, sub)]
        assert {} == await accounts.by_ids([user_id, sub])
        assert await accounts.user_of(KEY) is None
        assert [user_id, sub] == [one.id for one in await accounts.page(Page(10))]
        for writing in (
            accounts.add_key(OTHER, user_id, 20),
            accounts.add_session(SESSION, user_id, later()),
            accounts.add(user(login="other", master_id=user_id), ""),
        ):
            with pytest.raises(NotFound):
                await writing
        assert await accounts.by_login("other") is None


class LoginAttemptsContract:
    """Rules of the port LoginAttempts. A subclass gives `attempts`, empty."""

    async def test_attempts_are_counted_to_the_limit(self, attempts: LoginAttempts) -> None:
        """One above the limit is not counted; other names have counts of their own."""
        first, second, third = [await attempts.count("ann", str(number), 2) for number in range(3)]

        assert [None, None] == [first, second]
        assert third is not None
        assert 0 < third <= 900  # until one of them is forgotten
        assert await attempts.count("bob", "0", 2) is None

    async def test_concurrent_attempts_share_the_limit(self, attempts: LoginAttempts) -> None:
        """Exactly as many as the limit are counted."""
        counted = await asyncio.gather(*(attempts.count("ann", str(number), 5) for number in range(20)))

        assert 5 == counted.count(None)

    async def test_a_forgotten_attempt_makes_room(self, attempts: LoginAttempts) -> None:
        """For a single one; an attempt that was not counted makes none."""
        for number in range(3):
            await attempts.count("ann", str(number), 2)
        await attempts.forget("ann", "2")
        await attempts.forget("bob", "0")
        assert await attempts.count("ann", "3", 2) is not None

        await attempts.forget("ann", "0")
        assert [True, False] == [await attempts.count("ann", str(number), 2) is None for number in (4, 5)]

    async def test_all_attempts_of_a_name_are_forgotten(self, attempts: LoginAttempts) -> None:
        """Those of other names stay."""
        for name in ("ann", "bob"):
            await attempts.count(name, "0", 1)
        await attempts.forget_all("ann")

        assert [True, False] == [await attempts.count(name, "1", 1) is None for name in ("ann", "bob")]


class PasswordsContract:
    """Rules of the port Passwords. A subclass gives `passwords`."""

    async def test_a_password_matches_its_own_hash_only(self, passwords: Passwords) -> None:
        """Another password does not, and an empty hash matches nothing, not even an empty password."""
        hashed = await passwords.hash("grüße")

        assert await passwords.matches("grüße", hashed)
        assert not await passwords.matches("Grüße", hashed)
        assert not await passwords.matches("grüße", "")
        assert not await passwords.matches("", "")


class ErasureContract:
    """Rules of the port Erasure. A subclass gives `accounts`, empty, and `erasure` over the same accounts."""

    async def test_an_unknown_login_begins_nothing(self, accounts: Accounts, erasure: Erasure) -> None:
        """The others stay."""
        await accounts.add(user(login="ann"), "")

        assert await erasure.begin("anna") is None
        assert await accounts.by_login("ann") is not None

    async def test_a_begun_removal_can_begin_again(self, accounts: Accounts, erasure: Erasure) -> None:
        """It has the same data, the account's id first, also when it is renewed."""
        user_id = await accounts.add(user(login="ann"), "")
        sub = await accounts.add(user(login="sub", master_id=user_id), "")
        data = await erasure.begin("ann")

        assert data is not None
        assert (user_id, sub) == data.user_ids
        assert data == await erasure.begin("ann") == await erasure.renewed(data)

    async def test_erasing_removes_what_was_counted(self, accounts: Accounts, erasure: Erasure) -> None:
        """The credentials of the account and its sub-users go, those of others stay; the accounts go at the end."""
        user_id, bob = [await accounts.add(user(login=login), "") for login in ("ann", "bob")]
        sub = await accounts.add(user(login="sub", master_id=user_id), "")
        for digest, owner in ((KEY, user_id), (SESSION, sub), (OTHER, bob)):
            await accounts.add_key(digest, owner, 20)
        data = await erasure.begin("ann")
        assert data is not None

        assert 2 == (await erasure.count(data))["credentials"]
        assert {} == _some(dict(await _all(erasure.leave_workspaces(data))))
        assert 2 == dict(await _all(erasure.erase(data)))["credentials"]
        assert {} == _some(await erasure.count(data))
        assert 2 == await erasure.end(data)
        assert [bob] == [one.id for one in await accounts.page(Page(10))]
        assert await accounts.user_of(OTHER) is not None
        assert await erasure.begin("ann") is None


class OrphanStoreContract:
    """Rules of the port OrphanStore. A subclass gives `orphans` with two credentials that lost their account."""

    async def test_each_kind_is_told_once(self, orphans: OrphanStore) -> None:
        """Kinds without orphans are in both streams, too."""
        assert orphans.kind_count == len(await _all(orphans.find()))
        assert orphans.kind_count == len(await _all(orphans.delete()))

    async def test_finding_changes_nothing_and_deleting_does(self, orphans: OrphanStore) -> None:
        """The same accounts are deleted as were found."""
        lost = {("credentials", "users"): 2}

        assert lost == _counts(await _all(orphans.find()))
        assert lost == _counts(await _all(orphans.delete()))
        assert {} == _counts(await _all(orphans.find()))


async def removed(accounts: Accounts, wanted: CredentialFilter) -> list[int]:
    """Return the ids of the credentials that were removed."""
    return [one.id for one in await accounts.remove_credentials(wanted)]


async def _all(stream: AsyncGenerator[T, None]) -> list[T]:
    return [one async for one in stream]


def _some(counts: dict[str, int]) -> dict[str, int]:
    return {kind: count for kind, count in counts.items() if count}


def _counts(found: list[Orphans]) -> dict[tuple[str, str], int]:
    return {(one.kind, one.missing): one.count for one in found if one.count}
