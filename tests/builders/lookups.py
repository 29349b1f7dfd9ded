"""Look-ups over a workspace in memory, and the members who make them."""

from collections.abc import Sequence
from dataclasses import replace

from daybook.input.v1.workspace_pb2 import Client, Project, Tag, Workspace

from services.generation.accounts.authentication import Principal
from services.generation.inputs.members import MEMBERS
from services.generation.inputs.workspace_members import WorkspaceMembers
from services.generation.inputs.workspaces import WORKSPACES
from services.generation.timetracking.lookups import LookupService
from services.generation.timetracking.memberships import Memberships
from tests.builders.people import user
from tests.builders.time_entries import changed, directory, entry, member
from tests.builders.time_report_service import inputs_of
from tests.fakes.accounts import account_service
from tests.fakes.time_entries import MemoryTimeEntries

BOSS = member(1, "Boss", "boss@example.com", "admin")
ANN = member(11, "ann", "ann@example.com")
LEFT = member(12, "Bob", "bob@example.com", inactive=True)
STUDIO = Workspace(id=1, name="studio", owner_id=1, currency_code="EUR", hourly_rate_cents=4050)
PROJECTS = (
    Project(id=7, name="Website", client_id=5, hourly_rate_cents=5000, estimated_seconds=9000, fixed_fee_cents=100_050),
    Project(id=8, name="audit", client_id=6, currency_code="USD"),
    Project(id=9, name="Inside", archived=True),
)
KNOWN = directory(
    members=(BOSS, ANN, LEFT),
    clients=(Client(id=5, name="beta"), Client(id=6, name="Acme", archived=True)),
    projects=PROJECTS,
    tags=(Tag(id=4, name="ui"), Tag(id=3, name="Draft")),
    workspace=STUDIO,
)
WORK = (
    entry(id=1, user=11, project=7, seconds=3600),
    entry(id=2, user=12, project=7, seconds=1800),
    entry(id=3, user=12, project=8, seconds=7200),
    entry(id=4, user=1, seconds=60),
)
BOSS_CALLS, ANN_CALLS, LEFT_CALLS, STRANGER_CALLS = (
    Principal(user(id=account, login=f"{account}@example.com", person_id=person))
    for account, person in ((1, 1), (2, 11), (3, 12), (4, 99))
)
OPERATOR = Principal(None, operator=True)
OTHER = Workspace(id=2, name="Attic", owner_id=1, currency_code="USD")


def lookup_service(*, tag_names: Sequence[str] = (), **settings: bool) -> LookupService:
    """Return look-ups in the studio with some settings and other tags, beside a workspace in which Boss is alone."""
    tags = {id_: Tag(id=id_, name=name) for id_, name in enumerate(tag_names, 1)} or KNOWN.tags
    inputs = inputs_of(replace(KNOWN, workspace=changed(STUDIO, **settings), tags=tags))
    inputs.add(WORKSPACES, 1, OTHER)
    inputs.add(MEMBERS, 2, BOSS)
    accounts = account_service(user(id=1, login="boss@example.com", person_id=1))
    return LookupService(inputs, Memberships(WorkspaceMembers(inputs), accounts), MemoryTimeEntries.of(*WORK))
