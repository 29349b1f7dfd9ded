"""Headers of answers: for browsers, for other origins, and of HEAD."""

import pytest
import pytest_asyncio
from daybook.generation.v1.generation_service_pb2 import GetReportResponse, ListKindsResponse
from daybook.rendering.v1.rendering_service_pb2 import FileInfo, RenderResponse
from daybook.report.v1.report_pb2 import Report
from daybook.savedreport.v1.saved_report_service_pb2 import ListReportTypesResponse
from grpc_health.v1 import health_pb2
from pydantic import ValidationError

from gateway.settings import Settings
from services import errors
from services.runtime.tls import HttpsSettings
from tests.builders.certificates import Authority
from tests.fakes.gateway_services import HASH, running_gateway

STATUS, DOWNLOAD = "/report/tracker/status", "/report/tracker/download"
PAGE = "https://app.example"
QUERY = {"hash": HASH, "report_id": "5", "format": "csv"}
PARTS = ("daybook.generation.v1.GenerationService", "daybook.rendering.v1.RenderingService")
SERVING, NOT_SERVING = health_pb2.HealthCheckResponse.SERVING, health_pb2.HealthCheckResponse.NOT_SERVING


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway(cors_origins=f"{PAGE}, http://localhost:3000") as running:
        answers = running.services.answers
        answers["GetReport"] = GetReportResponse(report=Report(id=5, percent=75))
        answers["ListKinds"], answers["ListReportTypes"] = ListKindsResponse(), ListReportTypesResponse()
        answers["Render"] = file_of(b"1,2\n")
        yield running


def file_of(data: bytes):
    async def steps():
        yield RenderResponse(file_info=FileInfo(file_name="r.csv", media_type="text/csv; charset=utf-8"))
        yield RenderResponse(chunk=data)

    return steps


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/health", 200),
        ("GET", "/openapi.json", 200),
        ("GET", STATUS, 200),
        ("GET", DOWNLOAD, 200),
        ("GET", "/nothing", 400),
        ("OPTIONS", STATUS, 204),
        ("GET", "/api/v9/nothing", 404),
        ("GET", "/ready", 503),
    ],
)
async def test_no_answer_may_be_kept_or_guessed_at(gateway, method, path, status):
    """Files, lists, errors and plain ones alike; a promise of HTTPS stands only in answers by HTTPS."""
    async with gateway.client.request(method, path, params=QUERY) as response:
        assert status == response.status
        assert "no-store" in response.headers["Cache-Control"]
        assert "nosniff" == response.headers["X-Content-Type-Options"]
        assert "Strict-Transport-Security" not in response.headers


async def test_answers_by_https_ask_for_https(tmp_path):
    """For a year."""
    authority = Authority(tmp_path)
    pair = authority.pair("gateway")
    public = HttpsSettings(https_certificate=pair.certificate, https_key=pair.key)
    async with (
        running_gateway(public_tls=public) as gateway,
        gateway.client.get(f"https://127.0.0.1:{gateway.port}/health", ssl=False) as response,
    ):
        assert "max-age=31536000" == response.headers["Strict-Transport-Security"]


@pytest.mark.parametrize("origin", [PAGE, "http://localhost:3000"])
async def test_pages_of_listed_origins_may_call(gateway, origin):
    """A preflight names methods and headers, answers and errors name the origin and what may be read."""
    preflight = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    async with gateway.client.options(STATUS, headers=preflight) as response:
        allowed = {name: value for name, value in response.headers.items() if name.startswith("Access-Control-")}
        assert 204 == response.status
    for path, status in ((STATUS, 200), ("/nothing", 400), ("/api/v9/me", 401)):
        gateway.services.answers["GetProfile"] = errors.NotAuthenticated()
        async with gateway.client.get(path, params=QUERY, headers={"Origin": origin}) as response:
            assert (status, origin) == (response.status, response.headers["Access-Control-Allow-Origin"])
            assert "Origin" in ", ".join(response.headers.getall("Vary"))
            assert {"Content-Disposition", "Retry-After", "X-Request-Id", "X-Next-ID"} <= set(
                response.headers["Access-Control-Expose-Headers"].split(", ")
            )
            assert "Access-Control-Allow-Credentials" not in response.headers

    assert (origin, "600") == (allowed["Access-Control-Allow-Origin"], allowed["Access-Control-Max-Age"])
    assert {"GET", "POST"} <= set(allowed["Access-Control-Allow-Methods"].split(", "))
    assert "Authorization, Content-Type, Idempotency-Key, X-Request-Id" == allowed["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in allowed


@pytest.mark.parametrize(
    "origin", ["https://app.example.evil", "http://app.example", "https://APP.example", "null", ""]
)
async def test_pages_of_other_origins_may_not(gateway, origin):
    """Neither a preflight nor an answer names them, and caches know that it depends."""
    for method in ("OPTIONS", "GET"):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        async with gateway.client.request(method, STATUS, params=QUERY, headers=headers) as response:
            assert [] == [name for name in response.headers if name.startswith("Access-Control-")]
            assert "Origin" in response.headers["Vary"]


async def test_without_origins_nothing_is_said_of_them():
    """So it is by default."""
    async with running_gateway() as gateway, gateway.client.options(STATUS, headers={"Origin": PAGE}) as response:
        assert [] == [name for name in response.headers if name.startswith("Access-Control-") or name == "Vary"]


@pytest.mark.parametrize("wrong", ["*", "https://app.example/", "app.example", "https://*.example", f"{PAGE};{PAGE}"])
def test_an_origin_is_exact(wrong):
    """An origin that no browser sends is a wrong setting."""
    with pytest.raises(ValidationError):
        Settings(cors_origins=wrong)


@pytest.mark.parametrize("path", ["/health", "/openapi.json", STATUS, DOWNLOAD, "/nothing", "/api/v9/me/logged"])
async def test_head_is_get_without_a_body(gateway, path):
    """With the same status and headers."""
    gateway.services.answers["GetProfile"] = errors.NotAuthenticated()
    own = {"date", "x-request-id", "transfer-encoding"}
    async with gateway.client.get(path, params=QUERY) as got, gateway.client.head(path, params=QUERY) as asked:
        body, nothing = await got.read(), await asked.read()
        kept = [{name: value for name, value in one.headers.items() if name.lower() not in own} for one in (got, asked)]

    assert b"" == nothing
    assert (got.status, kept[0]) == (asked.status, kept[1])
    assert body or path == "/api/v9/me/logged"


@pytest.mark.parametrize(("size", "encoding"), [(1023, None), (1024, "gzip"), (100_000, "gzip")])
async def test_a_file_is_compressed_from_a_kibibyte_on(gateway, size, encoding):
    """Also one whose length is not known before; and only when it is asked for."""
    gateway.services.answers["Render"] = file_of(b"1" * size)
    for accepted, expected in (("gzip", encoding), ("gzip;q=0", None), ("identity", None)):
        async with gateway.client.get(DOWNLOAD, params=QUERY, headers={"Accept-Encoding": accepted}) as response:
            assert b"1" * size == await response.read()
            assert expected == response.headers.get("Content-Encoding")
            assert "Accept-Encoding" in ", ".join(response.headers.getall("Vary"))


async def test_ready_names_the_part_that_does_not_serve(gateway):
    """By its name alone; health goes on saying that this process lives."""
    for name in PARTS:
        await gateway.services.health.set(name, SERVING)
    assert {"status": "ready"} == await gateway.json("/ready", method="GET")
    async with running_gateway() as other:
        await other.services.health.set(PARTS[0], NOT_SERVING)
        await other.services.health.set(PARTS[1], SERVING)
        async with other.client.get("/ready") as response:
            status = (await response.json())["status"]
        assert {"status": "ok"} == await other.json("/health", method="GET")
    async with running_gateway(rendering_address="127.0.0.1:1") as lost:
        both = (await lost.json("/ready", 503, method="GET"))["status"]["description"]

    assert {"code": 14, "description": "Service unavailable: generation"} == status
    assert (503, "1") == (response.status, response.headers["Retry-After"])
    assert "Service unavailable: generation, rendering" == both
