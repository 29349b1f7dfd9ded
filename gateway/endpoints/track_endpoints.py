"""Endpoints of the tracker side about tracks, by path."""

from gateway.endpoints.tracker_endpoint import TrackerEndpoint, gathering, streaming
from gateway.requests import track_requests as requests
from gateway.shapes import track_responses as responses

TRACK_ENDPOINTS: dict[str, TrackerEndpoint] = {
    "track/list": streaming(
        "The tracks of a tracker, which are the trips of the trips report",
        requests.tracks,
        lambda to: to.tracks.ListTracks,
        responses.TRACK_LISTS,
    ),
    "track/read": streaming(
        "The points of a track, or of all tracks and stops of a period",
        requests.track,
        lambda to: to.tracks.ReadTrack,
        responses.TRACKS_POINTS,
    ),
    "tracker/stats/mileage/read": gathering(
        "The mileage of trackers on each day of a period",
        requests.mileage,
        lambda to, message, caller: to.messages(to.tracks.ReadMileage, message, caller),
        responses.MILEAGE,
    ),
}
