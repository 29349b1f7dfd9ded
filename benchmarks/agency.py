"""A large agency's year: a million time entries of 200 people on 300 projects, the same in every run."""

from datetime import UTC, datetime

import numpy as np
from daybook.input.v1.workspace_pb2 import Client, Member, Project, Workspace

from services.generation.timetracking.directory import Directory
from services.generation.timetracking.entries import NO_AMOUNT, NO_RATE, Coded, Entries

ENTRIES, PEOPLE, PROJECTS, CLIENTS = 1_000_000, 200, 300, 40
DESCRIPTIONS = 40  # of each project
BILLABLE = 0.6  # of all entries
YEAR_S = int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Tokyo", "UTC")


def directory() -> Directory:
    """Return the agency: two currencies, a rate a project."""
    projects = (
        Project(
            id=one,
            name=f"Project {one}",
            client_id=one % CLIENTS + 1,
            color="#0b83d9",
            hourly_rate_cents=5_000 + 250 * (one % 20),
            currency_code="EUR" if one % 5 else "USD",
        )
        for one in range(1, PROJECTS + 1)
    )
    people = (
        Member(user_id=one, name=f"Person {one}", email=f"person{one}@example.com", time_zone=ZONES[one % len(ZONES)])
        for one in range(1, PEOPLE + 1)
    )
    return Directory(
        Workspace(id=1, name="Agency", owner_id=1, currency_code="EUR"),
        members={person.user_id: person for person in people},
        clients={one: Client(id=one, name=f"Client {one}") for one in range(1, CLIENTS + 1)},
        projects={project.id: project for project in projects},
    )


def entries(count: int = ENTRIES) -> Entries:
    """Return the entries by start."""
    draw = np.random.default_rng(20260101)
    project_id = draw.integers(0, PROJECTS + 1, count)
    words = project_id * DESCRIPTIONS + draw.integers(0, DESCRIPTIONS, count)
    no_words = Coded(np.zeros(count, np.int32), ((),))
    return Entries(
        id=np.arange(1, count + 1),
        user_id=draw.integers(1, PEOPLE + 1, count),
        project_id=project_id,
        task_id=np.zeros(count, np.int64),
        start_s=YEAR_S + np.sort(draw.integers(0, 364 * 86_400, count)),
        seconds=draw.integers(60, 14_400, count),
        billable=draw.random(count) < BILLABLE,
        rate_cents=np.full(count, NO_RATE),
        amount_cents=np.full(count, NO_AMOUNT),
        currency=Coded(np.zeros(count, np.int32), ("",)),
        update_s=np.full(count, YEAR_S),
        description=Coded(words.astype(np.int32), [f"Work item {one}" for one in range((PROJECTS + 1) * DESCRIPTIONS)]),
        tag_ids=no_words,
    )
