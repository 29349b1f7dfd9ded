"""Picture of the web page in README, taken in Chromium on a demo account: `python -m docs.page_picture`."""

import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import requests
from PIL import Image
from playwright.sync_api import sync_playwright

FILE = Path(__file__).with_name("pictures") / "page.png"
CHROMIUM = "/usr/bin/chromium"
SIZE = {"width": 1280, "height": 940}
COLOURS = 128
DRAWN_MS = 1_000  # until the map has moved to its lines
WITHIN_S = 120.0
READY = 100  # percent
FREE_PORTS = [word for part in ("gateway", "generation", "rendering") for word in (f"--{part}-port", "0")]


@contextmanager
def demo_stack() -> Iterator[dict[str, Any]]:
    """Run a stack with the demo account on free ports; give its addresses, the login and the password."""
    folder = tempfile.mkdtemp(prefix="daybook-page-")
    command = [str(Path(sys.executable).with_name("daybook")), "up", "--demo", "--json", "--data-dir", folder]
    with subprocess.Popen([*command, *FREE_PORTS], stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # from our own list
        try:
            yield json.loads(process.stdout.readline() if process.stdout else "")
        finally:
            process.terminate()
            process.wait()
            shutil.rmtree(folder, ignore_errors=True)


def made_report(stack: dict[str, Any], session: str) -> int:
    """Ask for the trips of the last days, wait for the report and return its id."""
    base, signed = stack["gateway"], {"hash": session}
    trackers = [one["id"] for one in _post(f"{base}/tracker/list", signed)["list"]]
    last = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 2 * 86_400))
    first = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 6 * 86_400))
    period = {"from": f"{first} 00:00:00", "to": f"{last} 23:59:59"}
    asked = {**signed, "trackers": trackers, **period, "plugin": {"plugin_id": 4}}
    report_id: int = _post(f"{base}/report/tracker/generate", asked)["id"]
    ends = time.monotonic() + WITHIN_S
    while _post(f"{base}/report/tracker/status", {**signed, "report_id": report_id})["percent_ready"] < READY:
        if time.monotonic() > ends:
            raise TimeoutError("the report was not made")
        time.sleep(0.2)
    return report_id


def _post(address: str, body: dict[str, Any]) -> Any:
    return requests.post(address, json=body, timeout=WITHIN_S).json()


def taken(address: str, session: str) -> bytes:
    """Return a picture of an address of the page as PNG, with the first rows chosen for the map."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport=SIZE, color_scheme="light")
        context.add_cookies([{"name": "daybook", "value": session, "url": address}])
        page = context.new_page()
        page.goto(address, wait_until="networkidle")
        for box in page.locator("tbody input[type=checkbox]").all()[:3]:
            box.check()
        page.get_by_text("Loading").wait_for(state="hidden")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(DRAWN_MS)
        page.evaluate("scrollTo(0, 0)")
        picture = page.screenshot()
        browser.close()
    return picture


def main() -> None:
    """Write the picture."""
    with demo_stack() as stack:
        sign_in = {"login": stack["login"], "password": stack["password"]}
        session = _post(f"{stack['gateway']}/user/auth", sign_in)["hash"]
        report_id = made_report(stack, session)
        picture = taken(f"{stack['gateway']}/page/reports/{report_id}?sheet=2", session)
    Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS).save(FILE, optimize=True)


if __name__ == "__main__":
    main()
