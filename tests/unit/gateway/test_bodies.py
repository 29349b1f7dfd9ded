"""Query and body as one dictionary of parameters."""

import asyncio
from unittest.mock import Mock

import pytest
from aiohttp.streams import StreamReader
from aiohttp.test_utils import make_mocked_request

from gateway.errors import PublicError
from gateway.requests import tracker_requests
from gateway.requests.bodies import values_of
from gateway.settings import Settings

HASH = "a6aa75587e5c59c32d347da438505fc3"
OTHER = "b" * 32
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def request(body: bytes = b"", content_type: str = "", path: str = "/", limit: int = 1024, **headers: str):
    payload = StreamReader(Mock(_reading_paused=False), 2**16, loop=asyncio.get_running_loop())
    payload.feed_data(body)
    payload.feed_eof()
    typed = {"Content-Type": content_type} if content_type else {}
    return make_mocked_request("POST", path, headers=typed | headers, payload=payload, client_max_size=limit)


async def read(*args: object, **kwargs: str) -> dict[str, object]:
    return await values_of(request(*args, **kwargs), Settings(max_body_bytes=1024))


async def test_json_form_and_query_are_the_same():
    """Values of a form or query are text, read by type later."""
    assert {"report_id": 5} == await read(b'{"report_id": 5}', JSON)
    assert {"report_id": "5"} == await read(b"report_id=5", FORM)
    assert {"report_id": "5"} == await read(path="/?report_id=5")


async def test_the_body_wins_over_the_query_but_null_does_not():
    assert {"a": 1, "b": "3"} == await read(b'{"a": 1, "b": null}', JSON, path="/?a=2&b=3")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/octet-stream", "Application/JSON; charset=UTF-8", "application/x+json"],
)
async def test_json_comes_under_several_names(content_type):
    """And after a byte order mark."""
    assert {"a": 1} == await read(b'\xef\xbb\xbf{"a": 1}', content_type)


@pytest.mark.parametrize(
    ("body", "content_type", "word"),
    [
        (b"[]", JSON, "object"),
        (b"null", JSON, "object"),
        (b"{", JSON, "malformed"),
        (b'{"a": NaN}', JSON, "malformed"),
        (b'{"a": "\xff"}', JSON, "malformed"),
        (b'{"a":' * 17 + b"1" + b"}" * 17, JSON, "deeper"),
        (b"a=%ff", FORM, "not valid text"),
        (b"a=\xff", FORM, "not utf-8"),
        (b"a&" * 1001, FORM, "more than 1000"),
        (b"<a/>", "application/xml", "Content-Type"),
        (b"{}", "application/json; charset=punycode", "charset"),
        (b"{}", "application/json; charset=no-such", "charset"),
    ],
)
async def test_a_body_that_cannot_be_read_is_error_5(body, content_type, word):
    """With words that say why."""
    with pytest.raises(PublicError, match=word) as caught:
        await values_of(request(body, content_type, limit=4096), Settings())

    assert 5 == caught.value.code


async def test_old_charsets_are_read():
    assert {"a": "Ж"} == await read("a=Ж".encode("cp1251"), f"{FORM}; charset=windows-1251")
    assert {"a": "é"} == await read('{"a": "é"}'.encode("latin-1"), f"{JSON}; charset=iso-8859-1")


async def test_a_body_over_the_limit_is_error_9():
    """One byte more, whether its length is announced or not; the limit itself is not too much."""
    fitting = b'{"a":"' + b"x" * (1024 - 8) + b'"}'

    assert await read(fitting, JSON)
    for headers in ({}, {"Content-Length": "1025"}):
        with pytest.raises(PublicError) as caught:
            await values_of(request(fitting + b" ", JSON, **headers), Settings(max_body_bytes=1024))
        assert 9 == caught.value.code


@pytest.mark.parametrize(
    ("header", "body", "query", "found"),
    [
        (f"NVX {HASH}", f'{{"hash":"{OTHER}"}}', OTHER, HASH),
        (f"nvx  {HASH}", "", "", HASH),
        ("Basic YTpi", f'{{"hash":"{HASH}"}}', OTHER, HASH),
        ("", '{"hash":null}', HASH, HASH),
        ("", "", HASH, HASH),
    ],
)
async def test_the_hash_is_taken_from_header_body_or_query(header, body, query, found):
    """In this order; null and other schemes count as absent."""
    whole = request(body.encode(), JSON, path=f"/?hash={query}", Authorization=header)

    assert f"NVX {found}" == (await tracker_requests.read(whole, Settings())).caller.authorization


@pytest.mark.parametrize(
    ("header", "body"),
    [
        ("", "{}"),
        ("", '{"hash": 5}'),
        ("", '{"hash": ["' + HASH + '"]}'),
        ("", '{"hash": "' + HASH[:-1] + '"}'),
        ("", '{"hash": "' + HASH + '\\n"}'),
        ("", '{"hash": "' + "é" * 32 + '"}'),
        ("NVX", '{"hash": "' + HASH + '"}'),
        ("NVX zz", "{}"),
    ],
)
async def test_a_malformed_hash_is_error_3(header, body):
    """So nothing but 32 hex digits ever gets into the metadata of a call."""
    with pytest.raises(PublicError) as caught:
        await tracker_requests.read(request(body.encode(), JSON, Authorization=header), Settings())

    assert 3 == caught.value.code


async def test_iso_mode_is_asked_for_in_body_query_or_header():
    """In this order."""
    header = {"NVX-ISO-DateTime": "true"}
    for body, path, expected in (
        (b"{}", "/", True),
        (b"{}", "/?iso_datetime=0", False),
        (b'{"iso_datetime":false}', "/?iso_datetime=1", False),
    ):
        found = await tracker_requests.read(request(body, JSON, path=path, **header), Settings(), signed=False)
        assert expected is tracker_requests.reports(found).iso
