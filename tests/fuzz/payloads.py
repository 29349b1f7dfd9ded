"""Payloads that no document foresees: bodies, types, headers, paths and methods."""

import json
import re
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.fuzz.http_drafts import drawn

SECRET = b"a6aa75587e5c59c32d347da438505fc3"
DEEP = st.builds(
    lambda depth, pair: pair[0] * depth + pair[2] + pair[1] * depth,
    st.integers(1, 5000),
    st.sampled_from([(b"[", b"]", b"1"), (b'{"a":', b"}", b"null"), (b'[{"plugin":', b"}]", b"0"), (b"[", b"", b"")]),
)
NUMBERS = st.one_of(
    st.sampled_from([b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-0", b"1E-400", b"0x10", b"01", b"1_000", b"+1"]),
    st.integers(2, 400).map(lambda digits: b"9" * digits),
    st.integers(-(2**70), 2**70).map(lambda number: str(number).encode()),
    st.floats(allow_nan=False).map(lambda number: repr(number).encode()),
)
PARAMETERS = """
hash report_id trackers employees from to title plugin plugin_id time_filter format headless full iso_datetime login
password start_date end_date client_ids params name public id ids grouping audit page_size first_id
"""
NAMES = st.sampled_from(PARAMETERS.split())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES | st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
BROKEN = st.sampled_from(
    [b"\xff\xfe", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88\x80\x80\x80", b"\x00", b"\\ud800", b"%ff"]
)
TEXTS = st.text(max_size=40).map(lambda text: text.encode("utf-8", "surrogatepass")) | BROKEN


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


OBJECTS = st.dictionaries(NAMES, JSON, max_size=6).map(_json)
WITH_NUMBER = st.builds(lambda name, number: b'{"%s": %s}' % (name.encode(), number), NAMES, NUMBERS)
TWICE = st.builds(
    lambda name, one, other: b'{"%s": %s, "%s": %s}' % (name.encode(), _json(one), name.encode(), _json(other)),
    NAMES,
    JSON,
    JSON,
)
BAD_TEXT = st.builds(lambda name, text: b'{"%s": "%s"}' % (name.encode(), text), NAMES, TEXTS)
FORMS = st.lists(st.tuples(NAMES.map(str.encode), TEXTS | OBJECTS | NUMBERS), max_size=6).map(
    lambda pairs: b"&".join(b"%s=%s" % pair for pair in pairs)
)
CUT = st.builds(lambda text, end: text[: end % (len(text) + 1)], OBJECTS, st.integers(0, 200))
LONG = st.builds(
    lambda name, size: b'{"%s": "%s"}' % (name.encode(), b"x" * size),
    NAMES,
    st.sampled_from([100, 5000, 70_000, 1_100_000]),
)
MANY = st.builds(lambda size: b'{"trackers": [%s]}' % b",".join([b"1"] * size), st.sampled_from([1, 1001, 20_000]))
FIELDS = st.builds(
    lambda size: b"&".join(b"a%d=1" % place for place in range(size)), st.sampled_from([999, 1001, 5000])
)
BODIES = st.one_of(
    OBJECTS,
    OBJECTS,
    TWICE,
    WITH_NUMBER,
    BAD_TEXT,
    FORMS,
    CUT,
    DEEP,
    st.binary(max_size=60),
    JSON.map(_json),
    MANY,
    FIELDS,
) | st.one_of(*[OBJECTS] * 9, LONG)

TYPES = st.sampled_from(
    [
        b"application/json",
        b"application/json; charset=utf-16",
        b"application/json; charset=latin-1",
        b"application/json; charset=rot13",
        b"application/json; charset=\xff",
        b"APPLICATION/JSON",
        b"application/vnd.api+json",
        b"application/x-www-form-urlencoded",
        b"application/x-www-form-urlencoded; charset=cp1251",
        b"multipart/form-data",
        b"multipart/form-data; boundary=x",
        b"application/xml",
        b"text/plain",
        b'text/html; x="y',
        b"json",
        b";",
        b"/",
        b"a/b/c",
    ]
)
PRINTABLE = st.binary(max_size=60).map(lambda text: bytes(one for one in text if one >= 32 and one != 127))
CREDENTIALS = st.sampled_from(
    [b"NVX", b"NVX ", b"NVX " + SECRET, b"nvx " + SECRET, b"NVX " + SECRET * 40, b"Basic", b"Basic Og==", b"Basic !!!!",
     b"Basic " + b"A" * 4000, b"Bearer x", b"Bearer " + SECRET, b"Basic \xff\xfe", b"Digest username=x", b""]
)  # fmt: skip
HEADERS = st.one_of(
    st.tuples(st.just("Content-Type"), TYPES | PRINTABLE),
    st.tuples(st.just("Authorization"), CREDENTIALS | PRINTABLE),
    st.tuples(
        st.sampled_from(["X-Request-Id", "Idempotency-Key", "NVX-ISO-DateTime"]), PRINTABLE | st.just(b"x" * 5000)
    ),
    st.tuples(st.just("Accept"), st.sampled_from([b"text/html", b"*/*;q=x", b"", b"application/pdf"])),
    st.tuples(st.just("Accept-Encoding"), st.sampled_from([b"gzip", b"br;q=1.0, *;q=0", b"identity;q=0"])),
    st.tuples(st.just("Content-Encoding"), st.sampled_from([b"gzip", b"deflate", b"br", b"x"])),
    st.tuples(st.just("Range"), st.sampled_from([b"bytes=0-1", b"bytes=-", b"lines=9"])),
    st.tuples(st.just("Expect"), st.sampled_from([b"100-continue", b"200-ok"])),
    st.tuples(st.just("traceparent"), PRINTABLE | st.just(b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-01")),
    st.tuples(st.just("Cookie"), PRINTABLE),
    st.tuples(st.sampled_from(["X-Forwarded-For", "Forwarded", "Upgrade", "X-HTTP-Method-Override"]), PRINTABLE),
)
LINES = st.sampled_from(
    [
        ("bad header", b"x"),
        ("", b"x"),
        ("X\x00Y", b"1"),
        ("Long", b"y" * 20_000),
        ("Nul", b"\x00"),
        ("Content-Length", b"-1"),
        ("Transfer-Encoding", b"x"),
        ("Fold", b"a\r\n b"),
    ]
)
METHODS = st.sampled_from("GET POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT PROPFIND get Q".split())  # noqa: SIM905  shorter
PATHS = st.one_of(
    st.sampled_from(
        [
            b"/",
            b"//",
            b"/%",
            b"/%00",
            b"/%ff%fe",
            b"/\xff\xfe",
            b"/..",
            b"/../../etc/passwd",
            b"/%2e%2e/health",
            b"*",
            b"/?",
            b"/a b",
            b"http://x/health",
            b"/health?" + b"a=1&" * 1500,
            b"/v2/v2/health",
            b"/report",
            b"/report/tracker/",
            b"/report/tracker/status?report_id=%ff",
            b"/reports/api/v3",
            b"/reports/api/v3/shared/%00",
            b"/reports/api/v3/shared/a%2Fb",
            b"/api/v9/",
            b"/" + b"a" * 7000,
            b"/" + b"a/" * 3000,
        ]
    ),
    st.text(max_size=30).map(lambda text: b"/" + re.sub(rb"[\r\n]", b"", text.encode("utf-8", "surrogatepass"))),
)


@dataclass(frozen=True)
class Payloads:
    """Examples of each sort."""

    bodies: list[bytes]
    types: list[bytes]
    headers: list[tuple[str, bytes]]
    lines: list[tuple[str, bytes]]
    methods: list[str]
    paths: list[bytes]


def payloads(count: int, number: int) -> Payloads:
    """Return examples, about `count` of each sort."""
    return Payloads(*(drawn(one, count, number) for one in (BODIES, TYPES, HEADERS, LINES, METHODS, PATHS)))
