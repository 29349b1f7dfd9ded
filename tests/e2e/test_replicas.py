"""Two of each service on one MongoDB: they share the work, keep the limits together, and stand in for each other."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from pymongo import MongoClient

from services.generation.accounts.login_limit import ATTEMPTS_PER_LOGIN
from tests.e2e.fleets import fill
from tests.e2e.replicas import REPLICAS, TOKEN, WITHIN_S, Replicas, replicas_in
from tests.e2e.stack import ANSWER_WITHIN_S, Client

DAY = ("2020-10-06 00:00:00", "2020-10-06 23:59:59")
TRACKERS = list(range(1, 13))
CLIENTS = 3
REPORTS_EACH = 2
REPORTS_AT_ONCE = 5
BEGINNINGS = {"csv": b"", "xlsx": b"PK", "pdf": b"%PDF"}
BROKEN = "broken"


@dataclass
class Patient(Client):
    """A client who notes how each call ended, and asks again when nobody could answer or an answer broke off."""

    endings: Counter[Any] = field(default_factory=Counter)
    reports: list[Any] = field(default_factory=list)

    def post(self, path: str, **parameters: Any) -> requests.Response:
        """Send a JSON body. A report that is asked for again is the same one."""
        ends = time.monotonic() + WITHIN_S
        while time.monotonic() < ends:
            try:
                answer = super().post(path, **parameters)
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                self.endings[BROKEN] += 1
                continue
            self.endings[answer.status_code] += 1
            if 503 != answer.status_code:
                return answer
            assert 14 == answer.json()["status"]["code"]
        raise TimeoutError(path)

    def work(self) -> None:
        """Have reports made one after the other, read each and download it."""
        for _ in range(REPORTS_EACH):
            report_id = self.generate(TRACKERS, DAY)
            self.wait(report_id, WITHIN_S)
            self.reports.append(self.post("report/tracker/retrieve", report_id=report_id).json()["report"]["sheets"])
            for kind, beginning in BEGINNINGS.items():
                file = self.post("report/tracker/download", report_id=report_id, format=kind)
                assert (200, beginning) == (file.status_code, file.content[: len(beginning)])


@pytest.fixture(scope="module")
def replicas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """Give running replicas, all started at the same time on an empty MongoDB."""
    with replicas_in(tmp_path_factory.mktemp("replicas")) as running:
        yield running


@pytest.fixture(scope="module")
def key(replicas: Replicas) -> str:
    """Give the key of an account with a fleet, made by commands that know all addresses."""
    replicas.command("user", "add", "fleet", "--password", "secret", "--time-zone", "Europe/Moscow")
    metadata = (("authorization", f"Bearer {TOKEN}"),)
    asyncio.run(fill(replicas.addresses["generation-1"], metadata, "fleet", TRACKERS))
    made: str = replicas.command("key", "add", "fleet")["hash"]
    return made


@pytest.fixture
def clients(replicas: Replicas, key: str) -> list[Patient]:
    """Give some who use that key at the same time."""
    return [Patient(f"http://{replicas.addresses['gateway']}", key) for _ in range(CLIENTS)]


def worked(clients: list[Patient], meanwhile: Callable[[list[Future[None]]], None] = lambda _: None) -> Counter[Any]:
    """Let all work at the same time while something else happens; return how their calls ended."""
    with ThreadPoolExecutor(len(clients)) as threads:
        works = [threads.submit(client.work) for client in clients]
        meanwhile(works)
        for work in works:
            work.result()
    return sum((client.endings for client in clients), Counter())


def reports_of(clients: list[Patient]) -> list[Any]:
    return [report for client in clients for report in client.reports]


def answered(replicas: Replicas) -> dict[str, int]:
    """Return how many calls each replica has answered well."""
    return {name: sum("OK" == one["status"] for one in replicas.log(name, "call")) for name in REPLICAS}


def finished(replicas: Replicas, name: str) -> Counter[int]:
    """Return how often a generation service declared each report finished."""
    return Counter(one["report_id"] for one in replicas.log(name, "report finished") if one["ours"])


def each_made_once(replicas: Replicas) -> None:
    """Check that every report is whole in the store, and that one service alone declared it finished."""
    with MongoClient[dict[str, Any]](replicas.mongodb_uri) as mongo:
        reports = list(mongo.daybook.reports.find())
        parts = list(mongo.daybook.report_sheets.find({}, {"report_id": 1, "attempt": 1, "sheet": 1, "part": 1}))
    assert {"finished"} == {report["state"] for report in reports}
    expected = Counter({(report["_id"], report["attempt"]): report["part_count"] for report in reports})
    assert expected == Counter((part["report_id"], part["attempt"]) for part in parts)
    declared = finished(replicas, "generation-1") + finished(replicas, "generation-2")
    assert {1} == set(declared.values())
    assert {report["_id"] for report in reports} >= declared.keys()


def test_the_work_is_shared(replicas: Replicas, clients: list[Patient]) -> None:
    """Both of a kind answer calls and make reports; each report is made once, and all are equal."""
    endings = worked(clients)
    while not all(finished(replicas, name) for name in REPLICAS[:2]):  # which of them is quicker is chance
        endings += worked(clients)

    assert {200} == endings.keys()
    assert [reports_of(clients)[0]] * len(reports_of(clients)) == reports_of(clients)
    each_made_once(replicas)
    assert all(count >= REPORTS_EACH for count in answered(replicas).values())


def test_five_reports_at_once_over_both(replicas: Replicas, clients: list[Patient]) -> None:
    """Of many that are asked for at the same moment five are taken, the others are error 15."""
    client, workers = clients[0], replicas.workers()
    ask = {"trackers": TRACKERS, "from": DAY[0], "to": DAY[1], "plugin": {"plugin_id": 4}}
    for worker in workers:
        worker.suspend()
    with ThreadPoolExecutor(2 * REPORTS_AT_ONCE) as threads:
        asked = [threads.submit(client.post, "report/tracker/generate", **ask) for _ in range(2 * REPORTS_AT_ONCE)]
    for worker in workers:
        worker.resume()
    answers = Counter(one.result().json().get("status", {}).get("code", 0) for one in asked)

    assert {0: REPORTS_AT_ONCE, 15: REPORTS_AT_ONCE} == answers
    for one in asked:
        if one.result().ok:
            client.wait(one.result().json()["id"], WITHIN_S)


def test_ten_wrong_logins_over_both(replicas: Replicas) -> None:
    """The next one waits, whichever answers it."""
    url = f"http://{replicas.addresses['gateway']}/user/auth"
    wrong = {"login": "fleet", "password": "wrong"}
    before = [calls_to(replicas, name, "LogIn") for name in REPLICAS[:2]]
    answers = [requests.post(url, json=wrong, timeout=ANSWER_WITHIN_S).json() for _ in range(ATTEMPTS_PER_LOGIN + 2)]

    assert [102] * ATTEMPTS_PER_LOGIN + [15] * 2 == [one["status"]["code"] for one in answers]
    after = [calls_to(replicas, name, "LogIn") for name in REPLICAS[:2]]
    assert all(now > then for now, then in zip(after, before, strict=True))


def calls_to(replicas: Replicas, name: str, method: str) -> int:
    """Return how many calls of a method a replica has had."""
    return sum(one["method"].endswith(f"/{method}") for one in replicas.log(name, "call"))


def test_one_of_each_is_killed_under_load(replicas: Replicas, clients: list[Patient]) -> None:
    """All reports finish and are equal, clients see at most 503 and broken transfers; started again, both are used."""

    def kill(works: list[Future[None]]) -> None:
        while not any(client.reports for client in clients):
            assert not any(work.done() for work in works)
            time.sleep(0.05)
        replicas.kill("generation-1", "rendering-1")

    endings = worked(clients, kill)

    assert {200} <= endings.keys() <= {200, 503, BROKEN}
    assert endings[503] + endings[BROKEN] <= 2 * CLIENTS
    assert [reports_of(clients)[0]] * (CLIENTS * REPORTS_EACH) == reports_of(clients)
    each_made_once(replicas)

    for name in ("generation-1", "rendering-1"):
        replicas.run(name)
    replicas.until_serving(*REPLICAS)
    before = answered(replicas)
    ends = time.monotonic() + WITHIN_S
    while not all(answered(replicas)[name] > before[name] for name in REPLICAS):
        assert time.monotonic() < ends
        clients[0].work()
    each_made_once(replicas)
