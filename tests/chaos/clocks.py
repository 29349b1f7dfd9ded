"""Clocks of parts that can be moved while they run: a preloaded library adds to what the system's clock says."""

import struct
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).with_name("clock.c")
NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """The clock of one part and of all that it starts. Without a library it cannot be moved."""

    library: Path | None
    file: Path

    @classmethod
    def of(cls, name: str, folder: Path, library: Path | None) -> "Clock":
        """Return a part's clock, which goes right."""
        clock = cls(library, folder / f"{name}.clock")
        clock.file.write_bytes(_packed(0))
        return clock

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment of a process that goes by this clock."""
        if self.library is None:
            return {}
        return {"LD_PRELOAD": str(self.library), "DAYBOOK_CLOCK": str(self.file)}

    def move(self, by_s: float) -> None:
        """Let the clock be ahead by so many seconds, behind by negative ones, right by 0."""
        with self.file.open("r+b") as file:  # in place: processes hold it mapped
            file.write(_packed(round(by_s * NS)))


def compiled(folder: Path) -> Path | None:
    """Return the library, compiled into a folder; None where no compiler is."""
    library = folder / "clock.so"
    try:
        command = ["cc", "-shared", "-fPIC", "-O2", "-o", str(library), str(SOURCE)]
        is_made = not subprocess.run(command, capture_output=True, check=False).returncode
    except FileNotFoundError:
        is_made = False
    return library if is_made else None


def _packed(offset_ns: int) -> bytes:
    return struct.pack("=q", offset_ns)
