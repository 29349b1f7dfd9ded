"""Servicers of inputs, of tracks and of workspaces."""

import grpc
from daybook.input.v1.input_service_pb2_grpc import add_InputServiceServicer_to_server
from daybook.input.v1.track_service_pb2_grpc import add_TrackServiceServicer_to_server
from daybook.workspace.v1.workspace_service_pb2_grpc import add_WorkspaceServiceServicer_to_server

from services.generation.bootstrap.components import Components, ServicerGroup
from services.generation.executors import track_worker
from services.generation.inputs.input_rules import rules_of
from services.generation.inputs.input_service import InputService
from services.generation.inputs.parking_settings import ParkingSettings
from services.generation.inputs.projects import PROJECTS
from services.generation.inputs.series_service import SeriesService
from services.generation.reporting.units import WorkerSettings
from services.generation.servicers.input import InputServicer
from services.generation.servicers.track import TrackServicer
from services.generation.servicers.workspace import WorkspaceServicer
from services.generation.store.mongo_persons import MongoPersons
from services.generation.store.mongo_series import MongoSeries
from services.generation.store.server_clock import now
from services.generation.timetracking.detachment import ProjectRules
from services.generation.timetracking.entry_deletion import EntryDeletion
from services.generation.timetracking.lookups import LookupService
from services.generation.timetracking.memberships import Memberships
from services.generation.tracks.track_reader import TrackReader
from services.generation.tracks.track_service import TrackLimits, TrackService


def _add(server: grpc.aio.Server, components: Components) -> None:
    inputs, entries, owners = components.inputs, components.entries, components.input_owners
    rules = rules_of(inputs, MongoPersons(components.database), components.accounts)
    records = InputService(inputs, {**rules, PROJECTS.name: ProjectRules(inputs, entries)})
    series = SeriesService(MongoSeries(components.database), inputs, now)
    servicer = InputServicer(records, series, ParkingSettings(records), owners)
    add_InputServiceServicer_to_server(servicer, server)
    tracks = TrackServicer(_tracks(components), components.reports, owners, components.report_callers)
    add_TrackServiceServicer_to_server(tracks, server)
    memberships = Memberships(components.members, components.accounts)
    lookups, deletion = LookupService(inputs, memberships, entries), EntryDeletion(memberships, records)
    add_WorkspaceServiceServicer_to_server(WorkspaceServicer(lookups, deletion, components.authenticator), server)


def _tracks(components: Components) -> TrackService:
    settings = components.settings
    limits = TrackLimits(settings.max_time_span, settings.max_stats_time_span, settings.max_stats_trackers)
    reader = TrackReader(
        components.track_readers, track_worker.WORK, WorkerSettings.of(settings), settings.track_seconds
    )
    return TrackService(components.inputs, reader, limits, now)


INPUTS = ServicerGroup(
    ("daybook.input.v1.InputService", "daybook.input.v1.TrackService", "daybook.workspace.v1.WorkspaceService"),
    _add,
)
