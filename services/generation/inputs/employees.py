"""Employees: the people of an account who drive."""

from daybook.input.v1.fleet_pb2 import Employee

from services.generation.inputs.input_kind import InputKind, Reference
from services.generation.inputs.limits import identifier, reference, text, texts

EMPLOYEES = InputKind(
    name="employees",
    noun="employee",
    message=Employee,
    limits={
        "id": identifier(),
        "first_name": text(1),
        "middle_name": text(),
        "last_name": text(),
        "tracker_id": reference(),
        "phone": text(),
        "hardware_key": text(),
        "department_id": reference(),
        "personnel_number": text(),
        "tags": texts(),
        "avatar_file_name": text(),
    },
    references=(Reference("tracker_id", "trackers"),),
    read_by=("tracker_id",),
    text_fields=("first_name", "middle_name", "last_name"),
)


def full_name(employee: Employee) -> str:
    """Return first, middle and last name as far as known."""
    return " ".join(part for part in (employee.first_name, employee.middle_name, employee.last_name) if part)
