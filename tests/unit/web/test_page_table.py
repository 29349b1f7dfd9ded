"""The page's table of addresses: how a path is found, and the headers of every answer."""

import pytest
import pytest_asyncio
from daybook.account.v1.account_service_pb2 import GetProfileResponse, LogInResponse, LogOutResponse

from gateway.web.headers import policy
from gateway.web.page_endpoint import Access, Content
from gateway.web.page_routes import PAGE_TABLE, TEMPLATES, find_page
from gateway.web.session import way_back
from services import errors
from tests.fakes.gateway_services import HASH, running_gateway

SAME_SITE = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
ROUTES = [(path, method) for path, methods in PAGE_TABLE.items() for method in methods]


@pytest_asyncio.fixture
async def gateway():
    async with running_gateway() as running:
        running.services.answers["GetProfile"] = GetProfileResponse(account_id=7, email="anna", time_zone="Asia/Tokyo")
        running.services.answers["LogIn"] = LogInResponse(hash=HASH)
        running.services.answers["LogOut"] = LogOutResponse()
        yield running


def address_of(path: str) -> str:
    return "/" + path.replace("{file:rest}", "app.css").replace("{", "").replace("}", "")


@pytest.mark.parametrize(("path", "method"), ROUTES)
async def test_every_address_of_the_page_has_the_headers_that_browsers_obey(gateway, path, method):
    """Without credentials and with services that fail, as well as when all is good."""
    endpoint = PAGE_TABLE[path][method]
    for cookies in ({}, {"daybook": HASH}):
        headers = {**SAME_SITE, "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        async with gateway.client.request(
            method, address_of(path), headers=headers, allow_redirects=False, data="{}"
        ) as response:
            told = response.headers
            assert policy("") == told["Content-Security-Policy"]
            assert "nosniff" == told["X-Content-Type-Options"]
            assert "geolocation=(), camera=(), microphone=()" == told["Permissions-Policy"]
            assert "same-origin" == told["Cross-Origin-Opener-Policy"]
            shared = endpoint.access is Access.TOKEN
            assert ("no-referrer" if shared else "same-origin") == told["Referrer-Policy"]
            assert ("noindex" if shared else None) == told.get("X-Robots-Tag")
            assert "public" not in told["Cache-Control"] or endpoint.access is Access.OPEN


@pytest.mark.parametrize(("path", "method"), ROUTES)
async def test_without_a_session_documents_lead_to_the_form_and_data_answer_401(gateway, path, method):
    endpoint = PAGE_TABLE[path][method]
    if endpoint.access is not Access.SESSION:
        pytest.skip("needs no session")
    async with gateway.client.request(
        method, address_of(path), headers=SAME_SITE, allow_redirects=False, data="{}"
    ) as response:
        assert (401 if endpoint.content is Content.DATA else 303) == response.status
        assert endpoint.content is Content.DATA or response.headers["Location"].startswith("/page/sign-in")


@pytest.mark.parametrize("path", [path for path, method in ROUTES if method in ("POST", "PUT", "DELETE")])
@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "none"},
        {"Content-Type": "application/json", "Sec-Fetch-Site": "same-site"},
        {"Content-Type": "application/json", "Origin": "https://evil.example"},
        {"Content-Type": "application/json", "Origin": "null"},
        {"Content-Type": "application/json"},
        {"Content-Type": "text/plain", "Sec-Fetch-Site": "same-origin"},
        {"Content-Type": "multipart/form-data; boundary=x", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_write_that_the_page_did_not_send_is_refused(gateway, path, headers):
    methods = PAGE_TABLE[path]
    for method, endpoint in methods.items():
        if method != "GET" and endpoint.access is not Access.TOKEN:
            sent = {**headers, "Cookie": f"daybook={HASH}"}
            async with gateway.client.request(method, address_of(path), headers=sent, data="{}") as response:
                assert 403 == response.status
    assert set() == set(gateway.services.asked) - {"GetProfile"}


async def test_a_form_is_taken_by_sign_in_and_sign_out_alone(gateway):
    form = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    for path, methods in PAGE_TABLE.items():
        for method, endpoint in methods.items():
            if method != "GET" and endpoint.access is Access.SESSION:
                sent = {**form, "Cookie": f"daybook={HASH}"}
                async with gateway.client.request(method, address_of(path), headers=sent, data="a=b") as response:
                    assert 403 == response.status


async def test_the_sign_in_form_needs_the_token_that_the_browser_holds(gateway):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
    for cookie, token in (("", HASH), (HASH, ""), (HASH, "0" * 32), ("x", "x"), (HASH, "\u00e9")):
        sent = {**headers, "Cookie": f"daybook-form={cookie}"}
        body = {"login": "anna", "password": "secret", "token": token}
        async with gateway.client.post("/page/sign-in", headers=sent, data=body) as response:
            assert 403 == response.status
    assert "LogIn" not in gateway.services.asked


async def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(gateway):
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"daybook-form={HASH}"}
    headers["Origin"] = f"http://127.0.0.1:{gateway.port}"
    body = {"login": "anna", "password": "secret", "token": HASH, "next": "/page/reports/5?q=a"}
    async with gateway.client.post("/page/sign-in", headers=headers, data=body, allow_redirects=False) as response:
        assert (303, "/page/reports/5?q=a") == (response.status, response.headers["Location"])
        cookie = response.headers["Set-Cookie"]

    assert f"daybook={HASH}" in cookie
    assert all(flag in cookie for flag in ("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=2592000"))


async def test_behind_a_proxy_that_ends_tls_the_cookie_is_secure_and_bound_to_the_host():
    async with (
        running_gateway(public_url="https://reports.example") as gateway,
        gateway.client.get("/page/sign-in") as response,
    ):
        cookie = response.headers["Set-Cookie"]

    assert cookie.startswith("__Host-daybook-form=")
    assert "Secure" in cookie


async def test_api_routes_know_no_cookies(gateway):
    body = await gateway.json("/report/tracker/list", 400, headers={"Cookie": f"daybook={HASH}"}, json={})

    assert 3 == body["status"]["code"]


async def test_a_session_that_has_ended_is_forgotten_and_leads_to_the_form(gateway):
    gateway.services.answers["GetProfile"] = gateway.services.answers["ListReports"] = errors.SessionEnded()
    sent = {"Cookie": f"daybook={HASH}"}
    async with gateway.client.get("/page/reports?a=b", headers=sent, allow_redirects=False) as response:
        assert "/page/sign-in?next=%2Fpage%2Freports%3Fa%3Db" == response.headers["Location"]
        assert "Max-Age=0" in response.headers["Set-Cookie"]


@pytest.mark.parametrize(("accept", "status"), [("text/html,*/*;q=0.8", 303), ("application/json", 400), ("*/*", 400)])
async def test_browsers_that_ask_for_the_root_come_to_the_page(gateway, accept, status):
    async with gateway.client.get("/", headers={"Accept": accept}, allow_redirects=False) as response:
        assert status == response.status


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/page/",
        "//evil.example/page/",
        "/page/../x\\",
        "/page//evil",
        "/other",
        "",
        "http://[",
        "/page/\n",
    ],
)
def test_only_a_path_of_the_page_is_a_way_back(wanted):
    assert "/page/reports" == way_back(wanted)
    assert "/page/reports/5?sheet=2" == way_back("/page/reports/5?sheet=2")


def test_doubled_and_trailing_slashes_of_the_page_do_not_matter():
    assert find_page("/page/reports").template == find_page("//page//reports/").template
    assert find_page("/pages") is None


def test_every_line_of_the_page_is_a_route_of_its_own():
    assert len(PAGE_TABLE) == len(set(TEMPLATES))
    assert {template for path, template in zip(PAGE_TABLE, TEMPLATES, strict=True)} == {
        find_page(address_of(path)).template for path in PAGE_TABLE
    }


async def test_assets_are_kept_for_a_year_under_the_hash_of_all_and_come_in_gzip(gateway):
    async with gateway.client.get("/page/sign-in") as response:
        text = await response.text()
    address = text.split('rel="stylesheet" href="')[1].split('"')[0]
    async with gateway.client.get(address) as response:
        assert ("gzip", "public, max-age=31536000, immutable") == (
            response.headers["Content-Encoding"],
            response.headers["Cache-Control"],
        )
    words = address.replace("app.css", "words/ru.json")
    async with gateway.client.get(words) as response:  # compressed once, though JSON is what all answers compress
        assert "Войти" not in (found := await response.json())
        assert "Закрыть" == found["Close"]
    other = address.replace(address.split("/")[3], "0" * 12)
    async with gateway.client.get(other) as response:
        assert "no-store" == response.headers["Cache-Control"]
    async with gateway.client.get(address.replace("app.css", "../settings.py")) as response:
        assert 404 == response.status


def test_pictures_may_also_come_from_the_host_of_the_tiles():
    assert "img-src 'self' data: https://tiles.example;" in policy("https://tiles.example/a/{z}/{x}/{y}.png?key=1")
    assert "unsafe" not in policy("")
