"""Track files in the formats that trackers and their servers write: one drive, in each of them."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from daybook.input.v1.points_pb2 import Points

from services.cli.tracks import reader_of
from services.cli.tracks.base import Notes

MONDAY_S = 1_704_704_400  # 2024-01-08T09:00:00Z
KMH = 54.0
MS = 15.0
KNOTS = 29.157667  # the same speed
DEGREES_A_MINUTE = 0.0080939  # of latitude, at that speed


class Fix(NamedTuple):
    """Point of the drive, and its time as files have it."""

    number: int
    second: int
    lat: float
    lng: float

    @property
    def iso(self) -> str:
        """Return the time without an offset."""
        return self.moved(0)

    def moved(self, hours: int, late_s: int = 0) -> str:
        """Return the wall clock some hours east of Greenwich."""
        clock = datetime.fromtimestamp(self.second + late_s, UTC) + timedelta(hours=hours)
        return f"{clock:%Y-%m-%dT%H:%M:%S}"


def drive(count: int = 8, days: int = 0) -> list[Fix]:
    """Return a drive to the north with a point each minute, so many days after the eighth of January."""
    first = MONDAY_S + days * 86_400
    return [Fix(k, first + 60 * k, round(48.1 + k * DEGREES_A_MINUTE, 7), 11.57) for k in range(count)]


def table(columns: Mapping[str, Iterable[object]], delimiter: str = ",", end: str = "\n") -> str:
    """Return a CSV text of columns by their names."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end)
    writer.writerows([list(columns), *zip(*columns.values(), strict=True)])
    return out.getvalue()


def feature(kind: str, coordinates: object, **properties: object) -> dict[str, object]:
    """Return a GeoJSON feature."""
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def features(fixes: Iterable[Fix], properties: Callable[[Fix], Mapping[str, object]]) -> list[dict[str, object]]:
    """Return a feature for each point."""
    return [feature("Point", [fix.lng, fix.lat], **properties(fix)) for fix in fixes]


def collection(found: Sequence[object]) -> str:
    """Return features as a GeoJSON text."""
    return json.dumps({"type": "FeatureCollection", "features": found})


def gpx(fixes: Iterable[Fix], more: str = "") -> str:
    """Return a GPX 1.0 text; `more` stands in each point."""
    points = "\n".join(f'<trkpt lat="{fix.lat}" lon="{fix.lng}"><time>{fix.iso}Z</time>{more}</trkpt>' for fix in fixes)
    return (
        f'<gpx version="1.0" xmlns="http://www.topografix.com/GPX/1/0"><trk><trkseg>\n{points}\n</trkseg></trk></gpx>'
    )


def comma(value: float) -> str:
    """Return a number with a decimal comma."""
    return str(value).replace(".", ",")


def _dawarich(fix: Fix) -> Mapping[str, object]:
    return {
        "battery_status": "charging",
        "battery": None,
        "tracker_id": "phone",
        "altitude": 520,
        "velocity": str(MS),
        "timestamp": fix.second,
        "latitude": str(fix.lat),
        "longitude": str(fix.lng),
        "in_regions": [],
        "motion_data": {"activity": "automotive"},
    }


def _overland(fix: Fix) -> Mapping[str, object]:
    known = {"speed": -1 if fix.number == 2 else MS, "course": -1, "course_accuracy": -1, "altitude": 520}
    more = {"horizontal_accuracy": 5, "vertical_accuracy": -1, "motion": ["driving"], "battery_level": 0.8, "wifi": ""}
    return {"timestamp": f"{fix.moved(-7)}-0700", **known, **more}


def _owntracks(fix: Fix) -> Mapping[str, object]:
    return {"_type": "location", "tst": fix.second, "vel": KMH, "cog": 0, "alt": 520, "acc": 9, "tid": "an", "batt": 80}


def _traccar(fix: Fix) -> Mapping[str, object]:
    times = {
        "fixTime": f"{fix.iso}.000+00:00",
        "deviceTime": f"{fix.moved(0, 5)}Z",
        "serverTime": f"{fix.moved(0, 90)}Z",
    }
    known = {"speed": KNOTS, "course": 0, "altitude": 520, "address": None}
    attributes = {"ignition": True, "sat": 9, "odometer": 1_200_000 + 900 * fix.number, "motion": True}
    return {"id": fix.number, "deviceId": 3, "valid": True, **times, **known, "attributes": attributes}


def _gpslogger_json(fix: Fix) -> Mapping[str, object]:
    known = {"accuracy": 5, "altitude": 520, "bearing": 0, "speed": MS}
    return {"time": f"{fix.iso}.000Z", "provider": "gps", "time_long": fix.second * 1000, **known}


def _gpslogger(fixes: Sequence[Fix]) -> str:
    head = "time,lat,lon,elevation,accuracy,bearing,speed,satellites,provider,hdop,annotation"
    rows = [f"{fix.iso}.000Z,{fix.lat},{fix.lng},520,5,0,{MS},9,gps,," for fix in fixes]
    return "\n".join([head, *rows, ""])


def _traccar_csv(fixes: Sequence[Fix]) -> str:
    head = "id,deviceId,protocol,serverTime,deviceTime,fixTime,valid,latitude,longitude,altitude,speed,course,address"
    rows = [
        f"{fix.number},3,osmand,{fix.moved(0, 90)},{fix.moved(0, 5)},{fix.iso},true,{fix.lat},{fix.lng},520,{KNOTS},0,"
        f"Am Weg 3{', Bonn, DE' * (fix.number % 3)},5,{'true' if fix.number else ''},{1_200_000 + 900 * fix.number}"
        for fix in fixes
    ]
    return "\n".join([f"{head},accuracy,ignition,odometer", *rows, ""]).replace("T0", " 0")


def _columns(fixes: Sequence[Fix], time: str, lat: str, lng: str) -> dict[str, list[object]]:
    """Return the columns of a table under these names, with times in ISO 8601."""
    return {
        time: [f"{fix.iso}Z" for fix in fixes],
        lat: [fix.lat for fix in fixes],
        lng: [fix.lng for fix in fixes],
    }


def _date_and_time(fixes: Sequence[Fix], date: str = "-") -> dict[str, list[object]]:
    known = _columns(fixes, "Time", "Lat", "Lng")
    dates: list[object] = [fix.iso[:10].replace("-", date) for fix in fixes]
    clocks: list[object] = [fix.iso[11:] for fix in fixes]
    return {"Date": dates} | known | {"Time": clocks}


def _spreadsheet(fixes: Sequence[Fix]) -> dict[str, list[object]]:
    known = _columns(fixes, "time", "lat", "lng")
    speeds: list[object] = [comma(KMH)] * len(fixes)
    return known | {"lat": [comma(fix.lat) for fix in fixes], "speed_kmh": speeds}


def _minus_one(fixes: Sequence[Fix]) -> dict[str, list[object]]:
    known = _columns(fixes, "time", "lat", "lng")
    unknown: list[object] = [-1 if fix.number % 2 else 9 for fix in fixes]
    return known | {"speed_kmh": unknown, "heading": unknown, "satellites": unknown}


def track_files(fixes: Sequence[Fix]) -> dict[str, str | bytes]:
    """Return the text of a file in each format, by its name; each holds all points, and none that is refused."""
    iso = _columns(fixes, "time", "lat", "lng")
    return {
        "dawarich.json": collection(features(fixes, _dawarich)),
        "overland.json": json.dumps({"locations": features(fixes, _overland), "trip": {"mode": "car"}}),
        "overland.geojson": collection(features(fixes, _overland)),
        "owntracks.geojson": collection(features(fixes, _owntracks)),
        "traccar.geojson": collection(features(fixes, _traccar)),
        "gpslogger.geojson": collection(features(fixes, _gpslogger_json)),
        "list-of-features.json": json.dumps(features(fixes, _overland)),
        "utf16.geojson": collection(features(fixes, _owntracks)).encode("utf-16"),
        "gpslogger.csv": _gpslogger(fixes),
        "traccar.csv": _traccar_csv(fixes),
        "timestamp.csv": table(_columns(fixes, "timestamp", "latitude", "longitude")),
        "datetime.csv": table(_columns(fixes, "DateTime", "Latitude", "Long")),
        "fixtime.csv": table(_columns(fixes, "FIXTIME", "LAT", "LON")),
        "epoch-seconds.csv": table(iso | {"time": [fix.second for fix in fixes]}),
        "epoch-milliseconds.csv": table(iso | {"time": [fix.second * 1000 for fix in fixes]}),
        "epoch-fractions.csv": table(iso | {"time": [f"{fix.second}.0" for fix in fixes]}),
        "date-and-time.csv": table(_date_and_time(fixes), ";"),
        "slashes.csv": table(_date_and_time(fixes, "/")),
        "separator-line.csv": "sep=;\r\n" + table(_spreadsheet(fixes), ";", "\r\n"),
        "separator-tab.csv": '"SEP=\t"\r\n' + table(_spreadsheet(fixes), "\t", "\r\n"),
        "decimal-commas.csv": table(_spreadsheet(fixes), "|"),
        "quoted.csv": re.sub(r"[^,\n]+", r'"\g<0>"', table(iso)),
        "tabs.csv": table(iso, "\t"),
        "pipes.csv": table(iso, "|"),
        "utf8-mark.csv": table(iso).encode("utf-8-sig"),
        "utf16-little.csv": b"\xff\xfe" + table(iso).encode("utf-16-le"),
        "utf16-big.csv": b"\xfe\xff" + ("sep=;\n" + table(iso, ";")).encode("utf-16-be"),
        "minus-one.csv": table(_minus_one(fixes)),
        "minus-one.gpx": gpx(fixes, "<course>-1</course><speed>-1</speed><sat>-1</sat>"),
        "breaks-off.gpx": gpx(fixes).split("</trkseg>")[0] + '<trkpt lat="48.2" lo',
    }


def points_of(folder: Path, name: str, content: str | bytes | dict[str, object]) -> tuple[Points, Notes]:
    """Return the points of a file with this name and content, and the notes; a dictionary is written as JSON."""
    file = folder / name
    if isinstance(content, dict):
        content = json.dumps(content)
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    notes, points = Notes(), Points()
    for batch in reader_of(file)(file, notes):
        points.MergeFrom(batch.points)
    return points, notes
