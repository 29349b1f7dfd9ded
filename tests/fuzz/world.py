"""World that a stack is fuzzed with: its addresses, an account's credentials, and the ids of existing records."""

from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from tests.builders.tracks import worked_example_track
from tests.e2e.imports import write_csv
from tests.e2e.office import Office, open_office
from tests.e2e.saved import keep
from tests.e2e.stack import Client, Stack

LIVE = 40  # ids of each sort that are remembered
PERIOD = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")


@dataclass
class World:
    """A running stack with a fleet and a workspace, and what is there by now: `remember` adds what answers tell of."""

    stack: Stack
    client: Client
    office: Office
    report_ids: deque[int] = field(default_factory=lambda: deque(maxlen=LIVE))
    saved_ids: deque[int] = field(default_factory=lambda: deque(maxlen=LIVE))
    tokens: deque[str] = field(default_factory=lambda: deque(maxlen=LIVE))

    @property
    def base(self) -> str:
        """The address of the gateway."""
        return self.stack.addresses["gateway"]


def open_world(stack: Stack, folder: Path) -> World:
    """Make people, a tracker with a track and a workspace, and store their seed data."""
    login = "fuzzed"
    stack.command("user", "add", login, "--password", "secret", "--time-zone", "Europe/Moscow")
    client = Client(stack.addresses["gateway"], stack.command("key", "add", login)["hash"])
    client.tracker = stack.command("tracker", "add", "--owner", login, "--label", "Van 1")["tracker_id"]
    file = write_csv(worked_example_track(), folder / "example.csv")
    stack.command("import", "track", file, "--tracker", str(client.tracker))
    return seeded(World(stack, client, open_office(stack, folder)))


def seeded(world: World) -> World:
    """Return the world with a finished report and a saved report of each kind in it."""
    made = world.client.generate([world.client.tracker], PERIOD)
    world.client.wait(made)
    world.report_ids.append(made)
    world.tokens.extend(keep(world.office, kind, public=True)["token"] for kind in ("detailed", "summary", "weekly"))
    return world
