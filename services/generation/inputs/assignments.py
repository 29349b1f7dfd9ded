"""Assignments: who drove which tracker from when on."""

from daybook.input.v1.fleet_pb2 import Assignment

from services.generation.inputs.input_kind import InputKind, Reference
from services.generation.inputs.limits import identifier, moment, reference

ASSIGNMENTS = InputKind(
    name="assignments",
    noun="assignment",
    message=Assignment,
    key=("tracker_id", "start_time"),
    limits={"tracker_id": identifier(), "employee_id": reference(), "start_time": moment()},
    read_by=("employee_id",),
    references=(Reference("tracker_id", "trackers"),),
)
