"""Servicers of scheduled reports and of their delivery."""

import grpc
from daybook.schedule.v1.delivery_service_pb2_grpc import add_DeliveryServiceServicer_to_server
from daybook.schedule.v1.schedule_service_pb2_grpc import add_ScheduleServiceServicer_to_server

from services.generation.accounts.delivery_token import DeliveryTokenCheck
from services.generation.bootstrap.components import Components, ServicerGroup
from services.generation.servicers.deliveries import DeliveryServicer
from services.generation.servicers.schedules import ScheduleServicer


def _add(server: grpc.aio.Server, components: Components) -> None:
    scheduled = components.scheduled
    schedules = ScheduleServicer(scheduled, components.authenticator, components.access)
    add_ScheduleServiceServicer_to_server(schedules, server)
    token = components.settings.delivery_token.get_secret_value()
    workers = DeliveryTokenCheck(token, components.login_limit)
    add_DeliveryServiceServicer_to_server(DeliveryServicer(scheduled.deliveries, workers), server)


SCHEDULES = ServicerGroup(("daybook.schedule.v1.ScheduleService", "daybook.schedule.v1.DeliveryService"), _add)
