"""Ranges of rows: which neighbours in columns belong to the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from services.generation.domain.columns import Ints


@dataclass(frozen=True, slots=True)
class Ranges:
    """Which rows belong to each of many things: those from `begins` up to `ends`."""

    begins: Ints
    ends: Ints

    @classmethod
    def of(cls, columns: Sequence[Ints]) -> Self:
        """Return the ranges of rows that are equal in columns, which have rows and are in order."""
        differs = np.ones(len(columns[0]), np.bool_)
        differs[1:] = np.logical_or.reduce([column[1:] != column[:-1] for column in columns])
        begins = np.flatnonzero(differs)
        return cls(begins, np.append(begins[1:], len(differs)))

    def at(self, places: Ints) -> Self:
        """Return those of the things at some places."""
        return type(self)(self.begins[places], self.ends[places])

    def rows(self, first: int, end: int) -> tuple[Ints, Ints]:
        """Return the rows of some neighbouring things one after another, and how many each has."""
        lengths = self.ends[first:end] - self.begins[first:end]
        shift = np.repeat(self.begins[first:end] - (np.cumsum(lengths) - lengths), lengths)
        return np.arange(len(shift)) + shift, lengths
