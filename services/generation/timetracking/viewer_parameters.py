"""Parameters of a shared report's viewer: filters that narrow the saved ones and never widen them."""

from collections.abc import Mapping
from typing import Any

from services.generation.timetracking.parameters import COLUMNS, Params

LISTS = ("client_ids", "project_ids", "task_ids", "tag_ids", "time_entry_ids")
MEMBERS = ("user_ids", "group_ids")
FILTERS = (*LISTS, *MEMBERS, "billable", "description", "min_duration_seconds", "max_duration_seconds")
AUDITED = ("audit", "grouping", "sub_grouping")  # a saved audit chooses groups, so that all three stay


def viewers_body(saved: Mapping[str, Any], body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a viewer's body may say: filters that keep something back, and how the report is shown.

    A null, an empty list and an empty text are no filters. A saved audit stays with its groups, and no viewer asks for
    groups without entries, which would name all that a workspace has. Of saved columns some may be left out.
    Budgets are shown only where that was saved.
    """
    taken = {name for name in FILTERS if body.get(name) in (None, [], "")} | {"show_budgets"}
    if saved.get("audit") is not None:
        taken.update(AUDITED)
    given = {name: value for name, value in body.items() if name not in taken}
    if columns := saved.get("columns"):
        given |= _columns(columns, given.pop("columns", None))
    audit = given.get("audit")
    if isinstance(audit, Mapping):
        given["audit"] = {name: value for name, value in audit.items() if name != "show_empty_groups"}
    return given


def _columns(saved: Any, sent: Any) -> dict[str, Any]:
    """Return the columns that a viewer leaves of the saved ones, if any; names that are none stay to be refused."""
    if not isinstance(sent, list | tuple):
        return {} if sent is None else {"columns": sent}
    kept = [name for name in sent if name in saved or name not in COLUMNS]
    return {"columns": kept} if kept else {}


def in_effect(saved: Params, sent: Params) -> dict[str, Any]:
    """Return the filters that take effect together, as far as each can be told without the workspace's members.

    Of lists it is what both name, the sent list where that is nothing; of texts the one that holds the other, else the
    sent one.
    """
    update: dict[str, Any] = {name: _common(getattr(saved, name), getattr(sent, name)) for name in LISTS}
    update["billable"] = saved.billable if sent.billable is None else sent.billable
    update["description"] = _longer(saved.description or "", sent.description or "") or None
    update["min_duration_seconds"] = _chosen(max, saved.min_duration_seconds, sent.min_duration_seconds)
    update["max_duration_seconds"] = _chosen(min, saved.max_duration_seconds, sent.max_duration_seconds)
    if not any(getattr(saved, name) for name in MEMBERS):
        update |= {name: getattr(sent, name) for name in MEMBERS}
    return update


def _common(saved: tuple[int | None, ...] | None, sent: tuple[int | None, ...] | None) -> tuple[int | None, ...] | None:
    if not saved or not sent:
        return sent or saved
    return tuple(one for one in saved if one in sent) or sent


def _longer(saved: str, sent: str) -> str:
    return saved if not sent or sent.casefold() in saved.casefold() else sent


def _chosen(choose: Any, *bounds: int | None) -> int | None:
    found = [bound for bound in bounds if bound is not None]
    return choose(found) if found else None
