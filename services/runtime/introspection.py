"""Reflection and channelz of a gRPC server, which tell every client its contracts and its peers."""

from typing import NamedTuple

import grpc
from google.protobuf import descriptor_pool, text_format
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_channelz.v1 import channelz
from grpc_health.v1 import health
from grpc_reflection.v1alpha import _async as aio
from grpc_reflection.v1alpha import reflection, reflection_pb2

ALPHA, V1 = "grpc.reflection.v1alpha", "grpc.reflection.v1"
CHANNELZ = "grpc.channelz.v1.Channelz"


class Introspection(NamedTuple):
    """Switches of reflection and channelz of a server."""

    reflection: bool = True
    channelz: bool = True


BOTH = Introspection()


def add_introspection(server: grpc.aio.Server, services: list[str], wanted: Introspection) -> None:
    """Add what is wanted of the two; reflection in both versions that clients speak, v1alpha and v1."""
    names = [*services, health.SERVICE_NAME]
    if wanted.channelz:
        channelz.add_channelz_servicer(server)
        names.append(CHANNELZ)
    if wanted.reflection:
        names += [reflection.SERVICE_NAME, f"{V1}.ServerReflection"]
        reflection.enable_server_reflection(names, server)
        _add_v1(server, names)


def _add_v1(server: grpc.aio.Server, names: list[str]) -> None:
    """Add the service under its final name: its messages are those of v1alpha, byte by byte."""
    _describe_v1()
    method = grpc.stream_stream_rpc_method_handler(
        aio.ReflectionServicer(names).ServerReflectionInfo,
        request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
        response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    handler = grpc.method_handlers_generic_handler(f"{V1}.ServerReflection", {"ServerReflectionInfo": method})
    server.add_generic_rpc_handlers((handler,))


def _describe_v1() -> None:
    """Give the pool of descriptors the file of v1, so that it can be described like any other service."""
    file = reflection_pb2.DESCRIPTOR.serialized_pb
    described = FileDescriptorProto.FromString(file)
    text = text_format.MessageToString(described).replace(ALPHA, V1).replace("v1alpha/", "v1/")
    descriptor_pool.Default().AddSerializedFile(text_format.Parse(text, FileDescriptorProto()).SerializeToString())
