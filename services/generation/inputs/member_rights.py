"""Rights of the members of a workspace: whose time and which amounts they see."""

from dataclasses import dataclass

from daybook.input.v1.workspace_pb2 import Member, Workspace


@dataclass(frozen=True, slots=True)
class MemberRights:
    """Rights of a member in a workspace: amounts, and the time and the persons of others, or its own only."""

    user_id: int
    is_admin: bool
    amounts: bool
    others: bool


def rights_of(member: Member, workspace: Workspace) -> MemberRights:
    """Return what a member sees by the role and the settings of the workspace."""
    is_admin = member.role == Member.ROLE_ADMIN
    return MemberRights(
        member.user_id,
        is_admin,
        amounts=is_admin or workspace.members_see_amounts,
        others=is_admin or members_see_others(workspace),
    )


def members_see_others(workspace: Workspace) -> bool:
    """Return whether members who are no admins see others than themselves, as they do unless it was set."""
    return not workspace.HasField("members_see_others") or workspace.members_see_others
