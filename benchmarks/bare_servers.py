"""The least that can answer a status request: a bare aiohttp handler that makes one empty grpc.aio call.

`python -m benchmarks.bare_servers call` runs the gRPC server and prints its port; `http PORT` the handler before it.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
from aiohttp import web
from google.protobuf.empty_pb2 import Empty
from grpc.aio import ServicerContext, insecure_channel

METHOD = "/benchmarks.Nothing/Ask"
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class BareServers:
    """Address of the handler, and the process ids of both servers by name."""

    address: str
    processes: dict[str, int]


class Nothing(grpc.GenericRpcHandler):
    """A service whose one method takes nothing and returns nothing."""

    def service(self, _: grpc.HandlerCallDetails) -> "grpc.RpcMethodHandler[Empty, Empty]":
        """Return the method."""
        return grpc.unary_unary_rpc_method_handler(self._ask, Empty.FromString, Empty.SerializeToString)

    @staticmethod
    async def _ask(request: Empty, _: ServicerContext[Empty, Empty]) -> Empty:
        return request


async def serve_calls() -> None:
    """Serve gRPC until killed."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((Nothing(),))
    port = server.add_insecure_port(f"{LOOPBACK}:0")
    await server.start()
    print(port, flush=True)
    await server.wait_for_termination()


async def serve_http(calls_port: int) -> None:
    """Serve HTTP until killed, each request with a call."""
    async with insecure_channel(f"{LOOPBACK}:{calls_port}") as channel:
        ask = channel.unary_unary(METHOD, Empty.SerializeToString, Empty.FromString)

        async def answer(_: web.Request) -> web.Response:
            await ask(Empty())
            return web.json_response({"success": True})

        app = web.Application()
        app.router.add_get("/", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, LOOPBACK, 0).start()
        print(runner.addresses[0][1], flush=True)
        await asyncio.Event().wait()


@contextmanager
def bare_servers() -> Iterator[BareServers]:
    """Run the handler and the gRPC server in processes of their own inside the context."""
    with _process("call") as (calls_port, calls_pid), _process("http", calls_port) as (port, http_pid):
        yield BareServers(f"{LOOPBACK}:{port}", {"http": http_pid, "call": calls_pid})


@contextmanager
def _process(*words: str) -> Iterator[tuple[str, int]]:
    """Yield the port and the id of a process."""
    program = (sys.executable, "-m", "benchmarks.bare_servers", *words)
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # this very module
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.terminate()


if __name__ == "__main__":
    asyncio.run(serve_calls() if sys.argv[1] == "call" else serve_http(int(sys.argv[2])))
