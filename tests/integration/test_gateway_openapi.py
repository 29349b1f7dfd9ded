"""The document of the API against a running gateway: what its handlers really read, and how it is served."""

from collections import defaultdict
from typing import Any

import pytest
from daybook.generation.v1.generation_service_pb2 import KindInfo, ListKindsResponse
from daybook.savedreport.v1.saved_report_service_pb2 import ListReportTypesResponse, ReportTypeInfo

from gateway.endpoints.tracker_endpoints import TRACKER_ENDPOINTS
from gateway.requests import tracker_requests
from gateway.requests.parameters import Parameters
from services.errors import StoreUnavailable
from tests.fakes.gateway_services import HASH, Gateway


async def test_the_document_is_served_as_it_is(gateway: Gateway) -> None:
    """GET answers it as JSON, HEAD its length; nothing else is allowed."""
    found = await gateway.json("/openapi.json", method="GET")
    async with gateway.client.head("/v2/openapi.json") as head:
        length = int(head.headers["Content-Length"])
    refused = await gateway.json("/openapi.json", 400)

    assert "3.1.0" == found["openapi"]
    assert length > 1000
    assert 112 == refused["status"]["code"]


async def test_the_document_tells_the_options_of_the_kinds_of_reports(gateway: Gateway) -> None:
    """They are listed without credentials, in English; the document does without them while nothing can list them."""
    kinds = [KindInfo(id=4, title="Trips", options_schema='{"properties": {"split": {"type": "boolean"}}}')]
    gateway.services.answers["ListKinds"] = [StoreUnavailable(), ListKindsResponse(kinds=kinds)]
    plain, told = [await gateway.json("/openapi.json", method="GET") for _ in range(2)]

    assert {"en"} == {asked.locale for asked in gateway.services.asked["ListKinds"]}
    assert "authorization" not in gateway.services.metadata
    assert [False, True] == ["Trips" in str(one) for one in (plain, told)]
    post = told["paths"]["/report/tracker/generate"]["post"]["requestBody"]["content"]["application/json"]
    trips = post["schema"]["properties"]["plugin"]["oneOf"][0]
    assert {"plugin_id": {"const": 4}, "split": {"type": "boolean"}} == trips["properties"]


async def test_the_document_tells_the_parameters_of_reports_over_time_entries(gateway: Gateway) -> None:
    """They are listed without credentials, beside the kinds of tracker reports."""
    listed = [
        ReportTypeInfo(
            report_type="TIME_REPORT_TYPE_WEEKLY", params_schema='{"type": "object", "properties": {"x": {}}}'
        )
    ]
    gateway.services.answers["ListKinds"] = ListKindsResponse()
    gateway.services.answers["ListReportTypes"] = ListReportTypesResponse(report_types=listed)
    schemas = (await gateway.json("/openapi.json", method="GET"))["components"]["schemas"]

    assert "authorization" not in gateway.services.metadata
    assert {"type": "object", "properties": {"x": {}}} == schemas["WeeklyParameters"]
    assert {"type": "object"} == schemas["DetailedParameters"]


READING = {"has", "text", "texts", "choice", "integer", "integers", "number", "flag", "inner", "needed"}


@pytest.mark.parametrize("path", TRACKER_ENDPOINTS)
async def test_every_parameter_that_is_read_is_told(
    gateway: Gateway, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A handler reads exactly the parameters that the document names for its path, whatever the request brings."""
    read: set[str] = set()

    class Noting(Parameters):
        def __getattribute__(self, name: str) -> Any:
            method = super().__getattribute__(name)
            if name not in READING or self._prefix:
                return method

            def noting(parameter: str, *words: Any, **named: Any) -> Any:
                read.add(parameter)
                return method(parameter, *words, **named)

            return noting

    monkeypatch.setattr(tracker_requests, "Parameters", Noting)
    document = await gateway.json("/openapi.json", method="GET")
    gateway.services.answers = defaultdict(lambda: RuntimeError("not asked for here"))
    async with gateway.client.post(f"/{path}", json={"hash": HASH}) as response:
        await response.read()

    told = document["paths"][f"/{path}"]
    body = told["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    headers = {"NVX-ISO-DateTime": "iso_datetime"}
    query = {headers.get(one["name"], one["name"]) for one in told["get"]["parameters"]}
    assert read == query
    assert read - {"Idempotency-Key"} == set(body) - {"hash"}
