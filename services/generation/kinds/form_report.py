"""Form statistics report: kind 70 (reference 7.18)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from daybook.input.v1.field_service_pb2 import Form, FormField
from daybook.report.v1.sheet_pb2 import Column, Section

from services.generation.domain.columnar import Floats, Ints
from services.generation.kit import measures
from services.generation.kit.columns import address, full_moment, text
from services.generation.kit.dated_records import inside_windows, moments_of
from services.generation.kit.entity_data import TrackerData
from services.generation.kit.figures import Figure
from services.generation.kit.form_lookup import forms_of_tracker
from services.generation.kit.form_values import CHOICES, answer_columns, chosen, fields_of, value_of
from services.generation.kit.groups import Groups
from services.generation.kit.kind import Group, SheetContext, TrackerKind
from services.generation.kit.options import Flag, Options, option
from services.generation.kit.sections import columns_table, summing, table
from services.generation.kit.spots import places_of_moments, spots_at
from services.generation.words.catalogue import mark as _


@dataclass(frozen=True, slots=True)
class FormRows:
    """Forms in the order of their submission."""

    forms: Sequence[Form]

    def __len__(self) -> int:
        return len(self.forms)

    @property
    def submitted_ms(self) -> Ints:
        """Moments of submission."""
        return moments_of(self.forms, "submitted")

    def templates(self) -> list[tuple[str, "FormRows"]]:
        """Return the forms of each template under its last label, by label."""
        found: dict[tuple[int, int], list[Form]] = {}
        for one in self.forms:
            found.setdefault((one.template_id, 0 if one.template_id else one.id), []).append(one)
        named = [(forms[-1].label, key, FormRows(forms)) for key, forms in found.items()]
        return [(label, rows) for label, _key, rows in sorted(named, key=lambda one: (one[0].casefold(), *one[:2]))]


@dataclass(slots=True)
class Choices:
    """Choices of a field in their order with the number of times that each was chosen, of so many answers."""

    label: str
    counts: dict[str, int] = field(default_factory=dict)
    answer_count: int = 0

    def add(self, form: Form, one: FormField) -> None:
        """Count the choices of a form."""
        self.label = one.label
        for choice in (*one.group, *one.options):
            self.counts.setdefault(choice.label, 0)
        value = value_of(form, one)
        if value is not None:
            self.answer_count += 1
            for label in set(chosen(one, value)):
                self.counts[label] += 1

    def numbers(self) -> Floats:
        """Return how often each was chosen."""
        return np.array([*self.counts.values()], np.float64)


COUNT = Figure[Choices]("count", _("Count"), Choices.numbers)
PERCENT = Figure[Choices](
    "percent",
    _("Percentage"),
    lambda rows: 100 * rows.numbers() / rows.answer_count if rows.answer_count else 0 * rows.numbers(),
    measures.PERCENT,
)


class FormOptions(Options):
    """Options of the form statistics report."""

    show_nonselected: Flag = option(
        False, _("Choices never made"), _("Show the options too that were never chosen."), layout=True
    )


class FormReport(TrackerKind[FormOptions, FormRows]):
    """Submitted forms by template, and how often each option of their choice fields was chosen."""

    id: ClassVar[int] = 70
    title: ClassVar[str] = _("Form statistics report")
    description: ClassVar[str] = _("Values of submitted forms by template, and how often each option was chosen.")
    group: ClassVar[Group] = Group.BUSINESS
    module: ClassVar[str] = "com.navixy.plugin.tracker.report.form"
    ui_module: ClassVar[str] = "Form"
    Options = FormOptions
    inputs: ClassVar[tuple[str, ...]] = (
        "points",
        "trackers",
        "forms",
        "tasks",
        "checkins",
        "employees",
        "assignments",
    )
    all_rows: ClassVar[str] = _("All forms")

    def rows(self, context: SheetContext[FormOptions], data: TrackerData) -> FormRows:
        """Return the forms that were submitted inside the windows."""
        return FormRows(inside_windows(context, forms_of_tracker(data), "submitted")[0])

    def sections(self, context: SheetContext[FormOptions], data: TrackerData, rows: FormRows) -> Sequence[Section]:
        """Return a table of the forms of each template, then a table for each of their choice fields."""
        templates = rows.templates()
        values = [_values_table(context, data, label, forms) for label, forms in templates]
        return [*values, *(one for label, forms in templates for one in _choice_tables(context, label, forms))]


def _values_table(context: SheetContext[FormOptions], data: TrackerData, label: str, rows: FormRows) -> Section:
    language, moments = context.language, rows.submitted_ms
    locations = [one.submit_location for one in rows.forms]
    places = places_of_moments(context, data, moments, locations)
    columns: list[Column | Figure[FormRows]] = [
        full_moment(language, "submitted", _("Submitted"), moments),
        text(language, "employee", _("Employee"), data.employee_names(data.driver_ids_at(moments).tolist())),
        address(language, "place", _("Place"), spots_at(context, data, moments, locations, places)),
        *answer_columns(language, "field_", [[one] for one in rows.forms], lambda field: field.id),
    ]
    return table(language, label, columns, rows, Groups.single(len(rows)))


def _choice_tables(context: SheetContext[FormOptions], label: str, rows: FormRows) -> Iterator[Section]:
    """Yield a table for each choice field, in the order of first appearance."""
    found: dict[str, Choices] = {}
    for form in rows.forms:
        for one in fields_of(form):
            if one.type in CHOICES:
                found.setdefault(one.id, Choices(one.label)).add(form, one)
    language = context.language
    for choices in found.values():
        if not context.options.show_nonselected:
            choices.counts = {name: count for name, count in choices.counts.items() if count}
        options = text(language, "option", _("Option"), list(choices.counts))
        figures = [figure.column(language, figure.parts(choices)) for figure in (COUNT, PERCENT)]
        yield summing(columns_table(language, f"{label}: {choices.label}", [options, *figures]))
