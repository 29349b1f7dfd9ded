"""Tasks of the projects of a workspace."""

from daybook.input.v1.workspace_pb2 import ProjectTask

from services.generation.inputs.input_kind import InputKind, Owner, Reference, UniqueKey
from services.generation.inputs.limits import MAX_TOTAL, identifier, number, text

PROJECT_TASKS = InputKind(
    name="project_tasks",
    noun="task",
    message=ProjectTask,
    owner=Owner.WORKSPACE,
    is_global=True,
    limits={
        "id": identifier(new=True),
        "name": text(1),
        "project_id": identifier(),
        "estimated_seconds": number(0, MAX_TOTAL),
    },
    references=(Reference("project_id", "projects"),),
    unique=(UniqueKey(("project_id", "name")),),
    is_kept=True,
    text_fields=("name",),
)
