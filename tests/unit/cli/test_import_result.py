"""End of imports: exit codes, and a last line on standard error that counts."""

from dataclasses import dataclass

import pytest
import typer

from services.cli.errors import CommandFailed
from services.cli.import_result import Stored, carry_out, plain_summary


@dataclass
class Lines:
    """Import of which so much is known."""

    counts: Stored
    title: str = "a.csv"
    noun: str = "lines"

    def summary(self, *, in_full: bool) -> dict[str, object]:
        """Return the counts."""
        del in_full
        return plain_summary(self.counts)

    def name_lines(self) -> None:
        """Name none."""


def end_of(counts: Stored, failure: BaseException | None = None, *, strict: bool = False) -> str:
    """Return how an import ends: "" when it is well."""

    async def work() -> None:
        if failure is not None:
            raise failure

    try:
        carry_out(work(), Lines(counts), strict=strict, as_json=False)
    except CommandFailed as failed:
        return str(failed)
    except typer.Exit as ended:
        return str(ended.exit_code)
    return ""


@pytest.mark.parametrize(
    ("counts", "strict", "error", "warning"),
    [
        (Stored(2, 0, 0), True, "", ""),
        (Stored(), True, "", ""),
        (Stored(2, 0, 1), False, "", "warning: 1 of 3 lines was refused\n"),
        (Stored(0, 4, 2), False, "", "warning: 2 of 6 lines were refused\n"),
        (Stored(2, 0, 1), True, "1 of 3 lines was refused, which --strict does not allow", ""),
        (Stored(0, 0, 2), False, "a.csv: 2 of 2 lines were refused: nothing of it can be stored", ""),
    ],
)
def test_refused_lines_fail_an_import_when_none_is_taken_or_with_strict(
    capsys: pytest.CaptureFixture[str], counts: Stored, strict: bool, error: str, warning: str
) -> None:
    """They are counted among all, whatever becomes of the import."""
    assert error == end_of(counts, strict=strict)
    assert warning == capsys.readouterr().err


def test_an_interrupted_import_tells_its_counts_and_ends_with_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert "130" == end_of(Stored(5, 1, 0), KeyboardInterrupt())
    assert ("", "a.csv: interrupted: 5 stored, 1 unchanged, 0 refused\n") == capsys.readouterr()
