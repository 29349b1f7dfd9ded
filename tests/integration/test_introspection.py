"""Health, reflection and channelz of a server."""

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc import StatusCode
from grpc.aio import AioRpcError
from grpc_channelz.v1 import channelz_pb2, channelz_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from services.runtime.channel import open_channel
from services.runtime.introspection import Introspection
from services.runtime.serve import Health, make_server, start
from tests.fakes.generation_service import FakeGeneration
from tests.integration.servers import GENERATION, NOT_SERVING, SERVING, get, health_of, serving, serving_generation


async def test_health_tells_a_living_process_from_a_serving_one() -> None:
    """The empty name is the process; a service serves once it says so; a strange name is not found."""
    async with serving_generation(FakeGeneration()) as server:
        assert (SERVING, NOT_SERVING) == (await health_of(server, ""), await health_of(server, GENERATION))
        await server.health.set_serving(True)
        assert (SERVING, SERVING) == (await health_of(server, ""), await health_of(server, GENERATION))
        with pytest.raises(AioRpcError):
            await health_of(server, "strange")


async def test_reflection_lists_all_services() -> None:
    """A tool without our contracts finds ours and the three standard ones."""
    async with serving_generation(FakeGeneration()) as server:
        stub = reflection_pb2_grpc.ServerReflectionStub(server.channel)
        call = stub.ServerReflectionInfo(iter([reflection_pb2.ServerReflectionRequest(list_services="")]))
        listed = [service.name for service in (await call.read()).list_services_response.service]

    standard = ["grpc.channelz.v1.Channelz", "grpc.health.v1.Health"]
    standard += ["grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection"]
    assert [GENERATION, *standard] == sorted(listed)


async def test_channelz_counts_the_calls() -> None:
    """An operator sees what a server has done."""
    async with serving_generation(FakeGeneration()) as server:
        await get(server)
        stub = channelz_pb2_grpc.ChannelzStub(server.channel)
        servers = (await stub.GetServers(channelz_pb2.GetServersRequest(start_server_id=0))).server

    assert 1 <= max(one.data.calls_succeeded for one in servers)


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
async def test_reflection_describes_itself_in_both_versions(version: str) -> None:
    """Newer clients ask for v1 alone; the file of each is under its own name."""
    name = f"grpc.reflection.{version}.ServerReflection"
    async with serving(lambda _: None, GENERATION) as server:
        ask = server.channel.stream_stream(
            f"/{name}/ServerReflectionInfo",
            request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
            response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
        )
        requests = [reflection_pb2.ServerReflectionRequest(file_containing_symbol=one) for one in (name, GENERATION)]
        own, ours = [answer async for answer in ask(iter(requests))]

    (file,) = own.file_descriptor_response.file_descriptor_proto
    assert f"grpc.reflection.{version}" == FileDescriptorProto.FromString(file).package
    assert ours.file_descriptor_response.file_descriptor_proto


async def test_reflection_and_channelz_can_be_left_out() -> None:
    """Whoever asks is told that there is no such service."""
    health = Health([GENERATION])
    server = make_server([GENERATION], health, introspection=Introspection(reflection=False, channelz=False))
    port = await start(server, health, "127.0.0.1:0")
    async with open_channel(f"127.0.0.1:{port}") as channel:
        for method in ("reflection.v1.ServerReflection/ServerReflectionInfo", "channelz.v1.Channelz/GetServers"):
            with pytest.raises(AioRpcError) as refused:
                await channel.unary_unary(f"/grpc.{method}")(b"")
            assert StatusCode.UNIMPLEMENTED == refused.value.code()
    await server.stop(0)
