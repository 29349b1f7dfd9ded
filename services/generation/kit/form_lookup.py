"""Forms of tasks, check-ins and trackers: a form belongs to the first of the three that it names and that exists."""

from collections.abc import Iterable, Mapping, Sequence

from daybook.input.v1.field_service_pb2 import Checkin, Form, Task

from services.generation.inputs.checkins import CHECKINS
from services.generation.inputs.forms import FORMS
from services.generation.inputs.tasks import TASKS
from services.generation.kit.entity_data import EntityData

FormsById = Mapping[int, Sequence[Form]]


def forms_of_tasks(data: EntityData, tasks: Sequence[Task]) -> FormsById:
    """Return the submitted forms by the ids of their tasks; a form within a task may also be stored by itself."""
    stored = _submitted(data.records(FORMS, task_id=[one.id for one in tasks]))
    known = {one.id for one in stored}
    inner = {one.id: [one.form] for one in tasks if one.form.HasField("submitted") and one.form.id not in known}
    found: dict[int, list[Form]] = {}
    for form in stored:
        found.setdefault(form.task_id, []).append(form)
    return {one.id: [*found.get(one.id, ()), *inner.get(one.id, ())] for one in tasks}


def forms_of_checkins(data: EntityData, checkins: Sequence[Checkin]) -> FormsById:
    """Return the submitted forms by the ids of their check-ins: the one that it names, else those that name it."""
    named = {one.id: one for one in data.records(FORMS, id=[one.form_id for one in checkins if one.form_id])}
    found: dict[int, list[Form]] = {}
    for form in _without_task(data, data.records(FORMS, checkin_id=[one.id for one in checkins])):
        found.setdefault(form.checkin_id, []).append(form)
    return {
        one.id: _submitted([named[one.form_id]] if one.form_id in named else found.get(one.id, ())) for one in checkins
    }


def forms_of_tracker(data: EntityData) -> list[Form]:
    """Return the submitted forms of a tracker: those of its tasks, of its check-ins, and its own."""
    tasks = data.records(TASKS, tracker_id=data.entity_id)
    of_tasks = [form for forms in forms_of_tasks(data, tasks).values() for form in forms]
    checkins = data.records(CHECKINS, tracker_id=data.entity_id)
    of_checkins = _without_task(data, data.records(FORMS, checkin_id=[one.id for one in checkins]))
    own = _without_task(data, data.records(FORMS, tracker_id=data.entity_id))
    found = data.records(CHECKINS, id=[one.checkin_id for one in own if one.checkin_id])
    elsewhere = {one.id for one in found}
    own = [one for one in own if one.checkin_id not in elsewhere]
    return [*of_tasks, *_submitted([*of_checkins, *own])]


def _without_task(data: EntityData, forms: Sequence[Form]) -> list[Form]:
    """Return the forms whose task, if they name one, does not exist."""
    found = {one.id for one in data.records(TASKS, id=[one.task_id for one in forms if one.task_id])}
    return [one for one in forms if one.task_id not in found]


def _submitted(forms: Iterable[Form]) -> list[Form]:
    return [one for one in forms if one.HasField("submitted")]
