"""Servicers of reports and of saved reports over time entries."""

import grpc
from daybook.generation.v1.generation_service_pb2_grpc import add_GenerationServiceServicer_to_server
from daybook.savedreport.v1.saved_report_service_pb2_grpc import add_SavedReportServiceServicer_to_server

from services.generation.bootstrap.components import Components, ServicerGroup
from services.generation.reporting.watch import Watchers
from services.generation.servicers.generation import GenerationServicer
from services.generation.servicers.part_streams import PartStreams
from services.generation.servicers.saved_report import SavedReportServicer
from services.generation.servicers.spooled_stream import SpooledStreams


def _add(server: grpc.aio.Server, components: Components) -> None:
    reports, time_reports, sources = components.reports, components.time_reports, components.time_sources
    settings, spools = components.settings, SpooledStreams()
    toggl_names = settings.time_file_names == "toggl"
    streams = PartStreams(reports, time_reports, sources, spools, toggl_file_names=toggl_names)
    watchers = Watchers(components.report_store, settings.watchers_at_once)
    callers, links, wake = components.report_callers, components.links, components.jobs.wake
    generation = GenerationServicer(reports, streams, watchers, callers, links=links, wake=wake)
    add_GenerationServiceServicer_to_server(generation, server)
    saved = SavedReportServicer(components.saved_reports, time_reports, sources, spools)
    add_SavedReportServiceServicer_to_server(saved, server)


REPORTS = ServicerGroup(
    ("daybook.generation.v1.GenerationService", "daybook.savedreport.v1.SavedReportService"),
    _add,
)
