"""Forms that employees of an account fill in."""

from collections.abc import Iterator, Mapping

from daybook.input.v1.field_service_pb2 import Form, FormField

from services.generation.inputs.input_kind import InputKind, Problem, Reference
from services.generation.inputs.limits import (
    MAX_EXACT_ID,
    MAX_ITEMS,
    Limit,
    identifier,
    long_text,
    moment,
    number,
    reference,
    references,
    text,
    word,
)
from services.generation.inputs.nested_limits import by_key, each, json_value, location, nested

MAX_INT = 2**31 - 1
_choices = each(nested(label=text(1)))

FORM_LIMITS: Mapping[str, Limit] = {
    "id": identifier(),
    "label": text(1),
    "fields": each(
        nested(
            id=text(1),
            label=text(1),
            type=word(FormField.Type),
            description=long_text(),
            group=_choices,
            options=_choices,
            max_stars=number(1, MAX_INT),
        ),
        least=1,
    ),
    "task_id": reference(),
    "checkin_id": reference(),
    "tracker_id": reference(),
    "template_id": reference(),
    "values": by_key(
        nested(
            type=word(FormField.Type, required=False),
            value=json_value,
            values=each(lambda _: None),
            value_index=number(0, MAX_INT),
            file_ids=references(MAX_ITEMS, MAX_EXACT_ID),
            file_id=reference(MAX_EXACT_ID),
        ),
        MAX_ITEMS,
    ),
    "created": moment(required=False),
    "submitted": moment(required=False),
    "submit_location": location(),
}


def _check(form: Form) -> Iterator[Problem]:
    if not (form.task_id or form.checkin_id or form.tracker_id):
        yield "task_id", "must be given, or `checkin_id` or `tracker_id`"


FORMS = InputKind(
    name="forms",
    noun="form",
    message=Form,
    limits=FORM_LIMITS,
    check=_check,
    references=(Reference("tracker_id", "trackers", goes_along=True),),
    read_by=("task_id", "checkin_id", "tracker_id"),
    text_fields=("label",),
)
