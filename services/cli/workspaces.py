"""`daybook workspace`: settings of workspaces."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import Access, find_access, run, service_at
from services.cli.errors import CommandFailed
from services.cli.options import DataDirOption, flag_option, flag_value
from services.cli.output import print_json

if TYPE_CHECKING:
    from daybook.input.v1.workspace_pb2 import Workspace

workspaces = typer.Typer(help="Workspaces.", no_args_is_help=True)
OwnerOption = Annotated[str, typer.Option(metavar="LOGIN", help="Login of the account that owns the workspace.")]
NameOption = Annotated[str, typer.Option("--workspace", metavar="NAME", help="Name of the workspace.")]


@workspaces.callback()
def workspace_group() -> None:
    """Change the settings of workspaces; `daybook record` shows and changes all of their fields."""


@workspaces.command("set")
def set_workspace(
    workspace: NameOption,
    owner: OwnerOption,
    *,
    members_see_others: Annotated[
        str, flag_option("--members-see-others", "Whether members who are no admins see the time of others.")
    ] = "",
    members_see_amounts: Annotated[
        str, flag_option("--members-see-amounts", "Whether members who are no admins see amounts and rates.")
    ] = "",
    logo: Annotated[
        Path | None,
        typer.Option(metavar="FILE", exists=True, dir_okay=False, help="PNG or JPEG of at most 256 KiB for PDF files."),
    ] = None,
    data_dir: DataDirOption = None,
) -> None:
    """Change what members see, or the logo on paper, and print the settings as JSON."""
    given = {"members_see_others": members_see_others, "members_see_amounts": members_see_amounts}
    values: dict[str, Any] = {name: flag_value(text) for name, text in given.items() if text}
    if logo is not None:
        values["logo"] = logo.read_bytes()
    if not values:
        raise CommandFailed("nothing is to be changed: name a setting")
    changed = run(change(find_access(data_dir), workspace, owner, values))
    is_shown = not changed.HasField("members_see_others") or changed.members_see_others
    settings = {"members_see_others": is_shown, "members_see_amounts": changed.members_see_amounts}
    logo_bytes = {} if logo is None else {"logo_bytes": len(changed.logo)}
    print_json({"workspace_id": changed.id, "name": changed.name, **settings, **logo_bytes})


async def change(access: Access, name: str, login: str, values: dict[str, Any]) -> Workspace:
    """Change fields of a workspace and return it."""
    from daybook.input.v1.workspace_pb2 import Workspace

    from services.cli.records import Owner, Records, workspace_of

    async with service_at(access, "generation") as channel:
        found = await workspace_of(channel, access, name, login)
        changed = Workspace(id=found.id, **values)
        answer = await Records(channel, access, Owner("")).change("workspaces", changed, list(values))
        found.MergeFromString(answer.SerializeToString())
    return found
