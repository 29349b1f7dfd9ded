"""Services of accounts and inputs alone, on a free port: they start much faster than the whole."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from daybook.account.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from daybook.input.v1.input_service_pb2_grpc import add_InputServiceServicer_to_server

from services.generation.accounts.account_service import AccountService
from services.generation.accounts.authentication import Access, Authenticator
from services.generation.accounts.login_limit import WINDOW
from services.generation.accounts.removal import RemovalService
from services.generation.inputs.input_rules import rules_of
from services.generation.inputs.input_service import InputService
from services.generation.inputs.parking_settings import ParkingSettings
from services.generation.inputs.series_service import SeriesService
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.reporting.caller_profile import AccountLimits, Profiles
from services.generation.servicers.account import AccountServicer
from services.generation.servicers.input import InputServicer
from services.generation.servicers.input_owners import InputOwners
from services.generation.store.mongo_accounts import MongoAccounts
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_inputs import MongoInputs
from services.generation.store.mongo_login_attempts import MongoLoginAttempts
from services.generation.store.mongo_persons import MongoPersons
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.server_clock import now
from services.runtime.channel import open_channel
from services.runtime.serve import Health, make_server, start
from tests.fakes.accounts import PlainPasswords
from tests.integration.generation.services import Client


@asynccontextmanager
async def inputs_on(db: Any) -> AsyncIterator[Client]:
    """Run both services over an opened database."""
    health = Health(())
    server = make_server((), health)
    credentials, store = MongoAccounts(db), MongoInputs(db)
    access, members = Access(credentials, "secret", now), WorkspaceMembers(store)
    accounts = AccountService(credentials, PlainPasswords(), MongoLoginAttempts(db, WINDOW), now)
    authenticator = Authenticator(access, accounts)
    profiles = Profiles(store, AccountLimits(timedelta(days=90), 1000, 5, 30), accounts)
    account = AccountServicer(accounts, RemovalService(MongoErasure(db)), access, authenticator, profiles)
    inputs = InputService(store, rules_of(store, MongoPersons(db), accounts))
    owners = InputOwners(accounts, members, authenticator)
    add_AccountServiceServicer_to_server(account, server)
    series = SeriesService(MongoSeries(db), store, now)
    add_InputServiceServicer_to_server(InputServicer(inputs, series, ParkingSettings(inputs), owners), server)
    address = f"127.0.0.1:{await start(server, health, '127.0.0.1:0')}"
    async with open_channel(address) as channel:
        yield Client(channel, address)
    await server.stop(0)
