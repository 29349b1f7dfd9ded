"""Points: what trackers record."""

from daybook.input.v1.points_pb2 import Points

from services.generation.inputs.series import Series

POINTS = Series(name="points", message=Points, kind="trackers", entity_field="tracker_id", collection="track_buckets")
