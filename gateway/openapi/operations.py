"""Parts of operations that both sides share, and the operations of plain endpoints."""

from collections.abc import Mapping

from gateway.endpoints.plain_endpoints import PlainEndpoint
from gateway.openapi.failures import REQUEST_ID
from gateway.shapes.json_schema import Schema, in_json, response


def done(content: Schema | None, headers: Mapping[str, Schema] | None = None) -> Schema:
    """Return the response of a successful call."""
    body = {} if content is None else {"content": content}
    return {"description": "Done", "headers": {"X-Request-Id": REQUEST_ID, **(headers or {})}, **body}


def name_of(path: str) -> str:
    """Return the words of a path as a name."""
    for sign in "{}":
        path = path.replace(sign, "")
    return path.replace(".", "_as_").strip("/").replace("/", "_")


def plain_path(path: str, endpoint: PlainEndpoint) -> Schema:
    """Return the path item of a plain endpoint."""
    return {
        "get": {
            "operationId": name_of(path),
            "summary": endpoint.summary,
            "tags": ["service"],
            "security": [],
            "responses": {"200": done(in_json(endpoint.schema))}
            | {str(status): response(f"Error{status}") for status in endpoint.errors},
        }
    }
