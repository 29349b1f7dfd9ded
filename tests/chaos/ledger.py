"""Requests and acknowledged changes of a round, which the store is later checked against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.timeouts import Progress


@dataclass(frozen=True, slots=True)
class Ask:
    """A report that clients ask for, by whom, and how it looks when nothing disturbs it: its sheets and its CSV."""

    hash: str
    parameters: Mapping[str, Any]
    sheets: Any = None
    csv: bytes = b""


@dataclass(slots=True)
class Asked:
    """One report that was asked for under one Idempotency-Key, and the ids that answers gave it."""

    key: str
    ask: Ask
    ids: set[int] = field(default_factory=set)
    percent: int = -1  # last answered
    said_failed: bool = False


@dataclass(slots=True)
class Written:
    """Things written by their names, and those of them that were acknowledged."""

    sent: set[Any] = field(default_factory=set)
    acknowledged: set[Any] = field(default_factory=set)


@dataclass(slots=True)
class Ledger:
    """The accounts of one round. Entries are known by import key or, without one, by description, points by moment."""

    reports: list[Asked] = field(default_factory=list)
    imported: Written = field(default_factory=Written)
    plain: Written = field(default_factory=Written)
    points: Written = field(default_factory=Written)
    strange: list[str] = field(default_factory=list)
    runs: int = 0
    progress: Progress = field(default_factory=Progress)
