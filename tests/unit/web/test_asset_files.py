"""Assets over HTTP: what a browser reads is what lies in the folders, compressed once."""

import gzip
import re
from collections.abc import Iterable

import pytest

from gateway.web.assets import Assets, without_comments
from tests.builders.page_words import WEB
from tests.fakes.gateway_services import running_gateway

ASSETS = Assets()
IMPORT = re.compile(r"""(?:from|import\()\s*["']\./([\w.]+)["']""")
ENTRANCES = (
    "js/theme.js",
    "js/history.js",
    "js/page.js",
    "js/report_list.js",
    "js/progress.js",
    "js/report.js",
    "js/share.js",
)
STYLES = ("app.css", "report.css", "print.css")
NAMES = ["js/report.js", "report.css", "world/towns-500k.json", "words/ru.json", "uplot/uPlot.iife.min.js"]


@pytest.mark.parametrize("name", NAMES)
async def test_an_asset_is_compressed_once(name):
    async with running_gateway() as gateway:
        path, headers = ASSETS.address(name), {"Accept-Encoding": "gzip"}
        async with gateway.client.get(path, headers=headers, auto_decompress=False) as response:
            body = await response.read()
            assert "gzip" == response.headers["Content-Encoding"]
            assert ASSETS.content(name) == gzip.decompress(body)


def test_comments_are_left_out_and_lines_keep_their_numbers():
    source = (
        b"/**\n * A module.\n */\nconst a = x  // kept\nb(); // left out\n  // left out\nc(/** @type {C} */ (1));\n"
    )
    assert b"\n\n\nconst a = x  // kept\nb();\n\nc((1));\n" == without_comments(source)


@pytest.mark.parametrize("line", [b'const a = "/* kept */";\n', b'const a = "); // kept";\n', b'const a = /} //";\n'])
def test_what_may_be_a_text_stays(line):
    assert line == without_comments(line)


def test_no_text_of_a_module_goes_over_several_lines():
    """Indents are left out of what browsers get."""
    for file in (WEB / "static" / "js").glob("*.js"):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            assert line.count("`") % 2 == 0, f"{file.name}:{number}"


def loaded_with(names: Iterable[str]) -> set[str]:
    """Return modules with all that they import."""
    found, left = set(), list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += [f"js/{one}" for one in IMPORT.findall(ASSETS.content(name).decode())]
    return found


def test_the_first_page_weighs_at_most_90_kb_and_the_map_keeps_its_share():
    """With all modules and styles of the list, the dialog, the view of a report and the charts."""
    sizes = {name: len(ASSETS.compressed(name)) for name in ASSETS.names()}
    plot = sum(size for name, size in sizes.items() if name.startswith("uplot/"))
    own = sum(sizes[name] for name in (*loaded_with(ENTRANCES), *STYLES))
    assert own + plot <= 90_000
    leaflet = sum(size for name, size in sizes.items() if name.startswith("leaflet/"))
    base = sum(size for name, size in sizes.items() if name.startswith(("topojson-client/", "world/countries")))
    assert (leaflet + base) / 1000 <= 46 + 229 + 20
    assert sizes["world/towns-100k.json"] <= 94_000
    assert sizes["world/towns-15k.json"] <= 472_000
