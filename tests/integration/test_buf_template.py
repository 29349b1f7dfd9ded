"""The template of buf.gen.yaml: it works as it stands there."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_template_makes_the_classes_that_are_committed(tmp_path: Path) -> None:
    """Every file of messages, and its types."""
    buf = Path(sys.executable).with_name("buf")
    subprocess.run([buf, "generate", "--output", tmp_path], cwd=ROOT, check=True, timeout=120)
    made, committed = tmp_path / "generated", ROOT / "protos/gen"

    def files(folder: Path, pattern: str) -> set[Path]:
        return {file.relative_to(folder) for file in folder.rglob(pattern)}

    assert files(committed, "*_pb2.py") == files(made, "*_pb2.py") != set()
    for file in files(made, "*_pb2.pyi"):
        assert (committed / file).read_text() == (made / file).read_text()
