"""Regions: countries or provinces of many places at once, told by the nearest town."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from services.generation.domain.columnar import Flags, Floats, Ints

BLOCKS = (256, 16)  # neighbouring places that are looked up together where one region has them all
NEIGHBOURS = 8  # towns around a block among which one of another region is sought
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class RegionIndex:
    """Region of each town, and a search tree of the towns' directions from the earth's centre."""

    tree: cKDTree
    of_towns: Ints  # UNKNOWN where a town belongs to none
    farthest: float  # chord to the farthest town that counts

    def find(self, directions: Floats, blocks: tuple[int, ...] = BLOCKS) -> Ints:
        """Return the region of each place, given by its direction: that of the nearest town; UNKNOWN far from any.

        Neighbouring rows are best neighbours on the ground: a block of them that lies deep inside a region, or far from
        any town, takes one search.
        """
        if not blocks:
            chord, town = self.tree.query(directions)
            return np.where(chord <= self.farthest, self.of_towns[town], UNKNOWN)
        starts = np.arange(0, len(directions), blocks[0])
        counts = np.diff(starts, append=len(directions))
        regions, certain = self._of_blocks(directions, starts, counts)
        found, rest = np.repeat(regions, counts), np.repeat(~certain, counts)
        if rest.any():
            found[rest] = self.find(directions[rest], blocks[1:])
        return found

    def _of_blocks(self, directions: Floats, starts: Ints, counts: Ints) -> tuple[Ints, Flags]:
        """Return the region of each block of places, and whether it is that of all of them."""
        if not len(starts):
            return np.empty(0, np.int64), np.empty(0, np.bool_)
        centre = np.add.reduceat(directions, starts) / counts[:, np.newaxis]
        offset = np.linalg.norm(directions - np.repeat(centre, counts, axis=0), axis=1)
        radius = np.maximum.reduceat(offset, starts)
        chord, town = self.tree.query(centre, k=NEIGHBOURS)
        region = self.of_towns[town]
        other = region != region[:, :1]
        nearest_other = np.where(other.any(axis=1), np.where(other, chord, np.inf).min(axis=1), chord[:, -1])
        nearest = chord[:, 0]
        is_near = (nearest_other - nearest > 2 * radius) & (nearest + radius <= self.farthest)
        is_far = nearest - radius > self.farthest
        return np.where(is_far, UNKNOWN, region[:, 0]), is_near | is_far
