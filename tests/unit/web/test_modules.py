"""Rules of the page's own modules, styles and templates: no markup as text, nothing from another host."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[3] / "gateway" / "web"
MODULES = sorted((WEB / "static" / "js").glob("*.js"))
STATIC = sorted(path for path in (WEB / "static").rglob("*") if path.suffix in (".js", ".css", ".svg"))
TEMPLATES = sorted((WEB / "templates").glob("*.html"))
COMMENTS = re.compile(r"/\*.*?\*/|<!--.*?-->|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)
NAMESPACE = "http://www.w3.org/2000/svg"
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|document\.write|\beval\(|new Function"
    r"""|setAttribute\(\s*["'](style|on)|\bstyle:\s*["'`]"""
)
INLINE = re.compile(r"""\sstyle=|\son[a-z]+\s*=|javascript:|\|\s*safe\b|<style|<script(?![^>]*\ssrc=)""")


def _without_comments(file: Path) -> str:
    return COMMENTS.sub("", file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_modules_make_elements_and_never_markup_as_text(file):
    assert [] == MARKUP.findall(_without_comments(file))


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_templates_have_no_inline_style_handler_or_script_and_trust_no_text(file):
    assert [] == INLINE.findall(_without_comments(file))


@pytest.mark.parametrize("file", STATIC, ids=lambda file: file.name)
def test_no_file_of_ours_names_another_host(file):
    text = _without_comments(file).replace(NAMESPACE, "")
    assert [] == re.findall(r"""(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s"']*""", text)


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.name)
def test_modules_import_files_that_are_there(file):
    text = file.read_text(encoding="utf-8")
    found = re.findall(r"""(?:from|import\()\s*["'](\.[^"']+)["']""", text)
    vendored = [file.parent / name for name in found if name.startswith("./")]
    others = [WEB / "vendor" / name.removeprefix("../") for name in found if name.startswith("../")]
    assert [] == [path.as_posix() for path in (*vendored, *others) if not path.exists()]


def test_libraries_that_modules_load_are_vendored():
    text = "".join(file.read_text(encoding="utf-8") for file in MODULES)
    named = set(re.findall(r"""["']((?:uplot|leaflet|world|topojson-client)/[\w.-]+)["']""", text))
    assert len(named) >= 7
    assert [] == [name for name in named if not (WEB / "vendor" / name).exists()]
