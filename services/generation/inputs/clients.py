"""Clients of a workspace: those that work is done for."""

from daybook.input.v1.workspace_pb2 import Client

from services.generation.inputs.input_kind import InputKind, Owner, UniqueKey
from services.generation.inputs.limits import identifier, text

CLIENTS = InputKind(
    name="clients",
    noun="client",
    message=Client,
    owner=Owner.WORKSPACE,
    is_global=True,
    limits={"id": identifier(new=True), "name": text(1), "external_reference": text()},
    unique=(UniqueKey(("name",)),),
    is_kept=True,
    text_fields=("name",),
    output_only=("update_time",),
    change_stamp="update_time",
)
