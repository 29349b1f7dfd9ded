"""The services of accounts and timesheets alone, on a free port: they start much faster than the whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from daybook.account.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from daybook.timesheet.v1.timesheet_service_pb2_grpc import add_TimesheetServiceServicer_to_server
from services.generation.servicers.timesheet import TimesheetServicer
from services.generation.store.mongo_timesheets import MongoTimesheets
from services.generation.timetracking.timesheet_service import TimesheetService

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access, Authenticator
from services.generation.accounts.login_limit import WINDOW
from services.generation.accounts.removal import RemovalService
from services.generation.bootstrap import now
from services.generation.servicers.account import AccountServicer
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.mongo_time_entries import MongoTimeEntries
from services.runtime.channel import open_channel
from services.runtime.serve import Health, make_server, start
from tests.fakes.accounts import PlainPasswords
from tests.integration.generation.services import Client


@asynccontextmanager
async def timesheets_on(db: Any) -> AsyncIterator[Client]:
    """Run both services over an opened database."""
    health = Health(())
    server = make_server((), health)
    credentials, timesheets, entries = MongoAccounts(db), MongoTimesheets(db), MongoTimeEntries(db)
    access = Access(credentials, "secret", now)
    accounts = AccountService(credentials, PlainPasswords(), MongoLoginAttempts(db, WINDOW), now)
    book = TimesheetService(timesheets, entries, now)
    servicer = TimesheetServicer(book, timesheets, entries, accounts, Authenticator(access, accounts))
    add_AccountServiceServicer_to_server(AccountServicer(accounts, RemovalService(MongoErasure(db)), access), server)
    add_TimesheetServiceServicer_to_server(servicer, server)
    address = f"127.0.0.1:{await start(server, health, '127.0.0.1:0')}"
    async with open_channel(address) as channel:
        yield Client(channel)
    await server.stop(0)
