"""Members of a workspace: the persons who track time in it."""

from collections.abc import Iterator

from daybook.input.v1.workspace_pb2 import Member

from services.generation.inputs.input_kind import MEMBERS_KIND, InputKind, Owner, Problem, UniqueKey
from services.generation.inputs.limits import identifier, text, time_zone, url
from services.generation.words.time_zones import DEFAULT_ZONE
from services.runtime.codec import Document
from services.runtime.identity import identity_key, is_identity

ADMIN = Member.Role.Name(Member.ROLE_ADMIN)
PLAIN = Member.Role.Name(Member.ROLE_MEMBER)
UNSPECIFIED = Member.Role.Name(Member.ROLE_UNSPECIFIED)


def _check(member: Member) -> Iterator[Problem]:
    if member.email != member.email.strip():
        yield "email", "must not begin or end with a blank"
    if member.email and not is_identity(member.email):
        yield "email", "must have printable characters only"


def _complete(document: Document) -> None:
    """Add the values by which a person is known: the email, or the name without one."""
    document["email_key"] = identity_key(document["email"])
    document["name_key"] = "" if document["email"] else document["name"]
    if document["role"] == UNSPECIFIED:
        document["role"] = PLAIN


MEMBERS = InputKind(
    name=MEMBERS_KIND,
    noun="member",
    message=Member,
    owner=Owner.WORKSPACE,
    key=("user_id",),
    counter="user",  # ids of persons and of accounts never collide
    limits={
        "user_id": identifier(new=True),
        "name": text(1),
        "email": text(),
        "time_zone": time_zone,
        "avatar_url": url,
    },
    check=_check,
    complete=_complete,
    defaults={"time_zone": DEFAULT_ZONE},
    unique=(UniqueKey(("email_key",)), UniqueKey(("name_key",))),
    indexes=(("email_key", "workspace_id"), ("user_id",)),
    person="user_id",
    text_fields=("name", "email"),
)
