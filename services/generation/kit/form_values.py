"""Values of forms as reports show them: the text of each, and a column for each field."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from daybook.input.v1.field_service_pb2 import Form, FormField, FormValue
from daybook.report.v1.sheet_pb2 import Column

from services.generation.kit.columns import text
from services.generation.kit.figures import Figure
from services.generation.kit.measures import Measure
from services.generation.words.language import Language
from services.generation.words.numbers import UNKNOWN

CHOICES = (FormField.TYPE_CHECKBOX_GROUP, FormField.TYPE_DROPDOWN, FormField.TYPE_RADIO_GROUP)
FILES = (FormField.TYPE_FILE, FormField.TYPE_PHOTO, FormField.TYPE_SIGNATURE)
NUMBERS = (FormField.TYPE_RATING, *FILES)
ANSWER = Measure(decimals=2)


@dataclass(slots=True)
class _Answers:
    """Values of a field, or of all fields of one label, by row."""

    title: str
    texts: dict[int, list[str]] = field(default_factory=dict)
    numbers: dict[int, float] = field(default_factory=dict)
    is_number: bool = True

    def add(self, language: Language, row: int, one: FormField, value: FormValue | None) -> None:
        self.is_number &= one.type in NUMBERS and row not in self.texts
        if value is None:
            return
        self.texts.setdefault(row, []).append(text_of(language, one, value))
        if one.type in NUMBERS:
            self.numbers[row] = number_of(one, value)

    def column(self, language: Language, name: str, row_count: int) -> Column:
        if self.is_number:
            values = np.array([self.numbers.get(row, np.nan) for row in range(row_count)], np.float64)
            figure = Figure[None](name, "", lambda _rows: values, ANSWER, "none")
            column = figure.column(language, figure.parts(None))
        else:
            texts = [", ".join(self.texts.get(row, ())) or UNKNOWN for row in range(row_count)]
            column = text(language, name, "", texts)
        column.title = self.title  # as its owner named it, never translated
        return column


def answer_columns(
    language: Language, prefix: str, rows: Sequence[Sequence[Form]], key: Callable[[FormField], str]
) -> list[Column]:
    """Return a column for each field, in the order of first appearance: `prefix` with its number, titled by its label.

    Each row has the values of some forms; fields of one key share a column. Separators have none.
    """
    found: dict[str, _Answers] = {}
    for row, forms in enumerate(rows):
        for form in forms:
            for one in fields_of(form):
                answers = found.setdefault(key(one), _Answers(one.label))
                answers.add(language, row, one, value_of(form, one))
    return [one.column(language, f"{prefix}{number}", len(rows)) for number, one in enumerate(found.values(), 1)]


def fields_of(form: Form) -> Iterator[FormField]:
    """Yield the fields of a form that can have a value."""
    return (one for one in form.fields if one.type != FormField.TYPE_SEPARATOR)


def value_of(form: Form, one: FormField) -> FormValue | None:
    """Return the value of a field, None without any."""
    return form.values.get(one.id)


def chosen(one: FormField, value: FormValue) -> list[str]:
    """Return the labels that are chosen of a field with choices."""
    if one.type == FormField.TYPE_CHECKBOX_GROUP:
        return [choice.label for choice, is_chosen in zip(one.group, value.values, strict=False) if is_chosen]
    is_known = value.HasField("value_index") and value.value_index < len(one.options)
    return [one.options[value.value_index].label] if is_known else []


def number_of(one: FormField, value: FormValue) -> float:
    """Return the number of files of a field, or its rating; NaN where it is unknown."""
    if one.type == FormField.TYPE_SIGNATURE:
        return float(bool(value.file_id or value.file_ids))
    if one.type in FILES:
        return float(len(value.file_ids))
    try:
        return float(value.value.string_value or "nan") if _is_text(value) else value.value.number_value
    except ValueError:
        return np.nan


def text_of(language: Language, one: FormField, value: FormValue) -> str:
    """Return the text of a value, "—" for an empty one."""
    if one.type in CHOICES:
        return ", ".join(chosen(one, value)) or UNKNOWN
    if one.type in FILES or not _is_text(value):
        return language.numbers([number_of(one, value)], ANSWER.decimals)[0]
    plain = value.value.string_value
    return (_date(language, plain) if one.type == FormField.TYPE_DATE else plain) or UNKNOWN


def _is_text(value: FormValue) -> bool:
    return value.value.WhichOneof("kind") == "string_value"


def _date(language: Language, plain: str) -> str:
    """Return a date as the reader writes it; a text that is no date as it is."""
    try:
        return language.clock.date(date.fromisoformat(plain[:10]))
    except ValueError:
        return plain
