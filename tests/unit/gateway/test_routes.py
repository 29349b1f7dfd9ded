"""How a path finds its handler, and what a log shows of it."""

import pytest

from gateway.errors import PublicError
from gateway.middleware import redacted
from gateway.routes import TABLE, find


@pytest.mark.parametrize("pattern", ["/{}", "/v2/{}", "/api-v2/{}", "/{}/", "//{}", "/v2//{}//"])
def test_prefixes_and_slashes_do_not_matter(pattern):
    for path, handler in TABLE.items():
        assert handler is find(pattern.format(path.replace("/", "//")))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/", 111),
        ("/foo/bar", 111),
        ("/report/foo", 111),
        ("/v3/report/tracker/list", 111),
        ("/v2/v2/tracker/list", 111),
        ("/report/tracker/foo", 112),
        ("/report/tracker", 112),
        ("/user/foo/", 112),
    ],
)
def test_an_unknown_path_says_what_is_unknown(path, code):
    """The resource (111) or its action (112)."""
    with pytest.raises(PublicError) as caught:
        find(path)

    assert code == caught.value.code


def test_a_log_shows_no_secret_of_a_query():
    """Names, and values only where they are harmless."""
    query = "hash=a6aa75587e5c59c32d347da438505fc3&report_id=5&password=%70w&Hash=x"

    assert "hash=***&report_id=5&password=***&Hash=***" == redacted(query)
    assert 200 == len(redacted("report_id=" + "5" * 5000))
