"""Ownership: which documents belong to which, the one list that removing accounts and finding orphans go by."""

from dataclasses import dataclass

from services.generation.inputs import registry
from services.generation.inputs.input_kind import Owner
from services.generation.store.mongo import Document
from services.generation.store.time_entry_buckets import COLLECTION as TIME_ENTRY_BUCKETS

CREATED = "$create_time"
BY_OBJECT_ID: Document = {"$toDate": "$_id"}  # such an id holds the moment of its creation
OWNERS = {Owner.ACCOUNT: "users", Owner.WORKSPACE: "workspaces"}  # collections


@dataclass(frozen=True, slots=True)
class Ownership:
    """Documents of `collection` whose `field` is the id of a document in `owner`; `stored` is when they were stored."""

    collection: str
    field: str
    owner: str
    stored: str | Document = CREATED


ACCOUNTS = (
    Ownership("users", "master_id", "users"),
    Ownership("credentials", "user_id", "users"),
    Ownership("reports", "owner_id", "users"),
    Ownership("report_sheets", "report_id", "reports", BY_OBJECT_ID),
    Ownership("report_links", "report_id", "reports"),
    Ownership("report_links", "user_id", "users"),  # those without a report
)
SCHEDULES = (
    Ownership("schedules", "owner_id", "users"),
    Ownership("schedule_runs", "owner_id", "users"),
    Ownership("mail_receivers", "owner_id", "users"),
)
SAVED_REPORTS = (
    Ownership("saved_reports", "workspace_id", "workspaces"),
    Ownership("saved_reports", "user_id", "people"),
)
BUCKETS = Ownership(TIME_ENTRY_BUCKETS, "workspace_id", "workspaces", "$update_time")  # behind what they are made of


def ownerships() -> tuple[Ownership, ...]:
    """Return all ownerships: an owner's own comes before those of what belongs to it."""
    inputs = (
        Ownership(kind.collection, kind.owner.value, OWNERS[kind.owner], f"${kind.stamp}")
        for kind in registry.INPUT_KINDS
    )
    series = (Ownership(one.collection, one.entity_field, one.kind) for one in registry.SERIES)
    return (*ACCOUNTS, *SCHEDULES, *inputs, BUCKETS, *series, *SAVED_REPORTS)


def owners() -> frozenset[str]:
    """Return the collections whose documents own others."""
    return frozenset(one.owner for one in ownerships())


def owned_by(owner: str) -> list[Ownership]:
    """Return what belongs to documents of a collection."""
    return [one for one in ownerships() if one.owner == owner]
