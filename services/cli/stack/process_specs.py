"""Specs of a stack's processes: command, ports and environment of each."""

import re
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

from services.cli import mongod
from services.cli.settings import StackSettings
from services.cli.stack.data_dir import Addresses, DataDir
from services.cli.stack.data_dir_lock import MARK
from services.cli.stack.mongodb_user import uri_of
from services.cli.stack.parts import GENERATION, RENDERING
from services.cli.stack.ports import Ports
from services.cli.stack.process import ProcessSpec
from services.cli.stack.status import answers_http, answers_mongodb, is_serving

CLOSING_S = 1.0  # of the time to stop of a part, what it needs after its running calls have ended

HealthCheck = Callable[[], Awaitable[bool]]
SERVICES = ("generation", "rendering", "gateway")


@dataclass(frozen=True, slots=True)
class WantedPorts:
    """Ports to listen on; 0 for any free port."""

    gateway: int = 8080
    generation: int = 50051
    rendering: int = 50052


def take_ports(wanted: WantedPorts, settings: StackSettings) -> Ports:
    """Return the ports of all parts. Raises CommandFailed when one is taken."""
    numbers = {"gateway": wanted.gateway, "generation": wanted.generation, "rendering": wanted.rendering}
    first = settings.first_metrics_port
    metrics = {f"metrics of {name}": first and first + place for place, name in enumerate(SERVICES)}
    mongodb = {} if settings.mongodb_uri else {"mongodb": 0}
    options = {name: f"--{name}-port" for name in numbers} | dict.fromkeys(metrics, "METRICS_LISTEN")
    return Ports({**numbers, **metrics, **mongodb}, options)


def addresses_of(ports: Ports, settings: StackSettings) -> Addresses:
    """Return the addresses of the parts, without the password of an external MongoDB server."""
    external = re.sub(r"(?<=://)[^/@]*@", "", settings.mongodb_uri)
    return Addresses(
        gateway=f"{'https' if settings.public_tls.is_on else 'http'}://{ports.address('gateway')}",
        generation=ports.address("generation"),
        rendering=ports.address("rendering"),
        mongodb=external or f"mongodb://{ports.address('mongodb')}",
        metrics={name: f"http://{ports.address(f'metrics of {name}')}/metrics" for name in SERVICES},
    )


def process_specs(
    data_dir: DataDir, ports: Ports, settings: StackSettings, token: str, more: Mapping[str, str]
) -> list[ProcessSpec]:
    """Return the parts in the order of their start. The shares of their time to stop add up to 13.5 s.

    `more` holds more variables of the services.
    """
    generation, rendering = ports.address("generation"), ports.address("rendering")
    gateway, tls = ports.address("gateway"), settings.grpc_tls
    environment = {
        MARK: str(data_dir.path),
        "MONGODB_URI": settings.mongodb_uri or uri_of(ports.address("mongodb"), data_dir.mongodb_password()),
        "GENERATION_LISTEN": generation,
        "RENDERING_LISTEN": rendering,
        "GATEWAY_LISTEN": gateway,
        "GENERATION_ADDRESS": generation,
        "RENDERING_ADDRESS": rendering,
        "OPERATOR_TOKEN": token,
        "GATEWAY_SECRET": data_dir.gateway_secret(),
        "DELIVERY_TOKEN": data_dir.delivery_token(),
        "PUBLIC_URL": settings.public_url or addresses_of(ports, settings).gateway,
        "WORKER_NAME": data_dir.keep_worker_name(),  # a successor takes up the reports of its dead predecessor at once
        **more,
    }

    def service(name: str, module: str, is_healthy: HealthCheck, stop_within_s: float) -> ProcessSpec:
        command = (sys.executable, "-P", "-m", module)  # -P: a folder `services` where `up` runs is not ours
        own = {
            "STOP_GRACE_SECONDS": str(stop_within_s - CLOSING_S),
            "METRICS_LISTEN": f"{settings.metrics_host}:{ports.number(f'metrics of {name}')}",
        }
        return ProcessSpec(name, command, {**environment, **own}, data_dir.log(name), is_healthy, stop_within_s)

    gateway_answers = partial(answers_http, gateway, "/health", encrypted=settings.public_tls.is_on)
    parts = [
        service("generation", "services.generation", partial(is_serving, generation, GENERATION, tls), 4.5),
        service("rendering", "services.rendering", partial(is_serving, rendering, RENDERING, tls), 2.5),
        service("gateway", "gateway", gateway_answers, 2.5),
    ]
    return parts if settings.mongodb_uri else [_mongodb(data_dir, ports, settings, environment), *parts]


def _mongodb(data_dir: DataDir, ports: Ports, settings: StackSettings, environment: Mapping[str, str]) -> ProcessSpec:
    port = ports.number("mongodb")
    return ProcessSpec(
        name="mongodb",
        command=mongod.command(
            mongod.find_mongod(), data_dir.mongodb, mongod.on_loopback(port), settings.mongod_cache_gb
        ),
        environment={MARK: environment[MARK]},
        log=data_dir.log("mongodb"),
        is_healthy=partial(answers_mongodb, ports.address("mongodb")),
        stop_within_s=4.0,
        starts_first=True,
    )
