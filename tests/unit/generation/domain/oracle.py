"""The rules of detection once more, told point by point as simply as they can be, to compare with."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from math import cos, hypot, inf, isnan, nan, radians

from services.generation.domain.detection import Rules
from services.generation.domain.tracks import Track, haversine_km
from services.generation.domain.windows import Windows

Fix = dict[str, float]
Row = tuple[float, ...]
HOUR_MS, MINUTE_MS = 3_600_000, 60_000
SLOW, TOWED, MOVING = range(3)
NAMES = ("time_ms", "lat", "lng", "speed_kmh", "ignition")


def accepted(track: Track, rules: Rules) -> list[Fix]:
    """Return the points on the way that keeps most of them when a wall, which each may be behind, costs six."""
    points = [{name: float(getattr(track, name)[at]) for name in NAMES} for at in range(len(track))]
    ways: list[tuple[int, list[Fix], float]] = [(0, [], 0.0)]  # what is kept, the way, the start of its last run
    for point in [point for point in points if point["lat"] or point["lng"]]:
        most = max(kept for kept, _, _ in ways)
        options = []
        for kept, way, run_ms in ways:
            if kept <= most - 6:
                continue
            wall = bool(way) and not reaches(way[-1], point, run_ms, rules)
            same = bool(way) and all(way[-1][name] == point[name] for name in ("lat", "lng"))
            new = [*way, point | {"wall": wall}]
            options.append((kept + 1 - 6 * wall, new, run_ms if same else point["time_ms"]))
        first, *others = options if not ways[0][1] else [None, *options]
        best = max(reversed(others), key=lambda option: option[0]) if others else first
        if first and best and first[0] > best[0]:
            best = first
        ways.append(best)
        ways = [way for way in ways if way[0] > max(kept for kept, _, _ in ways) - 6]
    return max(ways, key=lambda way: way[0])[1]


def km_between(one: Fix, two: Fix) -> float:
    return float(haversine_km(one["lat"], one["lng"], two["lat"], two["lng"]))


def reaches(one: Fix, two: Fix, run_ms: float, rules: Rules) -> bool:
    """Return whether a leg can be driven from the start of the run it leaves, or agrees with what is reported."""
    left_ms = max(run_ms, one["time_ms"] - 5 * MINUTE_MS)
    speeds = [km_between(one, two) / (two["time_ms"] - since) * HOUR_MS for since in (left_ms, one["time_ms"])]
    agrees = any(0.7 * end["speed_kmh"] <= kmh <= 1.3 * end["speed_kmh"] for kmh in speeds for end in (one, two))
    return speeds[0] <= rules.detection.jump_kmh or agrees


class Found:
    """Trips and stops as spans with their points, and the silences between them."""

    def __init__(self, track: Track, rules: Rules) -> None:
        self._rules = rules
        self._idle_kmh = rules.parking.idle_kmh
        self.fixes = accepted(track, rules)
        self._tell_legs()
        self._tell_speeds()
        self.trips: list[dict] = []
        self.stops: list[dict] = []
        self.silences: list[Row] = []
        sections: list[list[Fix]] = []
        for fix in self.fixes:
            if fix["lost"]:
                sections.append([])
            sections[-1].append(fix)
        for one, two in pairwise(sections):
            self.silences.append((one[-1]["time_ms"], two[0]["time_ms"], km_between(one[-1], two[0])))
        for section in sections:
            self._find(self._with_rests(section))

    def _tell_legs(self) -> None:
        detection = self._rules.detection
        for at, fix in enumerate(self.fixes):
            before = self.fixes[at - 1] if at else None
            same = bool(before) and before["lat"] == fix["lat"] and before["lng"] == fix["lng"]
            fix["run"] = before["run"] if before and same else at
            fix["step_km"] = km_between(before, fix) if before else 0.0
            lasted_ms = fix["time_ms"] - before["time_ms"] if before else inf
            fix["leg_kmh"] = self._leg_kmh(before, fix) if before else 0.0
            silent = lasted_ms > self._rules.gap_ms
            near = fix["step_km"] <= detection.parked_km
            fix["parked"] = bool(before) and silent and near and not fix["wall"]
            way = silent and not near and lasted_ms <= detection.travel_s * 1000 and self._is_fast(fix["leg_kmh"])
            fix["travelled"] = way and not fix["wall"]
            fix["lost"] = not before or fix["wall"] or (silent and not fix["parked"] and not fix["travelled"])

    def _leg_kmh(self, before: Fix, fix: Fix) -> float:
        run_ms = self.fixes[int(before["run"])]["time_ms"]
        speeds = []
        for back_ms in (5 * MINUTE_MS, MINUTE_MS):
            since_ms = max(run_ms, before["time_ms"] - back_ms)
            speeds.append(fix["step_km"] / (fix["time_ms"] - since_ms) * HOUR_MS)
        return speeds[0] if self._is_fast(speeds[0]) else speeds[1]

    def _is_fast(self, kmh: float) -> bool:
        return kmh >= self._idle_kmh * (1 - 1e-7)

    def _tell_speeds(self) -> None:
        fixes = self.fixes
        for fix in fixes:
            unknown = isnan(fix["speed_kmh"])
            fix["kmh"] = (0.0 if fix["lost"] else fix["leg_kmh"]) if unknown else fix["speed_kmh"]
            fix["derived"] = unknown
            fix["disbelieved"] = False
        for first, one in enumerate(fixes):
            for last in range(first + 1, len(fixes)):
                between = fixes[first + 1 : last + 1]
                if any(fix["lost"] or not self._is_low(fix) for fix in [*between, one | {"lost": False}]):
                    break
                lasted_ms = fixes[last]["time_ms"] - one["time_ms"]
                km = km_between(one, fixes[last])
                far = km > self._rules.detection.parked_km and self._is_fast(km / lasted_ms * HOUR_MS)
                for fix in between if far and lasted_ms <= self._rules.gap_ms else ():
                    fix["disbelieved"] |= self._is_fast(fix["leg_kmh"])
        self._derive([fix for fix in fixes if fix["disbelieved"]])
        slow = [not self._is_fast(fix["kmh"]) for fix in fixes]
        self._derive([fix for at, fix in enumerate(fixes) if fix["travelled"] and slow[at - 1] and slow[at]])
        for at in range(1, len(fixes)):
            self._hold(at)

    def _is_low(self, fix: Fix) -> bool:
        return not isnan(fix["speed_kmh"]) and not self._is_fast(fix["speed_kmh"])

    def _derive(self, fixes: list[Fix]) -> None:
        for fix in fixes:
            fix |= {"kmh": fix["leg_kmh"], "derived": True, "disbelieved": True}

    def _hold(self, at: int) -> None:
        leaving, last = self.fixes[at], self.fixes[at - 1]
        run = self.fixes[int(last["run"]) : at]
        short = last["time_ms"] - run[0]["time_ms"] <= MINUTE_MS
        if leaving["run"] != at or leaving["lost"] or leaving["parked"] or not short:
            return
        if self._is_fast(leaving["leg_kmh"]):
            for fix in run[1:]:
                if isnan(fix["speed_kmh"]) or (leaving["disbelieved"] and self._is_low(fix)):
                    fix |= {"kmh": leaving["leg_kmh"], "derived": True}

    def _pace(self, fix: Fix) -> int:
        if self._idle_kmh <= 0:
            return MOVING
        if not self._is_fast(fix["kmh"]):
            return SLOW
        return TOWED if self._rules.parking.ignition_aware and fix["ignition"] == 0 else MOVING

    def _with_rests(self, section: list[Fix]) -> list[Fix]:
        """Return the points with their paces, and a slow copy of a moving one before a parked silence."""
        points: list[Fix] = []
        for fix in section:
            pace = self._pace(fix)
            if points and fix["parked"] and points[-1]["pace"] != SLOW and self._idle_kmh > 0:
                rest = {"pace": SLOW, "copy": True, "step_km": 0.0, "kmh": 0.0, "derived": False, "speed_kmh": nan}
                points.append(points[-1] | rest)
            points.append(fix | {"pace": pace, "copy": False})
        return points

    def _departure_ms(self, rest: Fix, fix: Fix) -> float:
        if not fix["step_km"]:
            return fix["time_ms"]
        took_ms = fix["step_km"] / fix["kmh"] * HOUR_MS if fix["kmh"] else inf
        return max(rest["time_ms"], round(fix["time_ms"] - took_ms) if took_ms < inf else -inf)

    def _arrival(self, way: Fix, fix: Fix) -> Fix:
        arrived = (way["derived"] or fix["derived"]) and not self._is_fast(fix["leg_kmh"])
        return way if arrived and not fix["copy"] else fix

    def _find(self, points: list[Fix]) -> None:
        runs = [[points[0]]]
        for before, point in pairwise(points):
            if point["pace"] != before["pace"]:
                runs.append([])
            runs[-1].append(point)
        parts: list[tuple[bool, list[Fix]]] = []  # whether on the way, and the points
        for at, run in enumerate(runs):
            on_way = run[0]["pace"] == MOVING
            if run[0]["pace"] == TOWED or (run[0]["pace"] == SLOW and not self._lasts(runs, at)):
                on_way = bool(parts) and parts[-1][0]
            parts.append((on_way, run))
        spans = self._spans(_joined(parts))
        if self._rules.filter_on:
            kept = [(span["on_way"] and self._passes(span), span["points"]) for span in spans]
            spans = self._spans(_joined(kept))
        for at, span in enumerate(spans):
            span["stop"] = spans[at + 1] if at + 1 < len(spans) and spans[at + 1]["is_stop"] else None
        self.trips += [span for span in spans if span["on_way"] and span["end"] > span["start"]]
        self.stops += [span for span in spans if span["is_stop"]]

    def _lasts(self, runs: list[list[Fix]], at: int) -> bool:
        run = runs[at]
        start_ms = self._arrival(runs[at - 1][-1], run[0])["time_ms"] if at else run[0]["time_ms"]
        end_ms = run[-1]["time_ms"]
        if at + 1 < len(runs):
            end_ms = self._departure_ms(run[-1], runs[at + 1][0])
        return self._is_long(run, start_ms, end_ms)

    def _is_long(self, run: list[Fix], start_ms: float, end_ms: float) -> bool:
        switched_off = self._rules.parking.ignition_aware and any(fix["ignition"] == 0 for fix in run)
        return switched_off or end_ms - start_ms >= self._rules.shortest_ms

    def _spans(self, stretches: list[tuple[bool, list[Fix]]]) -> list[dict]:
        """Return the stretches with their starts and ends, and the knots of the line through those of travel."""
        spans = []
        for at, (on_way, points) in enumerate(stretches):
            span = {"on_way": on_way, "points": points, "knots": [*points], "at": points[0], "is_stop": False}
            span["start"], span["end"] = points[0]["time_ms"], points[-1]["time_ms"]
            if at and on_way:
                rest = stretches[at - 1][1][-1]
                span["start"] = spans[-1]["end"] = self._departure_ms(rest, points[0])
                if points[0]["step_km"]:
                    span["knots"] = [rest | {"time_ms": span["start"], "step_km": 0.0, "rest": True}, *points]
            if at and not on_way:
                end = self._arrival(spans[-1]["points"][-1], points[0])
                span["start"] = spans[-1]["end"] = end["time_ms"]
                span["at"] = end
                if end is points[0]:
                    spans[-1]["knots"].append(end)
            spans.append(span)
        for at, span in enumerate(spans):
            lasts = at > 0 or span["end"] - span["start"] >= self._rules.shortest_ms
            span["is_stop"] = not span["on_way"] and lasts and self._idle_kmh > 0
        return spans

    def _passes(self, span: dict) -> bool:
        detection, knots = self._rules.detection, span["knots"]
        knots = [knot for knot in knots if not knot["copy"] or knot.get("rest")]
        east = [((fix["lng"] - knots[0]["lng"] + 180) % 360) - 180 for fix in knots]
        north = [fix["lat"] for fix in knots]
        nearest = 0.0 if min(north) < 0 < max(north) else min(map(abs, north))
        wide = radians(max(east) - min(east)) * cos(radians(nearest))
        diagonal_m = 6_371_008.8 * hypot(wide, radians(max(north) - min(north)))
        length_m = 1000 * sum(fix["step_km"] for fix in knots[1:])
        if length_m < detection.filter_min_length_m or diagonal_m < detection.filter_min_diagonal_m:
            return False
        if len(knots) < detection.filter_min_points and length_m < detection.filter_long_length_m:
            return False
        return length_m <= detection.filter_max_windings * diagonal_m or not self._is_implausible(span, length_m)

    def _is_implausible(self, span: dict, length_m: float) -> bool:
        reported = [knot["speed_kmh"] for knot in span["knots"] if not isnan(knot["speed_kmh"])]
        if reported:
            return length_m / 1000 / (span["end"] - span["start"]) * HOUR_MS > max(reported)
        legs = []
        for one, two in pairwise(span["knots"]):
            north, east = two["lat"] - one["lat"], (two["lng"] - one["lng"] + 180) % 360 - 180
            if two["step_km"]:
                legs.append((north, east * cos(radians(two["lat"]))))
        turns = sum(a * c + b * d < -0.5 * hypot(a, b) * hypot(c, d) for (a, b), (c, d) in pairwise(legs))
        return 2 * turns > len(legs)

    def trip_rows(self, windows: Windows) -> list[Row]:
        """Return start, end, count, length, highest speed and following stop of each trip in the windows."""
        rows = []
        for trip in self.trips:
            pieces = [piece for piece in _cut(trip["start"], trip["end"], windows) if piece[0] < piece[1]]
            for start, end in pieces:
                points = [knot for knot in trip["knots"] if not knot["copy"] or knot.get("rest")]
                whole = end == trip["end"]
                points = [one for one in points if start <= one["time_ms"] and (whole or one["time_ms"] < end)]
                length_km = _way_km(trip["knots"], end) - _way_km(trip["knots"], start)
                average_kmh = length_km / (end - start) * HOUR_MS
                fastest_kmh = max([average_kmh, *(point["kmh"] for point in points)])
                stop = trip["stop"] if (start, end) == pieces[-1] else None
                idle = _cut(stop["start"], stop["end"], windows) if stop else ()
                idle_s = sum(behind - begin for begin, behind in idle) / 1000
                rows.append((start, end, len(points), length_km, fastest_kmh, idle_s))
        return rows

    def stop_rows(self, windows: Windows) -> list[Row]:
        """Return start, end, place and time with ignition on of each stop in the windows."""
        rows = []
        for stop in self.stops:
            for start, end in _cut(stop["start"], stop["end"], windows):
                known = [fix for fix in stop["points"] if fix["time_ms"] <= start]
                place = known[-1] if known and start > stop["start"] else stop["at"]
                rows.append((start, end, place["lat"], place["lng"], self._on_s(start, end)))
        return rows

    def _on_s(self, start: float, end: float) -> float:
        on_ms = 0.0
        for fix, following in pairwise(self.fixes):
            if fix["ignition"] == 1:
                on_ms += max(0.0, min(following["time_ms"], end) - max(fix["time_ms"], start))
        return on_ms / 1000


def _joined(parts: list[tuple[bool, list[Fix]]]) -> list[tuple[bool, list[Fix]]]:
    """Return the parts with neighbours of one kind joined."""
    kinds = groupby(parts, lambda part: part[0])
    return [(on_way, [fix for _, points in group for fix in points]) for on_way, group in kinds]


def _way_km(knots: list[Fix], ms: float) -> float:
    """Return the way along the knots up to a moment, even between two of them."""
    way_km = 0.0
    for one, two in pairwise(knots):
        if two["time_ms"] > one["time_ms"]:
            share = (ms - one["time_ms"]) / (two["time_ms"] - one["time_ms"])
            way_km += two["step_km"] * min(max(share, 0.0), 1.0)
    return way_km


def _cut(start_ms: float, end_ms: float, windows: Windows) -> Iterator[tuple[float, float]]:
    """Return the parts of a span in the windows; one of no length is itself where a window holds it."""
    for start, end in zip(windows.start_ms.tolist(), windows.end_ms.tolist(), strict=True):
        part = max(start, start_ms), min(end, end_ms)
        if part[0] < part[1] or (start_ms == end_ms and start <= start_ms < end):
            yield part
