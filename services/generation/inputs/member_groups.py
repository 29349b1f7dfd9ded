"""Groups of the members of a workspace."""

from daybook.input.v1.workspace_pb2 import Group

from services.generation.inputs.input_kind import MEMBERS_KIND, InputKind, Owner, Reference, UniqueKey
from services.generation.inputs.limits import identifier, references, text
from services.runtime.codec import Document

MAX_MEMBERS = 100_000


def _complete(document: Document) -> None:
    """Name each member once, in the order given."""
    document["user_ids"] = list(dict.fromkeys(document["user_ids"]))


GROUPS = InputKind(
    name="groups",
    noun="group",
    message=Group,
    owner=Owner.WORKSPACE,
    is_global=True,
    limits={"id": identifier(new=True), "name": text(1), "user_ids": references(MAX_MEMBERS)},
    complete=_complete,
    references=(Reference("user_ids", MEMBERS_KIND),),
    unique=(UniqueKey(("name",)),),
    text_fields=("name",),
)
