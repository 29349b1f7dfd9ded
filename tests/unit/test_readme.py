"""Commands and files that the documents name exist; of settings, see test_operations."""

import re
from pathlib import Path

import pytest

from services.generation.kinds import KINDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
PAGES = ("operations", "usage", "integration", "decisions", "report_kinds")
DOCUMENTS = ("CHANGELOG.md", "protos/README.md", *(f"docs/{page}.md" for page in PAGES))


def test_every_make_target_named_exists() -> None:
    """`make word` in any document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = [README, *((ROOT / name).read_text() for name in DOCUMENTS)]
    named = {target for text in texts for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(_code(text)))}

    assert {"demo", "test"} <= named
    assert set() == named - targets


def test_every_path_on_the_map_exists() -> None:
    """The map of README names files and folders that are there."""
    paths = re.findall(r"\[`([^`]+)`\]\(([^)]+)\)", README)

    assert paths
    assert [] == [path for _, path in paths if not (ROOT / path).exists()]


def test_every_folder_of_generation_is_on_the_map() -> None:
    """The map names each folder of the service."""
    folders = {path.name for path in (ROOT / "services/generation").iterdir() if (path / "__init__.py").exists()}

    assert set() == {name for name in folders if f"(services/generation/{name}/)" not in README}


@pytest.mark.parametrize("page", ["docs/usage.md", "docs/integration.md", "docs/decisions.md", "docs/report_kinds.md"])
def test_every_link_of_a_page_leads_somewhere(page: str) -> None:
    """Files that a page links to are there, and README links to the page."""
    linked = re.findall(r"\]\(([^)#:]+)\)", (ROOT / page).read_text())

    assert [] == [path for path in linked if not (ROOT / "docs" / path).exists()]
    assert f"]({page})" in README


def test_readme_is_short() -> None:
    """It is read in a few minutes: details are on the pages it links to."""
    assert len(README.encode()) < 9_000


def _code(text: str) -> list[str]:
    """Return what a document shows as code: its blocks and its inline spans."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def test_every_report_is_in_the_readme() -> None:
    """The table of reports names the number of each kind, and no other."""
    table = README.partition("| group |")[2].partition("\n\n")[0]

    assert {kind.id for kind in KINDS} == {int(number) for number in re.findall(r"\b\d+\b", table)}
