"""Saved reports of an office: kept and changed as API clients do it, and what only an operator may do behind them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import grpc
import requests
from daybook.input.v1.input_service_pb2 import ListRequest, UpsertRequest
from daybook.input.v1.input_service_pb2_grpc import InputServiceStub

from tests.e2e.office import Office, Person
from tests.e2e.stack import ANSWER_WITHIN_S

WEEK = {"start_date": "2026-01-05", "end_date": "2026-01-11"}
EXPORTS = (".csv", "/csv", ".xlsx", "/xlsx", "/pdf")
Metadata = tuple[tuple[str, str], ...]


def v9(office: Office, method: str, path: str = "", *, by: Person | None = None, **options: Any) -> requests.Response:
    """Call a route of the saved reports that a workspace keeps, as Ann unless somebody else is named."""
    address = f"{office.base}/api/v9/workspaces/{office.workspace_id}/reports/shared{path}"
    return requests.request(method, address, auth=(by or office.ann).by_token, timeout=ANSWER_WITHIN_S, **options)


def keep(office: Office, report_type: str, *, by: Person | None = None, **fields: Any) -> dict[str, Any]:
    """Save a report over the office's week; `params` are added to it. Return what is kept."""
    params = {"report_type": report_type, **WEEK, **fields.pop("params", {})}
    answer = v9(office, "POST", json={"name": "Kept", "params": params, **fields}, by=by)
    assert answer.ok, answer.text
    kept: dict[str, Any] = answer.json()
    return kept


def told(answer: requests.Response) -> tuple[int, str]:
    """Return status and text of an error, which is a JSON string whatever was asked for."""
    assert "application/json; charset=utf-8" == answer.headers["Content-Type"]
    text = answer.json()
    assert isinstance(text, str)
    return answer.status_code, text


@dataclass(frozen=True, slots=True)
class Operator:
    """Reads and writes the records of an office's workspace."""

    stub: InputServiceStub
    metadata: Metadata
    workspace_id: int

    def listed(self, kind: str) -> list[Any]:
        """Return the records of a kind."""
        page = self.stub.List(ListRequest(kind=kind, workspace_id=self.workspace_id), metadata=self.metadata)
        return list(getattr(page.batch, kind).items)

    def put(self, kind: str, *records: Any) -> None:
        """Store records of a kind."""
        request = UpsertRequest(workspace_id=self.workspace_id)
        getattr(request.batch, kind).items.extend(records)
        answer = self.stub.Upsert(iter([request]), metadata=self.metadata)
        assert not answer.refusals, answer


@contextmanager
def operator(office: Office) -> Iterator[Operator]:
    """Give an operator of the office's workspace."""
    token = (office.stack.data_dir / "operator-token").read_text().strip()
    with grpc.insecure_channel(office.stack.addresses["generation"]) as channel:
        yield Operator(InputServiceStub(channel), (("authorization", f"Bearer {token}"),), office.workspace_id)
