"""Tags of a workspace: labels of time entries."""

from daybook.input.v1.workspace_pb2 import Tag

from services.generation.inputs.input_kind import InputKind, Owner, UniqueKey
from services.generation.inputs.limits import identifier, text

TAGS = InputKind(
    name="tags",
    noun="tag",
    message=Tag,
    owner=Owner.WORKSPACE,
    is_global=True,
    limits={"id": identifier(new=True), "name": text(1)},
    unique=(UniqueKey(("name",)),),
    is_kept=True,
    text_fields=("name",),
    output_only=("update_time",),
    change_stamp="update_time",
)
