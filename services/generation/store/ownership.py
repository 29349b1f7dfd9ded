"""What belongs to what in the database: the one list that removing accounts and finding orphans go by.

A new collection with things of somebody gets its line here; a test looks through all collections after a removal.
"""

from dataclasses import dataclass

from services.generation.store.mongo import Document

CREATED = "$create_time"
BY_OBJECT_ID: Document = {"$toDate": "$_id"}  # such an id tells when it was made


@dataclass(frozen=True, slots=True)
class Belonging:
    """Documents of the collection `kind` whose `field` is the id of one in `owner`; `stored` says when they came."""

    kind: str
    field: str
    owner: str
    stored: str | Document = CREATED


BELONGINGS = (  # what others belong to before those others
    Belonging("users", "master_id", "users"),
    Belonging("credentials", "user_id", "users"),
    Belonging("reports", "owner_id", "users"),
    Belonging("report_sheets", "report_id", "reports", BY_OBJECT_ID),
    Belonging("trackers", "owner_id", "users"),
    Belonging("track_buckets", "tracker_id", "trackers"),
    Belonging("vehicles", "owner_id", "users"),
    Belonging("employees", "owner_id", "users"),
    Belonging("assignments", "owner_id", "users", BY_OBJECT_ID),
    Belonging("workspaces", "owner_id", "users"),
    Belonging("saved_reports", "workspace_id", "workspaces"),
    Belonging("saved_reports", "user_id", "people"),
    Belonging("time_entries", "workspace_id", "workspaces", "$update_time"),
    Belonging("groups", "workspace_id", "workspaces"),
    Belonging("tags", "workspace_id", "workspaces"),
    Belonging("tasks", "workspace_id", "workspaces"),
    Belonging("projects", "workspace_id", "workspaces"),
    Belonging("clients", "workspace_id", "workspaces"),
    Belonging("members", "workspace_id", "workspaces", BY_OBJECT_ID),
)
OWNERS = frozenset(one.owner for one in BELONGINGS)


def belongings_of(owner: str) -> list[Belonging]:
    """Return what belongs to documents of a collection."""
    return [one for one in BELONGINGS if one.owner == owner]
