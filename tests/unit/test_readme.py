"""What README.md says of commands and files is so; of settings, test_operations."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def test_every_make_target_named_exists() -> None:
    """`make word` in README, CHANGELOG, protos/README or docs/operations is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    texts = [
        README,
        *((ROOT / name).read_text() for name in ("CHANGELOG.md", "protos/README.md", "docs/operations.md")),
    ]
    named = {target for text in texts for target in re.findall(r"\bmake ([a-z-]+)", "\n".join(_code(text)))}

    assert {"demo", "test"} <= named
    assert set() == named - targets


def test_every_path_on_the_map_exists() -> None:
    """The map of README names files and folders that are there."""
    paths = re.findall(r"^\| \[`([^`]+)`\]\(([^)]+)\)", README, re.MULTILINE)

    assert paths
    assert [] == [path for _, path in paths if not (ROOT / path).exists()]


def _code(text: str) -> list[str]:
    """Return what a document shows as code: its blocks and its inline spans."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
