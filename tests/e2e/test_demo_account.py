"""Demo account of `daybook up --demo`, on a stack that runs."""

import requests

from services.cli.client import Access
from services.cli.demo_account import LOGIN, VANS, demo_password
from services.cli.stack.data_dir import DataDir
from tests.e2e.stack import ANSWER_WITHIN_S, Stack


async def test_the_demo_account_is_filled_once_and_found_again(stack: Stack, tmp_path) -> None:
    """Its reports have data: a fleet up to now, sensors, zones, tracked time and a saved report."""
    token = (stack.data_dir / "operator-token").read_text().strip()
    access = Access(stack.addresses["generation"], stack.addresses["rendering"], token)
    password = await demo_password(access, DataDir(tmp_path))

    assert password == await demo_password(access, DataDir(tmp_path))
    assert 0o600 == (tmp_path / "demo-login").stat().st_mode & 0o777
    base = stack.addresses["gateway"]
    body = {"login": LOGIN, "password": password}
    signed = requests.post(f"{base}/user/auth", json=body, timeout=ANSWER_WITHIN_S).json()  # noqa: ASYNC210
    trackers = requests.post(f"{base}/tracker/list", json=signed, timeout=ANSWER_WITHIN_S).json()  # noqa: ASYNC210
    assert list(VANS) == [one["label"] for one in trackers["list"]]
    (saved,) = stack.command("saved", "list", "--workspace", "Demo agency", "--owner", LOGIN, "--json")
    assert saved["public"]
