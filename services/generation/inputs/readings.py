"""Readings of sensors: numbers and texts over time."""

import sys
from typing import Any

import numpy as np
from daybook.input.v1.sensors_pb2 import Readings

from services.errors import Violation
from services.generation.domain.columnar import Flags
from services.generation.domain.sample_validation import Column
from services.generation.domain.samples import Samples
from services.generation.inputs.limits import text
from services.generation.inputs.series import Series, text_code

FLAGS = {"true": 1.0, "on": 1.0, "false": 0.0, "off": 0.0}
LARGEST = sys.float_info.max
_is_wrong = text(1)


class _Value(Column):
    """Column of the values: a reading has a finite number or a text."""

    def breaks(self, samples: Samples) -> Flags:
        """Return of each sample whether it has neither."""
        wrong = [code for code, one in samples.texts.items() if _is_wrong(one)]
        value, texts = samples.column("value"), samples.column("text")
        broken: Flags = (np.isnan(texts) & ~np.isfinite(value)) | np.isin(texts, wrong)
        return broken

    def reason(self, value: float) -> str:
        """Name what would be right."""
        del value
        return "must be a finite number, true, false, or a text of 1 to 255 characters without control characters"


class _Readings(Series):
    """Series of readings; a reading has a value, a text or, for a text that means on or off, both."""

    def violations(self, message: Any) -> list[Violation]:
        """Return what makes a batch unreadable."""
        found = super().violations(message)
        if any(not 0 <= place < len(message.time_ms) for place in message.text):
            found.append(Violation(f"{self.name}.text", "holds places without a moment"))
        return found

    def samples_of(self, message: Any) -> Samples:
        """Return the samples of a message without violations."""
        values = np.array(message.value, np.float64)
        codes = np.full(len(values), np.nan)
        for place, one in message.text.items():
            codes[place] = text_code(one)
            values[place] = FLAGS.get(one.strip().lower(), np.nan)
        return self.samples(message.time_ms, set(message.text.values()), value=values, text=codes)


READINGS = _Readings(
    name="readings",
    message=Readings,
    kind="sensors",
    entity_field="sensor_id",
    collection="reading_buckets",
    columns=(_Value("value", -LARGEST, LARGEST, required=True), Column("text", 0, LARGEST)),
    sought=("value",),
    replaces=True,
)
