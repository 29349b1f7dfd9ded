"""Picture of detection in detection.svg, drawn from what is found in a short track: `python -m docs.detection`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from services.generation.domain.columnar import Ints
from services.generation.domain.detection import Rules
from services.generation.domain.detector import Detector
from services.generation.domain.silences import silences_of
from services.generation.domain.stops import stops_of
from services.generation.domain.tracks import EARTH_RADIUS_KM, Track
from services.generation.domain.trips import trips_of
from services.generation.domain.windows import Windows

PICTURE = Path(__file__).with_name("detection.svg")
MINUTE_MS = 60_000
START_MS = 1_772_438_400_000  # 2026-03-02T08:00:00Z
WIDTH, LEFT, BASE, BAND, BAND_HEIGHT = 960, 60, 170, 186, 34  # pixels
COLOURS = {"trip": "#2f7d4f", "stop": "#b4690e", "no data": "#7a7f88"}
LEGS = (  # of each point: minutes since the one before, km from it, and the speed that it reports
    *[(1, 0.0, 0)] * 9,
    *[(1, 0.8, 48)] * 12,
    *[(1, 0.0, 0)] * 3,
    *[(1, 0.8, 48)] * 9,
    (1, 0.4, 0),
    *[(1, 0.0, 0)] * 3,
    (45, 0.1, 0),
    *[(1, 0.8, 48)] * 8,
    (20, 14.0, 48),
    *[(1, 0.8, 48)] * 8,
    (80, 40.0, 48),
    *[(1, 0.8, 48)] * 14,
    (1, 0.3, 0),
    *[(1, 0.0, 0)] * 12,
)
WILD, WILD_DEGREES = 16, 3  # the point that is somewhere else, and how far to the north
NOTES = (  # minute, two lines
    (22.5, "short pause:", "part of the trip"),
    (59.5, "silence at one place:", "it was parked"),
    (100.0, "14 km in 20 min:", "the trip goes on"),
    (158.0, "40 km in 80 min:", "nobody knows"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Time of one kind, in ms, with its label."""

    kind: str
    start_ms: int
    end_ms: int
    label: str


def made_up_track() -> Track:
    """Return a track with a short pause, three silences of different kinds and a wild point."""
    minutes, km, kmh = np.array([(0.0, 0.0, 0.0), *LEGS]).T
    lat = 52.5 + np.degrees(np.cumsum(km) / EARTH_RADIUS_KM)
    lat[WILD] += WILD_DEGREES
    time_ms = START_MS + (np.cumsum(minutes) * MINUTE_MS).astype(np.int64)
    return Track.of(time_ms, lat, np.full(len(lat), 13.4), speed_kmh=kmh)


def spans_of(track: Track) -> list[Span]:
    """Return the trips, stops and silences without data that are found in a track."""
    always = Windows.of([(0, 2 * START_MS)])
    detector = Detector(Rules(filter_on=True), always.edges_ms())
    detector.add(track)
    found = detector.finish()
    trips, stops, silences = trips_of(found, always), stops_of(found, always), silences_of(found, always)
    return [
        *_spans("trip", trips.start_ms, trips.end_ms, [f"{km:.1f} km" for km in trips.length_km]),
        *_spans(
            "stop", stops.start_ms, stops.end_ms, [f"{ms / MINUTE_MS:.0f} min" for ms in stops.end_ms - stops.start_ms]
        ),
        *_spans("no data", silences.start_ms, silences.end_ms, ["no data"] * len(silences)),
    ]


def _spans(kind: str, start_ms: Ints, end_ms: Ints, labels: list[str]) -> Iterator[Span]:
    for start, end, label in zip(start_ms.tolist(), end_ms.tolist(), labels, strict=True):
        yield Span(kind, start, end, label)


class Picture:
    """Drawing of a track by time: the speeds of its points, and below them what they are found to be."""

    def __init__(self, track: Track, spans: list[Span]) -> None:
        self._track = track
        self._spans = spans
        self._end_ms = int(track.time_ms[-1])

    def svg(self) -> str:
        """Return the picture as SVG."""
        lines = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 270" font-family="sans-serif"',
            'font-size="12">',
            "<title>A track, and the trips, stops and silences that are found in it</title>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            _text(LEFT, 20, "Speed that each point reports, km/h", "start"),
            *self._scale(),
            *self._points(),
            *self._notes(),
            *self._bars(),
            "</svg>",
        ]
        return "\n".join(lines) + "\n"

    def _x(self, moment_ms: float) -> float:
        return round(LEFT + (WIDTH - 2 * LEFT) * (moment_ms - START_MS) / (self._end_ms - START_MS), 1)

    def _scale(self) -> Iterator[str]:
        for kmh in (0, 25, 50):
            yield f'<path d="M{LEFT} {BASE - 2 * kmh}H{WIDTH - LEFT}" stroke="#e3e5e8"/>'
            yield _text(LEFT - 8, BASE - 2 * kmh + 4, str(kmh), "end")
        for moment_ms in range(START_MS, self._end_ms, 30 * MINUTE_MS):
            clock = datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%H:%M")
            yield _text(self._x(moment_ms), BAND + BAND_HEIGHT + 18, clock)

    def _points(self) -> Iterator[str]:
        points = zip(self._track.time_ms.tolist(), self._track.speed_kmh.tolist(), strict=True)
        for row, (moment_ms, kmh) in enumerate(points):
            x, y = self._x(moment_ms), BASE - 2 * kmh
            if row == WILD:
                yield f'<path d="M{x - 4} {y - 4}l8 8m0 -8l-8 8" stroke="#c0262d" stroke-width="2"/>'
                yield _text(x - 4, y - 16, "wild point: counts for nothing", "start")
            else:
                yield f'<circle cx="{x}" cy="{y}" r="2" fill="#33658a"/>'

    def _notes(self) -> Iterator[str]:
        for minute, *lines in NOTES:
            for number, line in enumerate(lines):
                yield _text(self._x(START_MS + minute * MINUTE_MS), BASE - 56 + 15 * number, line)

    def _bars(self) -> Iterator[str]:
        for span in self._spans:
            start, end = self._x(span.start_ms), self._x(span.end_ms)
            yield (
                f'<rect x="{start}" y="{BAND}" width="{end - start:.1f}" height="{BAND_HEIGHT}" '
                f'fill="{COLOURS[span.kind]}" stroke="#fff"/>'
            )
            yield _text((start + end) / 2, BAND + 22, span.label, colour="#fff")
        for place, (kind, colour) in enumerate(COLOURS.items()):
            yield f'<rect x="{LEFT + 90 * place}" y="246" width="12" height="12" fill="{colour}"/>'
            yield _text(LEFT + 90 * place + 18, 256, kind, "start")


def _text(x: float, y: float, words: str, anchor: str = "middle", colour: str = "#333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


if __name__ == "__main__":
    drawn = made_up_track()
    PICTURE.write_text(Picture(drawn, spans_of(drawn)).svg())
