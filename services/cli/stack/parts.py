"""Parts of a stack: their names, the services whose health counts, and where each is."""

from dataclasses import dataclass

GENERATION = "daybook.generation.v1.GenerationService"
RENDERING = "daybook.rendering.v1.RenderingService"
RENDERING_PART = "rendering"
SERVICES = {"generation": GENERATION, RENDERING_PART: RENDERING}  # whose health counts
GATEWAY = "gateway"
NAMES = (*SERVICES, GATEWAY)
SERVING = "serving"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Address (host:port) of a part by its name; the gateway may speak HTTPS there."""

    name: str
    address: str
    https: bool = False
