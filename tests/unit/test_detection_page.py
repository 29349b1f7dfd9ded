"""The page on detection shows what the code finds."""

from docs.detection import PICTURE, Picture, made_up_track, spans_of


def test_the_picture_is_what_is_found() -> None:
    """`make docs` draws it anew."""
    track = made_up_track()

    assert Picture(track, spans_of(track)).svg() == PICTURE.read_text(encoding="utf-8")


def test_the_picture_shows_each_kind_of_silence() -> None:
    """A night at one place is a stop, a tunnel part of a trip, a long way in a long time without data."""
    spans = [(span.kind, span.label) for span in spans_of(made_up_track())]

    assert [("trip", "17.2 km"), ("trip", "26.8 km"), ("trip", "11.5 km")] == spans[:3]
    assert [("stop", "9 min"), ("stop", "48 min"), ("stop", "12 min"), ("no data", "no data")] == spans[3:]
