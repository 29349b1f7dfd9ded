"""Series: the descriptor of what is recorded of an entity over time, in columns."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from google.protobuf.message import Message

from services.errors import Violation
from services.generation.domain.columnar import Floats
from services.generation.domain.sample_validation import Column
from services.generation.domain.samples import REVISION, Samples

MAX_BATCH = 20_000
CODE_BITS = 52  # of a text, so that a double holds its code


def text_code(text: str) -> float:
    """Return the number that stands for a text in a column, a digest of 52 bits: equal texts have equal codes."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return float(int.from_bytes(digest, "big") >> (64 - CODE_BITS))


@dataclass(frozen=True, kw_only=True)
class Series:
    """Description of a series.

    Its message holds the id of a record of `kind` in `entity_field`, `time_ms`, and the columns under their names.
    Samples are stored in buckets of `collection`. The last reading of a column in `sought` is found by an index, and so
    are the falls of a column in `counters`, which counts up from above 0. Of two samples of a moment the richer one
    stays, or the later one in a series that `replaces`.
    """

    name: str  # of the field of Batch
    message: type[Message]
    kind: str
    entity_field: str
    collection: str
    columns: tuple[Column, ...]
    sought: tuple[str, ...] = ()
    counters: tuple[str, ...] = ()
    replaces: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns of samples."""
        revision = (REVISION,) if self.replaces else ()
        return (*revision, *(column.name for column in self.columns))

    def samples(self, time_ms: Any, texts: Iterable[str] = (), **columns: Any) -> Samples:
        """Return samples of this series from columns; what is left out is unknown."""
        return Samples.of(self.names, time_ms, columns, {text_code(text): text for text in texts})

    def violations(self, message: Message) -> list[Violation]:
        """Return what makes a batch unreadable: too many samples, columns of other lengths."""
        count = len(message.time_ms)  # type: ignore[attr-defined] # every series has it
        found = []
        if count > MAX_BATCH:
            found.append(Violation(f"{self.name}.time_ms", f"holds {count} samples; {MAX_BATCH} are the most"))
        for column in self._sent():
            length = len(getattr(message, column.name))
            if length != count and (length or column.required):
                found.append(Violation(f"{self.name}.{column.name}", f"holds {length} values for {count} samples"))
        return found

    def _sent(self) -> Iterator[Column]:
        """Yield the columns that a message has as lists of numbers."""
        fields = self.message.DESCRIPTOR.fields_by_name
        return (column for column in self.columns if fields[column.name].message_type is None)

    def samples_of(self, message: Message) -> Samples:
        """Return the samples of a message without violations."""
        columns = {column.name: _known(message, column) for column in self._sent()}
        filled = {name: values for name, values in columns.items() if len(values)}
        return self.samples(message.time_ms, **filled)  # type: ignore[attr-defined] # every series has it


def _known(message: Message, column: Column) -> Floats:
    """Return the values of a column, NaN where unknown."""
    values = np.array(getattr(message, column.name), np.float64)
    values[values == column.unknown] = np.nan
    return values
