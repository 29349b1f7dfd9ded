"""Exports of a million time entries: seconds, and the memory of each process above what it needs at rest."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from urllib.request import Request

import numpy as np
from daybook.input.v1.workspace_pb2 import Workspace
from pymongo.asynchronous.database import AsyncDatabase

from benchmarks.agency import ENTRIES, directory, entries
from benchmarks.memory import Use, fetched, use_of
from benchmarks.operator import operator_of
from benchmarks.stack import DATABASE, LOGIN, Stack, running
from benchmarks.stored import BATCH, documents_of
from services.generation.store.mongo import Document, opened
from services.generation.timetracking.entries import Entries

NAME = "Agency"
FEW = 1_000
YEAR = {"start_date": "2026-01-01", "end_date": "2026-12-31"}
WEEK = {"start_date": "2026-01-05", "end_date": "2026-01-11"}
REPORTS = {
    "detailed": {"report_type": "detailed", "page_size": 1_000, **YEAR},  # JSON comes by the page, files are whole
    "summary": {"report_type": "summary", "grouping": "projects", "sub_grouping": "time_entries", **YEAR},
    "weekly": {"report_type": "weekly", **YEAR},
}
EXPORTS = (
    *(("detailed", suffix) for suffix in (".csv", ".xlsx", "")),
    *((report, suffix) for report in ("summary", "weekly") for suffix in ("", ".csv", ".xlsx", ".pdf")),
)


def measure(count: int = ENTRIES) -> Iterator[Use]:
    """Fetch each export once; over a few entries first, so that what is loaded once counts as rest."""
    with running() as stack:
        columns = asyncio.run(_seed(stack, entries(count)))
        asyncio.run(_store(stack, columns, slice(FEW)))
        tokens = {name: _saved(stack, name, params) for name, params in REPORTS.items()}
        for report, suffix in EXPORTS:
            fetched(_run(stack, tokens[report], suffix))
        asyncio.run(_store(stack, columns, slice(FEW, count)))
        for report, suffix in EXPORTS:
            what = f"{report} of {count:,} entries as {suffix.removeprefix('.').upper() or 'JSON'}"
            yield use_of(stack, what, _run(stack, tokens[report], suffix))


def _run(stack: Stack, token: str, suffix: str) -> Request:
    url = f"{stack.addresses.gateway}/reports/api/v3/shared/{token}{suffix}"
    return Request(url, method="POST")  # noqa: S310  # our own http address


def _saved(stack: Stack, name: str, params: dict[str, Any]) -> str:
    words = ("--workspace", NAME, "--owner", LOGIN, "--name", name, "--public", "--params", json.dumps(params))
    token: str = stack.command("saved", "add", *words)["token"]
    return token


async def _seed(stack: Stack, columns: Entries) -> Entries:
    """Store the agency and return the entries with the ids that it got."""
    agency = directory()
    async with operator_of(stack) as operator:
        (workspace_id,) = await operator.upsert(LOGIN, "workspaces", [Workspace(name=NAME, currency_code="EUR")])
        people = [_new(one, "user_id") for one in agency.members.values()]
        user_ids = np.array([0, *await operator.upsert(workspace_id, "members", people)])
        clients = [_new(one, "id") for one in agency.clients.values()]
        client_ids = dict(zip(agency.clients, await operator.upsert(workspace_id, "clients", clients), strict=True))
        projects = [_new(one, "id") for one in agency.projects.values()]
        for project in projects:
            project.client_id = client_ids[project.client_id]
        project_ids = np.array([0, *await operator.upsert(workspace_id, "projects", projects)])
    assert workspace_id == 1
    return replace(columns, user_id=user_ids[columns.user_id], project_id=project_ids[columns.project_id])


def _new(record: Any, id_field: str) -> Any:
    """Return a record without its id."""
    made = type(record).FromString(record.SerializeToString())
    made.ClearField(id_field)
    return made


async def _store(stack: Stack, columns: Entries, which: slice) -> None:
    async with opened(stack.mongodb_uri, DATABASE) as database:
        for place in range(which.start or 0, which.stop, BATCH):
            await _insert(database, columns, range(place, min(place + BATCH, which.stop)))


async def _insert(database: AsyncDatabase[Document], columns: Entries, rows: Sequence[int]) -> None:
    await database.time_entries.insert_many(list(documents_of(columns, rows)), ordered=False)
