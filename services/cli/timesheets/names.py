"""Records of a workspace that the names of a timesheet file stand for; missing ones are created."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from daybook.input.v1.workspace_pb2 import Member

from services.cli.errors import CommandFailed
from services.cli.timesheets.lines import NO_PROJECT, Person, Project
from services.cli.timesheets.survey import Survey
from services.cli.timesheets.workspace_book import Priced, WorkspaceBook, price_of
from services.runtime.identity import identity_key
from services.runtime.shown_text import shown


@dataclass(frozen=True, slots=True)
class Names:
    """The ids of everything a file names, the zones of its people, and what its projects cost."""

    workspace_id: int
    people: Mapping[Person, tuple[int, ZoneInfo]]
    projects: Mapping[Project, tuple[int, Priced]]
    tasks: Mapping[tuple[Project, str], int]
    tags: Mapping[str, int]
    created: Mapping[str, int] = field(default_factory=dict)  # how many of each kind are new


async def settle(book: WorkspaceBook, survey: Survey, time_zone: str, *, is_new: bool) -> Names:
    """Find all that a file names, and create what is missing. New members get the time zone, or the owner's for "".

    The owner of a new workspace counts as a new member. Whatever else exists is left as it is.
    """
    clients, new_clients = await book.clients(survey.clients)
    people, new_people = await _people(book, survey, time_zone, is_new=is_new)
    projects, new_projects = await book.projects(
        {project: (clients.get(project[0], 0), survey.projects[project]) for project in survey.named_projects}
    )
    tasks, new_tasks = await book.tasks({(project, task): projects[project][0] for project, task in survey.tasks})
    tags, new_tags = await book.tags(survey.tags)
    own = price_of(book.workspace)
    return Names(
        workspace_id=book.workspace.id,
        people=people,
        projects={name: (id_, price.over(own)) for name, (id_, price) in projects.items()} | {NO_PROJECT: (0, own)},
        tasks=tasks,
        tags=tags,
        created={
            "members": new_people,
            "clients": new_clients,
            "projects": new_projects,
            "tasks": new_tasks,
            "tags": new_tags,
        },
    )


async def _people(
    book: WorkspaceBook, survey: Survey, time_zone: str, *, is_new: bool
) -> tuple[dict[Person, tuple[int, ZoneInfo]], int]:
    """Return the id and zone of each person, and how many are new."""
    known = await book.members()
    owner = known.get((identity_key(book.workspace.owner_login), ""))
    zone = time_zone or (owner.time_zone if owner else "")
    wanted = [
        Member(name=name, email=email, role=Member.ROLE_MEMBER, time_zone=zone)
        for person, (name, email) in survey.people.items()
        if person not in known
    ]
    if owner and is_new:
        name, _ = survey.people.get((identity_key(owner.email), ""), (owner.name, ""))
        wanted.append(Member(user_id=owner.user_id, name=name, email=owner.email, role=owner.role, time_zone=zone))
    if wanted:
        await book.put_members(wanted)
        known = await book.members()
    found = {person: (known[person].user_id, zone_of(known[person])) for person in survey.people}
    return found, len(wanted)


def zone_of(member: Member) -> ZoneInfo:
    """Return the zone of a member's clock. Raises CommandFailed for one that is not known here."""
    try:
        return ZoneInfo(member.time_zone or "UTC")
    except (KeyError, ValueError, OSError) as error:
        raise CommandFailed(
            f"the time zone {shown(repr(member.time_zone))} of {shown(member.name)} is not known here"
        ) from error
