"""The caller's account and settings over HTTP: published names and types, those of sub-users and of masters."""

from typing import Any

import pytest
import requests

from tests.e2e.stack import ANSWER_WITHIN_S, Client, Stack

MASTER_ONLY = {
    "file_storage_settings": {"auto_overwrite": False},
    "balance_alert_settings": {"emails": []},
    "first_user_balance_warning_period": "7d",
    "second_user_balance_warning_period": "2d",
}


@pytest.fixture(scope="module")
def sub(stack: Stack, moscow: Client) -> Client:
    """Give a sub-user of the account."""
    options = ("--master", moscow.login, "--right", "reports", "--time-zone", "Asia/Tokyo", "--password", "secret")
    stack.command("user", "add", f"{moscow.login}-sub", *options)
    key = stack.command("key", "add", f"{moscow.login}-sub")["hash"]
    return Client(moscow.base, key, login=f"{moscow.login}-sub")


def answered(client: Client, path: str, **more: Any) -> dict[str, Any]:
    answer = client.post(path, **more)
    assert answer.ok, answer.text
    return dict(answer.json())


def test_an_account_is_told_with_the_limits_of_reports(moscow: Client) -> None:
    found = answered(moscow, "user/get_info")
    user = found["user_info"]

    assert {"report": {"max_time_span": "P90D"}, "stats": {"max_time_span": "P31D"}} == found["paas_settings"]
    assert {"login": moscow.login, "demo": False, "time_zone": "Europe/Moscow", "balance": 0.0}.items() <= user.items()
    assert {"default_geocoder": "offline", "measurement_system": "metric"}.items() <= user.items()
    assert {"allowed_maps": []} == found["tariff_restrictions"]
    assert not {"master", "privileges"} & set(found)
    iso = answered(moscow, "user/get_info", iso_datetime=True)["user_info"]["creation_date"]
    assert iso == user["creation_date"].replace(" ", "T") + "+03:00"


def test_a_sub_user_is_told_with_its_master_and_its_rights(moscow: Client, sub: Client) -> None:
    found, master = answered(sub, "user/get_info"), answered(moscow, "user/get_info")["user_info"]

    assert {"id": master["id"], "title": moscow.login, "demo": False}.items() <= found["master"].items()
    assert {"rights": ["reports"]} == found["privileges"]
    assert (sub.login, "Asia/Tokyo") == (found["user_info"]["login"], found["user_info"]["time_zone"])


def test_settings_are_told_and_more_of_them_to_masters(moscow: Client, sub: Client) -> None:
    own, others = answered(moscow, "user/settings/read"), answered(sub, "user/settings/read")
    texts = {"time_zone", "locale", "measurement_system", "geocoder", "route_provider", "hour_mode"}

    assert MASTER_ONLY.items() <= own.items()
    assert {"success", "settings"} == set(others)
    assert "Asia/Tokyo" == others["settings"]["time_zone"]
    assert texts | {"translit"} == set(own["settings"]) - {"date_format"}


@pytest.mark.parametrize("path", ["user/get_info", "user/settings/read"])
def test_every_transport_answers_the_same(moscow: Client, path: str) -> None:
    address, asked = f"{moscow.base}/{path}", {"hash": moscow.hash}
    answers = [
        requests.post(address, json=asked, timeout=ANSWER_WITHIN_S),
        requests.post(address, data=asked, timeout=ANSWER_WITHIN_S),
        requests.get(address, params=asked, timeout=ANSWER_WITHIN_S),
    ]

    assert {200} == {one.status_code for one in answers}
    assert 1 == len({one.text for one in answers})
