"""The rules of detection once more, told point by point as simply as they can be, to compare with."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from math import cos, hypot, inf, isnan, radians

from services.generation.domain.detection import Detection, Rules
from services.generation.domain.tracks import Track, haversine_km
from services.generation.domain.windows import Windows

Fix = dict[str, float]
Row = tuple[float, ...]


def accepted(track: Track, detection: Detection) -> list[Fix]:
    """Return the accepted points with their way, speed and gap."""
    fixes: list[Fix] = []
    for at in range(len(track)):
        fix = {name: float(getattr(track, name)[at]) for name in ("time_ms", "lat", "lng", "speed_kmh", "ignition")}
        last = fixes[-1] if fixes else None
        way_km = float(haversine_km(last["lat"], last["lng"], fix["lat"], fix["lng"])) if last else 0.0
        hours = (fix["time_ms"] - last["time_ms"]) / 3_600_000 if last else inf
        if hours * 3600 <= detection.jump_memory_s and way_km / hours > detection.jump_kmh:
            continue
        if isnan(fix["speed_kmh"]):
            fix["speed_kmh"] = way_km / hours
        gap = hours * 3600 > detection.gap_s
        fixes.append(fix | {"step_km": 0.0 if gap else way_km, "gap": gap})
    return fixes


class Found:
    """Trips as lists of fixes, stops as lists of fixes and the moment each ends."""

    def __init__(self, track: Track, rules: Rules) -> None:
        self._rules = rules
        self.fixes = accepted(track, rules.detection)
        for fix in self.fixes:
            on_way = not (rules.parking.ignition_aware and fix["ignition"] == 0)
            fix["moving"] = rules.parking.idle_kmh == 0 or (fix["speed_kmh"] >= rules.parking.idle_kmh and on_way)
        self._find()
        if rules.filter_on:
            for trip in self.trips:
                if not self._is_kept(trip):
                    for fix in trip:
                        fix["moving"] = False
            self._find()

    def _find(self) -> None:
        self.trips: list[list[Fix]] = []
        self.stops: list[tuple[list[Fix], float]] = []
        self.idle: list[tuple[float, float] | None] = []
        segment = 0
        for fix in self.fixes:
            segment += bool(fix["gap"])
            fix["segment"] = segment
        for _, fixes in groupby(self.fixes, lambda fix: fix["segment"]):
            self._find_in_segment([list(run) for _, run in groupby(fixes, lambda fix: fix["moving"])])

    def _find_in_segment(self, runs: Sequence[list[Fix]]) -> None:
        trip: list[Fix] = []
        for run, following in zip(runs, [*runs[1:], None], strict=True):
            end_ms = following[0]["time_ms"] if following else run[-1]["time_ms"]
            if not run[0]["moving"] and self._is_stop(run, end_ms):
                self.stops.append((run, end_ms))
                self._close([*trip, run[0]], (run[0]["time_ms"], end_ms))
                trip = []
            elif run[0]["moving"] or trip:
                trip += run
        self._close(trip, None)

    def _is_stop(self, run: Sequence[Fix], end_ms: float) -> bool:
        if self._rules.parking.idle_kmh == 0:
            return False
        switched_off = self._rules.parking.ignition_aware and any(fix["ignition"] == 0 for fix in run)
        return switched_off or end_ms - run[0]["time_ms"] >= self._rules.parking.shortest_s * 1000

    def _close(self, trip: list[Fix], stop: tuple[float, float] | None) -> None:
        if len(trip) > 1:
            self.trips.append(trip)
            self.idle.append(stop)

    def _is_kept(self, trip: Sequence[Fix]) -> bool:
        detection = self._rules.detection
        east = [((fix["lng"] - trip[0]["lng"] + 180) % 360) - 180 for fix in trip]
        north = [fix["lat"] for fix in trip]
        wide = radians(max(east) - min(east)) * cos(radians(min(map(abs, north))))
        diagonal_m = 6_371_008.8 * hypot(wide, radians(max(north) - min(north)))
        length_m = 1000 * sum(fix["step_km"] for fix in trip[1:])
        return (
            length_m >= detection.filter_min_length_m
            and len(trip) >= detection.filter_min_points
            and diagonal_m >= detection.filter_min_diagonal_m
        )

    def trip_rows(self, windows: Windows) -> list[Row]:
        """Return start, end, count, length, highest speed and following stop of each trip in the windows."""
        rows = []
        for trip, stop in zip(self.trips, self.idle, strict=True):
            pieces = [[fix for fix in trip if start <= fix["time_ms"] < end] for start, end in _spans(windows)]
            pieces = [piece for piece in pieces if len(piece) > 1]
            for piece in pieces:
                length_km = sum(fix["step_km"] for fix in piece[1:])
                fastest = max(fix["speed_kmh"] for fix in piece)
                idle = stop if stop and piece is pieces[-1] else (0, 0)
                idle_s = sum(end - start for start, end in _cut(*idle, windows)) / 1000
                rows.append((piece[0]["time_ms"], piece[-1]["time_ms"], len(piece), length_km, fastest, idle_s))
        return rows

    def stop_rows(self, windows: Windows) -> list[Row]:
        """Return start, end, place and time with ignition on of each stop in the windows."""
        rows = []
        for run, end_ms in self.stops:
            for start, end in _cut(run[0]["time_ms"], end_ms, windows):
                place = [fix for fix in run if fix["time_ms"] <= start][-1]
                on_ms = 0.0
                for fix, until in zip(run, [*(fix["time_ms"] for fix in run[1:]), end_ms], strict=True):
                    if fix["ignition"] == 1:
                        on_ms += max(0.0, min(until, end) - max(fix["time_ms"], start))
                rows.append((start, end, place["lat"], place["lng"], on_ms / 1000))
        return rows


def _spans(windows: Windows) -> Iterator[tuple[int, int]]:
    return zip(windows.start_ms.tolist(), windows.end_ms.tolist(), strict=True)


def _cut(start_ms: float, end_ms: float, windows: Windows) -> Iterator[tuple[float, float]]:
    """Return the parts of a span in the windows; one of no length is itself where a window holds it."""
    for start, end in _spans(windows):
        part = max(start, start_ms), min(end, end_ms)
        if part[0] < part[1] or (start_ms == end_ms and start <= start_ms < end):
            yield part
