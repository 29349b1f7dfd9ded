"""Outliers: positions that are left out because the way through the others is plausible without them."""

from itertools import pairwise

import numpy as np

from services.generation.domain.columnar import Flags, Ints
from services.generation.domain.fixes import STALE_MS, Fixes
from services.generation.domain.tracks import MS_PER_HOUR, Track

WALL_COST = 6  # positions that may be left out to avoid a leg that cannot be driven
STEADY = 2 * WALL_COST + 1  # neighbours that reach each other, after which no earlier position matters
START = -1  # row before the first position
MOST_CANDIDATES = 1000  # positions from which a way may go on, the latest ones


class Acceptance:
    """Accepted positions of a track that comes in pieces: those on the best way through all of them.

    The last few positions stay undecided until more are known, so the result does not depend on the pieces.
    """

    def __init__(self, jump_kmh: float) -> None:
        self._jump_kmh = jump_kmh
        self._fixes = Fixes.empty()  # accepted ones as far back as a repeated fix counts, and undecided ones
        self._known = 0  # number of the accepted ones
        self.steady_ms: int | None = None  # from which an earlier beginning would accept the same positions

    @property
    def undecided(self) -> Fixes:
        """Positions that may still turn out to be outliers."""
        return self._fixes[self._known :]

    def add(self, track: Track, *, whole: bool = False) -> Fixes:
        """Return the next accepted positions that no later one can change; with `whole` there is no later one."""
        fixes = self._fixes.followed_by(track, self._known)
        if not len(fixes):
            return fixes
        omitted, certain = BestWay(fixes, self._known, self._jump_kmh).find(whole=whole)
        accepted, rest = fixes[:certain], fixes[certain:]
        if self.steady_ms is None:
            self.steady_ms = _steady_ms(accepted, omitted[:certain])
        if omitted[:certain].any():
            accepted = accepted.without(omitted[:certain])
        new = accepted[self._known :]
        context = max(int(np.searchsorted(accepted.time_ms, accepted.time_ms[-1:] - STALE_MS).sum()) - 1, 0)
        self._known = len(accepted) - context
        self._fixes = Fixes.join([accepted[context:], rest])
        return new


def _steady_ms(fixes: Fixes, omitted: Flags) -> int | None:
    """Return the moment of the first fix behind enough neighbours that reach each other, None where there is none."""
    breaks = omitted | fixes.unreachable
    starts = np.maximum.accumulate(np.where(breaks, np.arange(len(fixes)), 0))
    lasted = (np.arange(len(fixes)) - starts >= STEADY) & (fixes.time_ms - fixes.time_ms[starts] > STALE_MS)
    steady = np.flatnonzero(lasted)
    return int(fixes.time_ms[steady[0]]) if len(steady) else None


class BestWay:
    """Way through positions that keeps most of them, where a leg that cannot be driven costs WALL_COST of them.

    The first `known` positions are on it. Only around a leg to a neighbour that cannot be driven, a wall, is there a
    choice: the way may leave the positions before a wall, or enter those behind it, a few positions off.
    """

    def __init__(self, fixes: Fixes, known: int, jump_kmh: float) -> None:
        self._fixes = fixes
        self._known = known
        self._jump_kmh = jump_kmh
        self._omitted = np.zeros(len(fixes), np.bool_)

    def find(self, *, whole: bool) -> tuple[Flags, int]:
        """Return a mask of the positions off the way, and how many positions later ones cannot put off or on it.

        Legs of the way that cannot be driven are marked in the fixes.
        """
        size, clear_from = len(self._fixes), 0
        for wall in self._walls().tolist():
            if wall >= clear_from:
                clear_from = self._pass(wall, whole=whole)
            if clear_from < 0:
                return self._omitted, ~clear_from
        return self._omitted, size if whole else max(size - WALL_COST + 1, self._known)

    def _walls(self) -> Ints:
        """Return the rows that cannot be reached from the row before."""
        fixes = self._fixes
        suspects = np.flatnonzero(fixes.step_km * MS_PER_HOUR > self._jump_kmh * fixes.elapsed_ms)
        suspects = suspects[suspects >= max(self._known, 1)]
        if not len(suspects):
            return suspects
        self._run_ms = fixes.time_ms[fixes.run_starts()]
        before = suspects - 1
        return suspects[~fixes.reaches(before, suspects, self._run_ms[before], self._jump_kmh)]

    def _pass(self, wall: int, *, whole: bool) -> int:
        """Decide around a wall and return the row behind it from which the way is clear.

        Where the positions end before that is decided, return the complement of the number of those that are.
        """
        size = len(self._fixes)
        search = Search(self._fixes, wall, self._known, self._run_ms, self._jump_kmh)
        for row in range(wall, size):
            search.take(row)
            if search.is_clear():
                self._apply(search, search.way_to(row - WALL_COST + 1))
                return row + 1
        if whole:
            way = search.way_to(search.best)
            self._apply(search, way)
            self._omitted[way[-1] + 1 :] = True
            return size
        way = search.common()
        self._apply(search, way)
        return ~max(way[-1] + 1, self._known)

    def _apply(self, search: "Search", way: list[int]) -> None:
        for before, after in pairwise(way):
            self._omitted[before + 1 : after] = True
            self._fixes.unreachable[after] = after in search.walls


class Search:
    """Search for the best way from the positions before a wall through those behind it, taken row by row.

    Of all positions only those matter whose ways keep so much that leaving from them may pay: the candidates.
    """

    def __init__(self, fixes: Fixes, wall: int, known: int, run_ms: Ints, jump_kmh: float) -> None:
        self._fixes = fixes
        self._run_ms = run_ms  # along neighbours
        self._jump_kmh = jump_kmh
        self.walls: set[int] = set()  # rows that the best way to them enters over a leg that cannot be driven
        self._before: dict[int, int] = {}  # row before, on the best way to a row
        first = max(wall - WALL_COST, known - 1, 0)
        self._rows = np.arange(first, wall)
        self._kept: Ints = self._rows + 1  # positions on the best way to each candidate, less those that the walls cost
        self._candidate_run_ms = run_ms[self._rows]
        self._start_kept = 0 if known == 0 and wall <= WALL_COST else None  # while the way may still begin anywhere
        self._clear_for = 0

    @property
    def best(self) -> int:
        """Row of the candidate whose way keeps most."""
        return int(self._rows[self._kept.argmax()])

    def take(self, row: int) -> None:
        """Find the best way to a row and make it a candidate."""
        fixes, rows = self._fixes, self._rows
        reached = fixes.reaches(rows, np.full(len(rows), row), self._candidate_run_ms, self._jump_kmh)
        kept = self._kept - np.where(reached, 0, WALL_COST)
        pick = len(kept) - 1 - int(kept[::-1].argmax())
        if self._start_kept is not None and self._start_kept > kept[pick]:
            before, most, run_ms = START, self._start_kept, fixes.time_ms[row]
        else:
            before, most, run_ms = int(rows[pick]), int(kept[pick]), self._candidate_run_ms[pick]
            if not reached[pick]:
                self.walls.add(row)
            if fixes.lat[row] != fixes.lat[before] or fixes.lng[row] != fixes.lng[before]:
                run_ms = fixes.time_ms[row]
        self._before[row] = before
        self._clear_for = self._clear_for + 1 if before == row - 1 and row not in self.walls else 0
        self._keep_candidates(row, most + 1, run_ms)

    def is_clear(self) -> bool:
        """Return whether the last rows taken are the only candidates, each reached from the one before."""
        last = int(self._rows[-1])
        if self._clear_for < WALL_COST or self._rows[0] <= last - WALL_COST or self._start_kept is not None:
            return False
        stale_ms = self._fixes.time_ms[last] - STALE_MS
        return bool(max(self._candidate_run_ms[-1], stale_ms) == max(self._run_ms[last], stale_ms))

    def way_to(self, row: int) -> list[int]:
        """Return the rows of the best way to a row, from a row before the wall or from START."""
        way = [row]
        while way[-1] in self._before:
            way.append(self._before[way[-1]])
        return way[::-1]

    def common(self) -> list[int]:
        """Return the beginning that the ways to all candidates have in common; with START alone there is none."""
        if self._start_kept is not None:
            return [START]
        ways = [self.way_to(int(row)) for row in self._rows]
        first = min(way[0] for way in ways)
        if any(way[0] != ways[0][0] for way in ways):
            return [first]
        shared = 0
        while all(shared < len(way) and way[shared] == ways[0][shared] for way in ways):
            shared += 1
        return ways[0][:shared]

    def _keep_candidates(self, row: int, kept: int, run_ms: int) -> None:
        self._rows, self._kept = np.append(self._rows, row), np.append(self._kept, kept)
        self._candidate_run_ms = np.append(self._candidate_run_ms, run_ms)
        least = self._kept.max() - WALL_COST
        if self._start_kept is not None and self._start_kept <= least:
            self._start_kept = None
        stay = np.flatnonzero(self._kept > least)[-MOST_CANDIDATES:]
        self._rows, self._kept = self._rows[stay], self._kept[stay]
        self._candidate_run_ms = self._candidate_run_ms[stay]
