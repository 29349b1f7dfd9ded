"""Last words of a part that does not start."""

from pathlib import Path

import pytest

from services.cli.stack.process import last_line


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '{"level":"INFO"}\ngateway: wrong settings: LOG_LEVEL: must be DEBUG\n\n',
            "gateway: wrong settings: LOG_LEVEL: must be DEBUG (see ",
        ),
        ('gateway: wrong\n{"level":"INFO"}\n', "see "),
        ("", "see "),
        ("x" * 9000, f"{'x' * 297}... (see "),
    ],
)
def test_a_plain_last_line_of_a_log_is_told(tmp_path: Path, content: str, said: str) -> None:
    """Lines of JSON are for those who read the log."""
    log_file = tmp_path / "a.log"
    log_file.write_text(content)

    assert said == last_line(log_file).partition(str(tmp_path))[0]


def test_a_log_that_is_not_there_is_named_all_the_same(tmp_path: Path) -> None:
    assert last_line(tmp_path / "none.log").startswith("see ")
