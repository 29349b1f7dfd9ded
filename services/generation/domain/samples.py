"""Samples of a series in any order: columns of values, and which of two samples of one moment stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.generation.domain.columns import Flags, Floats, Ints, Rows


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one entity; moments may repeat and come in any order.

    `time_ms` holds milliseconds since 1970 UTC, shape (n,); `values` one row for each of the m names, shape (m, n), NaN
    where unknown. Zero is never negative and NaN has one form, so that equal samples have equal bytes.
    """

    names: tuple[str, ...]
    time_ms: Ints
    values: Floats

    @classmethod
    def of(cls, names: tuple[str, ...], time_ms: ArrayLike, columns: Mapping[str, ArrayLike]) -> "Samples":
        """Return samples from columns by name, each as long as `time_ms`; what is not among them is unknown."""
        times = np.array(time_ms, np.int64)
        values = np.full((len(names), len(times)), np.nan)
        for row, name in enumerate(names):
            if name in columns:
                values[row] = columns[name]
        values += 0.0  # turns -0.0 into 0.0
        values[np.isnan(values)] = np.nan
        return cls(names, times, values)

    @classmethod
    def join(cls, parts: Iterable["Samples"]) -> "Samples":
        """Return the samples of all parts, of which there is at least one, one part after another."""
        parts = list(parts)
        times, values = [one.time_ms for one in parts], [one.values for one in parts]
        return cls(parts[0].names, np.concatenate(times), np.hstack(values))

    def __len__(self) -> int:
        return len(self.time_ms)

    def column(self, name: str) -> Floats | Ints:
        """Return the column of a name, or `time_ms`."""
        return self.time_ms if name == "time_ms" else self.values[self.names.index(name)]

    def columns(self) -> dict[str, Floats]:
        """Return all columns but `time_ms` by name."""
        return dict(zip(self.names, self.values, strict=True))

    def take(self, which: Rows) -> "Samples":
        """Return the samples that a slice, an index array or a mask selects."""
        return Samples(self.names, self.time_ms[which], self.values[:, which])


def merged(samples: Samples) -> Samples:
    """Return the samples in time order, one a moment: that with more known values, else that with the larger ones.

    Values are compared in the order of the names, an unknown one being the smallest. What stays is the largest in a
    total order, so merging is commutative, associative and idempotent: neither order nor repetition matters.
    """
    if (samples.time_ms[1:] > samples.time_ms[:-1]).all():
        return samples
    order = np.argsort(samples.time_ms, kind="stable")
    time_ms = samples.time_ms[order]
    again = time_ms[1:] == time_ms[:-1]
    shared = np.append(again, False) | np.insert(again, 0, False)
    rivals = order[shared]
    order[shared] = rivals[np.lexsort((*_rank(samples.values[:, rivals])[::-1], samples.time_ms[rivals]))]
    return samples.take(order[np.append(~again, True)])


def supersedes(samples: Samples, others: Samples) -> Flags:
    """Return of each sample whether it would stay and the other at its place would go; an equal one does not."""
    mine, theirs = _rank(samples.values), _rank(others.values)
    decides = (mine != theirs).argmax(axis=0)[np.newaxis]
    above: Flags = np.take_along_axis(mine, decides, 0) > np.take_along_axis(theirs, decides, 0)
    return above.ravel()


def _rank(values: Floats) -> Floats:
    """Return what samples are compared by, the weightiest row first: known values counted, then the values."""
    unknown = np.isnan(values)
    return np.vstack([-unknown.sum(axis=0, keepdims=True), np.where(unknown, -np.inf, values)])
