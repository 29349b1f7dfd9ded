"""Health of a service behind a channel, as gRPC's own health protocol tells it."""

from grpc.aio import AioRpcError, Channel
from grpc_health.v1 import health_pb2, health_pb2_grpc

SERVING = health_pb2.HealthCheckResponse.SERVING


async def is_serving(channel: Channel, service: str, within_s: float) -> bool:
    """Return whether a service says in time that it serves."""
    question = health_pb2.HealthCheckRequest(service=service)
    try:
        answer = await health_pb2_grpc.HealthStub(channel).Check(question, timeout=within_s)
    except AioRpcError:
        return False
    return bool(answer.status == SERVING)
