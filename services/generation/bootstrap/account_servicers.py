"""Servicers of accounts and of maintenance."""

import grpc
from daybook.account.v1.account_service_pb2_grpc import add_AccountServiceServicer_to_server
from daybook.maintenance.v1.maintenance_service_pb2_grpc import add_MaintenanceServiceServicer_to_server

from services.generation.accounts.orphans import OrphanService
from services.generation.accounts.removal import RemovalService
from services.generation.bootstrap.components import Components, ServicerGroup
from services.generation.reporting.caller_profile import AccountLimits, Profiles
from services.generation.servicers.account import AccountServicer
from services.generation.servicers.maintenance import MaintenanceServicer
from services.generation.settings import Settings
from services.generation.store.mongo_erasure import MongoErasure
from services.generation.store.mongo_orphans import MongoOrphans


def _add(server: grpc.aio.Server, components: Components) -> None:
    accounts, access = components.accounts, components.access
    removals = RemovalService(MongoErasure(components.database), components.credentials.forget)
    profiles = Profiles(components.inputs, _account_limits(components.settings), accounts)
    servicer = AccountServicer(accounts, removals, access, components.authenticator, profiles)
    add_AccountServiceServicer_to_server(servicer, server)
    orphans = OrphanService(MongoOrphans(components.database))
    add_MaintenanceServiceServicer_to_server(MaintenanceServicer(orphans, access), server)


def _account_limits(settings: Settings) -> AccountLimits:
    return AccountLimits(
        settings.max_time_span,
        settings.max_trackers,
        settings.reports_at_once,
        settings.keep_days,
        settings.default_geocoder,
        settings.max_stats_time_span,
    )


ACCOUNTS = ServicerGroup(
    ("daybook.account.v1.AccountService", "daybook.maintenance.v1.MaintenanceService"),
    _add,
)
