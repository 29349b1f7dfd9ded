"""Records of a workspace: its members, clients, projects, tasks, tags and groups, by id."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Role = Literal["member", "admin"]


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace; its id is 0 until it is stored. `logo` is PNG or JPEG, `logo_url` what reports tell of it."""

    id: int
    name: str
    owner_id: int  # the account
    currency: str = "USD"
    rate_cents: int | None = None
    logo_url: str = ""
    logo: bytes = field(default=b"", repr=False)
    create_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a workspace. `id` is the person's in all workspaces; days begin in `time_zone`."""

    id: int
    name: str
    email: str = ""
    role: Role = "member"
    time_zone: str = "UTC"
    active: bool = True
    avatar_url: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody work is done for."""

    id: int
    name: str
    external_reference: str = ""


@dataclass(frozen=True, slots=True)
class Project:
    """What work is done on. A rate or currency of None is the workspace's; the colour is #rrggbb."""

    id: int
    name: str
    client_id: int | None = None
    color: str = ""
    rate_cents: int | None = None
    currency: str | None = None
    estimated_seconds: int | None = None
    fixed_fee_cents: int | None = None
    start_date: date | None = None
    end_date: date | None = None
    external_reference: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of a project."""

    id: int
    name: str
    project_id: int
    estimated_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class Tag:
    """A label of time entries."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Group:
    """Members that belong together."""

    id: int
    name: str
    user_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Directory:
    """Everything a workspace's ids stand for, by id."""

    workspace: Workspace
    members: Mapping[int, Member] = field(default_factory=dict)
    clients: Mapping[int, Client] = field(default_factory=dict)
    projects: Mapping[int, Project] = field(default_factory=dict)
    tasks: Mapping[int, Task] = field(default_factory=dict)
    tags: Mapping[int, Tag] = field(default_factory=dict)
    groups: Mapping[int, Group] = field(default_factory=dict)
