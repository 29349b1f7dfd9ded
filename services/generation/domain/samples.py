"""Samples of a series in any order: columns of values, and which of two samples of one moment stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from services.generation.domain.columnar import Flags, Floats, Ints, Rows

REVISION = "revision"  # column of the number of times that a sample replaced another one of its moment


@dataclass(frozen=True, slots=True)
class Samples:
    """Samples of one entity; moments may repeat and come in any order.

    `time_ms` holds milliseconds since 1970 UTC, shape (n,); `values` one row for each of the m names, shape (m, n), NaN
    where unknown. Zero is never negative and NaN has one form, so that equal samples have equal bytes. `texts` holds
    the texts of the codes in a column of texts.
    """

    names: tuple[str, ...]
    time_ms: Ints
    values: Floats
    texts: Mapping[float, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        names: tuple[str, ...],
        time_ms: ArrayLike,
        columns: Mapping[str, ArrayLike],
        texts: Mapping[float, str] | None = None,
    ) -> "Samples":
        """Return samples from columns by name, each as long as `time_ms`; what is not among them is unknown."""
        times = np.array(time_ms, np.int64)
        values = np.full((len(names), len(times)), np.nan)
        for row, name in enumerate(names):
            if name in columns:
                values[row] = columns[name]
        values += 0.0  # turns -0.0 into 0.0
        values[np.isnan(values)] = np.nan
        return cls(names, times, values, texts or {})

    @classmethod
    def join(cls, parts: Iterable["Samples"]) -> "Samples":
        """Return the samples of all parts, of which there is at least one, one part after another."""
        parts = list(parts)
        times, values = [one.time_ms for one in parts], [one.values for one in parts]
        texts = {code: text for one in parts for code, text in one.texts.items()}
        return cls(parts[0].names, np.concatenate(times), np.hstack(values), texts)

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
        return Samples(self.names, self.time_ms[which], self.values[:, which], self.texts)

    def texts_of(self, name: str) -> list[str]:
        """Return the texts of a column of codes, empty where there is none."""
        return [self.texts.get(code, "") for code in self.column(name).tolist()]


def merged(samples: Samples) -> Samples:
    """Return the samples in time order, one a moment: that with more known values, else that with the larger ones.

    Values are compared in the order of the names, an unknown one being the smallest; a higher revision comes before all
    else. What stays is the largest in a
    total order, so merging is commutative, associative and idempotent: neither order nor repetition matters.
    """
    if (samples.time_ms[1:] > samples.time_ms[:-1]).all():
        return samples
    order = np.argsort(samples.time_ms, kind="stable")
    time_ms = samples.time_ms[order]
    again = time_ms[1:] == time_ms[:-1]
    shared = np.append(again, False) | np.insert(again, 0, False)
    rivals = order[shared]
    order[shared] = rivals[np.lexsort((*_rank(samples.take(rivals))[::-1], samples.time_ms[rivals]))]
    return samples.take(order[np.append(~again, True)])


def supersedes(samples: Samples, others: Samples) -> Flags:
    """Return of each sample whether it would stay and the other at its place would go; an equal one does not."""
    mine, theirs = _rank(samples), _rank(others)
    decides = (mine != theirs).argmax(axis=0)[np.newaxis]
    above: Flags = np.take_along_axis(mine, decides, 0) > np.take_along_axis(theirs, decides, 0)
    return above.ravel()


def newer(samples: Samples, stored: Samples) -> Samples:
    """Return the samples that are not stored, or only in a poorer form, in time order, one a moment.

    `stored` are samples in time order, one a moment.
    """
    samples = merged(samples)
    known, place = _places(samples, stored)
    is_new = ~known
    is_new[known] = supersedes(samples.take(known), stored.take(place[known]))
    return samples.take(is_new)


def replacing(samples: Samples, stored: Samples) -> tuple[Samples, int]:
    """Return the samples that replace what is stored, and how many samples changed something when they came.

    A later sample replaces an earlier one of its moment, whatever the two hold. `stored` are samples in time order, one
    a moment. What is returned is so, too, and has a revision where it replaces a stored sample.
    """
    samples = samples.take(np.argsort(samples.time_ms, kind="stable"))
    again = np.append(False, samples.time_ms[1:] == samples.time_ms[:-1])
    known, place = _places(samples, stored)
    is_new = ~known
    is_new[known] = _differ(samples.take(known), stored.take(place[known]))
    changed = is_new.copy()
    changed[again] = _differ(samples.take(again), samples.take(np.append(again[1:], False)))
    values = samples.values.copy()
    revision = samples.names.index(REVISION)
    values[revision] = np.nan
    values[revision, known] = np.nan_to_num(stored.values[revision, place[known]]) + 1
    is_last = np.append(~again[1:], True)[: len(samples)]
    return replace(samples, values=values).take(is_last & is_new), int(changed.sum())


def _places(samples: Samples, stored: Samples) -> tuple[Flags, Ints]:
    """Return of each sample whether one of its moment is stored, and at which place."""
    place = np.searchsorted(stored.time_ms, samples.time_ms)
    known = place < len(stored)
    known[known] = stored.time_ms[place[known]] == samples.time_ms[known]
    return known, place


def _differ(samples: Samples, others: Samples) -> Flags:
    """Return of each sample whether it has other values than the other at its place, revisions aside."""
    rows = [row for row, name in enumerate(samples.names) if name != REVISION]
    mine, theirs = samples.values[rows], others.values[rows]
    differs: Flags = (~((mine == theirs) | (np.isnan(mine) & np.isnan(theirs)))).any(axis=0)
    return differs


def _rank(samples: Samples) -> Floats:
    """Return what samples are compared by, the weightiest row first: revision, known values counted, the values."""
    unknown = np.isnan(samples.values)
    values = np.where(unknown, -np.inf, samples.values)
    first = [values[[samples.names.index(REVISION)]]] if REVISION in samples.names else []
    return np.vstack([*first, -unknown.sum(axis=0, keepdims=True), values])
