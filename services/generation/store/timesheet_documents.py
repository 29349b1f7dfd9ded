"""Workspaces, their members and the things in them as documents."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, TypeVar

from bson.binary import Binary

from services.generation.store.mongo import Document
from services.generation.timetracking.directory import Client, Group, Member, Project, Tag, Task, Workspace

Thing = TypeVar("Thing", Client, Project, Task, Tag, Group)

DATES = ("start_date", "end_date")


def workspace_document(workspace: Workspace) -> Document:
    """Return a workspace as it is stored, without its id."""
    document = asdict(workspace)
    del document["id"], document["create_time"]
    return document | {"logo": Binary(workspace.logo)}


def workspace_of(found: Document) -> Workspace:
    """Read a workspace's document; it may be without its logo."""
    return Workspace(**_known(Workspace, found) | {"id": found["_id"], "logo": bytes(found.get("logo", b""))})


def email_key(email: str) -> str:
    """Return what emails and logins are compared by."""
    return email.casefold()


def member_document(member: Member) -> Document:
    """Return a member as it is stored, without the id."""
    document = asdict(member)
    del document["id"]
    return document | {"email_key": email_key(member.email)}


def member_of(found: Document) -> Member:
    """Read a member's document."""
    return Member(**_known(Member, found) | {"id": found["user_id"]})


def thing_document(thing: Client | Project | Task | Tag | Group) -> Document:
    """Return a thing as it is stored, without its id; days are texts."""
    document = asdict(thing)
    del document["id"]
    return document | {name: _text(document[name]) for name in DATES if name in document}


def thing_of(kind: type[Thing], found: Document) -> Thing:
    """Read a thing's document."""
    values = _known(kind, found) | {"id": found["_id"]}
    values |= {name: date.fromisoformat(values[name]) for name in DATES if values.get(name)}
    if "user_ids" in values:
        values["user_ids"] = tuple(values["user_ids"])
    return kind(**values)


def _known(kind: type, found: Mapping[str, Any]) -> dict[str, Any]:
    return {field.name: found[field.name] for field in fields(kind) if field.name in found}


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
