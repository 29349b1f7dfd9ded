"""The services of accounts and timesheets alone, on a free port: they start much faster than the whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from daybook.account.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from daybook.timesheet.v1.timesheet_service_pb2_grpc import add_TimesheetServiceServicer_to_server

from services.generation.access import Access
from services.generation.accounts import AccountBook
from services.generation.adapters.mongo_accounts import MongoAccounts
from services.generation.adapters.mongo_erasure import MongoErasure
from services.generation.adapters.mongo_logins import MongoLoginTries
from services.generation.adapters.mongo_time_entries import MongoTimeEntries
from services.generation.adapters.mongo_timesheets import MongoTimesheets
from services.generation.bootstrap import now
from services.generation.callers import Callers
from services.generation.logins import WINDOW
from services.generation.removals import Removals
from services.generation.servicers.accounts import AccountServicer
from services.generation.servicers.timesheets import TimesheetServicer
from services.generation.timesheets import TimesheetBook
from services.runtime.channel import open_channel
from services.runtime.serve import Health, make_server, start
from tests.integration.generation.services import Client


class PlainPasswords:
    """Fills the port Passwords, quickly."""

    async def hash(self, password: str) -> str:
        return password

    async def matches(self, password: str, password_hash: str) -> bool:
        return password == password_hash


@asynccontextmanager
async def timesheets_on(db: Any) -> AsyncIterator[Client]:
    """Run both services over an opened database."""
    health = Health(())
    server = make_server((), health)
    credentials, timesheets, entries = MongoAccounts(db), MongoTimesheets(db), MongoTimeEntries(db)
    access = Access(credentials, "secret", now)
    accounts = AccountBook(credentials, PlainPasswords(), MongoLoginTries(db, WINDOW), now)
    book = TimesheetBook(timesheets, entries, now)
    servicer = TimesheetServicer(book, timesheets, entries, accounts, Callers(access, accounts))
    add_AccountServiceServicer_to_server(AccountServicer(accounts, Removals(MongoErasure(db)), access), server)
    add_TimesheetServiceServicer_to_server(servicer, server)
    address = f"127.0.0.1:{await start(server, health, '127.0.0.1:0')}"
    async with open_channel(address) as channel:
        yield Client(channel)
    await server.stop(0)
