"""Whether a client accepts gzip."""

import pytest

from gateway.compression import accepts_gzip


@pytest.mark.parametrize(
    "accepted", ["gzip", "GZip", "deflate, gzip;q=0.5", "br;q=1.0, *;q=0.1", "*", "gzip;q=1, *;q=0", "gzip ; q=0.001"]
)
def test_gzip_is_accepted_by_name_or_by_star(accepted: str) -> None:
    assert accepts_gzip(accepted)


@pytest.mark.parametrize(
    "accepted",
    ["", "identity", "br, deflate", "gzip;q=0", "gzip;q=0.000", "gzip;q=0, *", "*;q=0", "x-gzip2", "gzip;x", ",;,=;q="],
)
def test_gzip_is_not_accepted_where_it_is_not_named_or_weighs_nothing(accepted: str) -> None:
    assert not accepts_gzip(accepted)
