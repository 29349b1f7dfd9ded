"""Comparison of a line of a file with a stored entry: which of its fields differ, and the entry with these changed."""

from collections.abc import Mapping, Sequence

from daybook.input.v1.workspace_pb2 import TimeEntry

from services.cli.timesheets.csv_form import Form
from services.cli.timesheets.workspace_book import Priced
from services.runtime.currencies import step_cents

HOUR_S = 3600
IDENTITY = ("member", "start", "duration")
FIELDS: Mapping[str, tuple[str, ...]] = {  # of messages, by what people call them
    "member": ("user_id",),
    "start": ("start_time",),
    "duration": ("seconds",),
    "project": ("project_id", "task_id"),
    "task": ("task_id",),
    "description": ("description",),
    "billable": ("billable",),
    "tags": ("tag_ids",),
    "amount": ("hourly_rate_cents", "amount_cents", "currency_code"),
}


class Comparison:
    """Compares what a form tells; `prices` are those of projects by id, 0 for entries without one."""

    def __init__(self, form: Form, prices: Mapping[int, Priced]) -> None:
        self._prices = prices
        told = {
            "project": form.project,
            "task": form.task,
            "description": form.description,
            "billable": form.billable,
            "tags": form.tags,
        }
        self._names = [*IDENTITY, *(name for name, place in told.items() if place < form.width)]
        self._amounts = form.has_amounts

    def key(self, entry: TimeEntry) -> tuple[object, ...]:
        """Return the values of an entry that are compared besides member, start and duration."""
        values = [_value(entry, name) for name in self._names[len(IDENTITY) :]]
        return (*values, self.amount(entry)) if self._amounts else tuple(values)

    def differing(self, made: TimeEntry, stored: TimeEntry) -> list[str]:
        """Return the names of the fields in which an entry made of a line differs from a stored one."""
        found = [name for name in self._names if _value(made, name) != _value(stored, name)]
        if self._amounts and self.amount(made) != self.amount(stored):
            found.append("amount")
        return found

    def amount(self, entry: TimeEntry) -> tuple[int, str] | None:
        """Return the cents and the currency of an entry; None where it has no amount."""
        price = self._prices.get(entry.project_id) or self._prices[0]
        currency = entry.currency_code or price.currency
        if not entry.billable:
            return None
        if entry.HasField("amount_cents"):
            return entry.amount_cents, currency
        rate = entry.hourly_rate_cents if entry.HasField("hourly_rate_cents") else price.rate_cents
        if rate is None:
            return None
        whole = HOUR_S * step_cents(currency)
        return (entry.seconds * rate + whole // 2) // whole * step_cents(currency), currency


def _value(entry: TimeEntry, name: str) -> object:
    """Return the value of a field by the name that people call it by."""
    return tuple(sorted(entry.tag_ids)) if name == "tags" else getattr(entry, FIELDS[name][0])


def corrected(made: TimeEntry, stored: TimeEntry, names: Sequence[str]) -> TimeEntry:
    """Return a stored entry with the fields of these names as a line has them."""
    entry = TimeEntry()
    entry.CopyFrom(stored)
    changes = TimeEntry()
    for name in {field for one in names for field in FIELDS[one]}:
        entry.ClearField(name)  # type: ignore[arg-type] # a field's name
        if name == "tag_ids":
            changes.tag_ids.extend(made.tag_ids)
        elif not made.DESCRIPTOR.fields_by_name[name].has_presence or made.HasField(name):  # type: ignore[arg-type]
            value = getattr(made, name)
            if name == "start_time":
                changes.start_time.CopyFrom(value)
            else:
                setattr(changes, name, value)
    entry.MergeFrom(changes)
    return entry
