"""Import of very many readings: neither the command nor the service keeps them."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from docs.input_examples import EXAMPLES
from services.cli.client import Access
from services.cli.import_result import Stored
from services.cli.json_lines import Refusals
from services.cli.reading_import import ReadingLines, import_readings
from services.cli.record_import import Lines, import_records
from services.cli.records import Owner
from tests.integration.generation.services import Client
from tests.integration.memory import peak_of

pytestmark = pytest.mark.slow

COUNTS = (50_000, 200_000)


async def test_memory_does_not_grow_with_the_number_of_readings(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times as many need no more than a tenth more, in the command and the service together."""
    monkeypatch.setattr("services.cli.reading_import.GROUP", 10_000)
    await client.account("fleet")
    await client.trackers("fleet", "Car")
    access = Access(client.address, "", "secret")
    sensors = tmp_path / "s.jsonl"
    sensors.write_text("\n".join(EXAMPLES["sensors"]))
    await import_records(access, Lines(sensors, Refusals(), kind="sensors"), Owner(owner_login="fleet"))
    peaks = []
    for day, count in enumerate(COUNTS, 1):
        file = tmp_path / "r.csv"
        with file.open("w") as out:
            out.write("time,sensor_id,value\n")
            out.writelines(_rows(day, count))
        with peak_of(psutil.Process()) as seen:
            assert Stored(count) == await import_readings(access, ReadingLines(file, Refusals()), "fleet")
        peaks.append(max(seen))

    assert peaks[1] < 1.1 * peaks[0]


def _rows(day: int, count: int) -> Iterator[str]:
    return (
        f"2025-{day:02}-{1 + row // 80_000:02}T{row // 4 // 3600 % 24:02}:{row // 4 // 60 % 60:02}:{row // 4 % 60:02}"
        f".{row // 2 % 2 * 5},{71 + row % 2},{row % 97}\n"
        for row in range(count)
    )
