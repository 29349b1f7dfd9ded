"""The page's tables and charts against others in the same browser: first paint, sort, heap and nodes.

It needs Chromium and npm, which fetches the others into a temporary folder.
"""

import asyncio
import subprocess
import tarfile
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from playwright.async_api import Browser, async_playwright

from gateway.web.assets import Assets, media_type

CHROMIUM = "/usr/bin/chromium"
OTHERS = {"tabulator-tables": "6.5.3", "echarts": "6.1.0"}
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--enable-precise-memory-info"]
SCRIPTS = Path(__file__).with_name("web_page.js")
TABLES, CHARTS = ("our", "tabulator"), ("our", "echarts")
ROWS, POINTS, ROUNDS = 50_000, 100_000, 3
PLAIN_ROWS = 10_000  # of the slow plain table, drawn once
LONGEST_MS = 300_000
HEADS = ("what", "first paint", "of ours", "sort by a number", "heap", "nodes")
PAGE = """<!DOCTYPE html><meta charset="utf-8"><title>Measure</title>
<link rel="stylesheet" href="/assets/app.css"><link rel="stylesheet" href="/assets/report.css">
<link rel="stylesheet" href="/npm/tabulator-tables/dist/css/tabulator.min.css">
<script src="/npm/tabulator-tables/dist/js/tabulator.min.js"></script>
<script src="/npm/echarts/dist/echarts.min.js"></script>
<main id="host"></main><script type="module" src="/web_page.js"></script>"""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Least times of some rounds in milliseconds, the heap in MB and the elements of the document; no sort is 0."""

    paint_ms: float
    sort_ms: float
    heap_mb: float
    nodes: int

    def row(self, what: str, ours: "Drawing") -> tuple[str, ...]:
        """Return the cells of a line."""
        sort = f"{self.sort_ms:,.0f} ms" if self.sort_ms else ""
        times = f"{self.paint_ms:,.0f} ms", f"{self.paint_ms / ours.paint_ms:,.1f} times"
        return what, *times, sort, f"{self.heap_mb:,.0f} MB", f"{self.nodes:,}"


def measure() -> Iterable[tuple[str, ...]]:
    """Return the lines of the table."""
    return asyncio.run(_measured())


async def _measured() -> list[tuple[str, ...]]:
    with tempfile.TemporaryDirectory() as folder:
        _fetch(Path(folder))
        async with _served(Path(folder)) as address, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            table = {name: await _drawn(browser, address, f"{name}Table", ROWS) for name in TABLES}
            plain = await _drawn(browser, address, "plainTable", PLAIN_ROWS)
            chart = {name: await _drawn(browser, address, f"{name}Chart", POINTS) for name in CHARTS}
            await browser.close()
    return [
        table["our"].row(f"our table, {ROWS:,} rows x 8", table["our"]),
        table["tabulator"].row(f"Tabulator {OTHERS['tabulator-tables']}, the same", table["our"]),
        plain.row(f"plain table, {PLAIN_ROWS:,} of these rows", table["our"]),
        chart["our"].row(f"our chart, {POINTS:,} points", chart["our"]),
        chart["echarts"].row(f"ECharts {OTHERS['echarts']}, the same", chart["our"]),
    ]


async def _drawn(browser: Browser, address: str, name: str, count: int) -> Drawing:
    """Return the least times of rounds, each in a tab of its own."""
    found = []
    for _ in range(1 if count == PLAIN_ROWS else ROUNDS):
        page = await browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(LONGEST_MS)
        await page.goto(address)
        await page.locator("#host[data-ready]").wait_for(state="attached")
        found.append(await page.evaluate("([name, count]) => measure[name](count)", [name, count]))
        await page.close()
    least = {key: min(one[key] for one in found) for key in found[0]}
    return Drawing(least["paint"], least["sort"], least["heap"], int(least["nodes"]))


def _fetch(folder: Path) -> None:
    for name, version in OTHERS.items():
        command = ["npm", "pack", "--silent", f"{name}@{version}"]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # from our own list
        with tarfile.open(next(folder.glob(f"{name}*.tgz"))) as packed:
            packed.extractall(folder / name, filter="data")


@asynccontextmanager
async def _served(folder: Path) -> AsyncIterator[str]:
    assets = Assets()

    async def document(_: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def asset(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        return web.Response(body=assets.content(name), headers={"Content-Type": media_type(name)})

    async def other(request: web.Request) -> web.FileResponse:
        name, _, path = request.match_info["name"].partition("/")
        return web.FileResponse(folder / name / "package" / path)

    async def scripts(_: web.Request) -> web.FileResponse:
        return web.FileResponse(SCRIPTS)

    app = web.Application()
    app.add_routes([web.get("/", document), web.get("/web_page.js", scripts)])
    app.add_routes([web.get("/assets/{name:.+}", asset), web.get("/npm/{name:.+}", other)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()
