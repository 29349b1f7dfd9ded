"""Pages of detailed time reports as PDF."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from daybook.input.v1.workspace_pb2 import Client, Project, ProjectTask

from services.rendering import theme
from tests.builders.pdf_files import Report, coloured, pages, printed, reader
from tests.builders.time_entries import EntryRow, directory, entry, member
from tests.builders.time_files import over, time_file
from tests.fakes.time_entries import MemoryTimeEntries

FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)
CLIENTS = [
    Client(id=5, name="Vereinigte Versicherungen Nord AG & Co. KG"),
    Client(id=6, name="Globex Donaudampfschifffahrtsgesellschaft mbH"),
    Client(id=7, name="Initech Consulting Services Ltd"),
]
PROJECTS = [
    Project(id=10 + place, name=name, client_id=5 + place % 3, hourly_rate_cents=5000 + 700 * place, currency_code=code)
    for place, (name, code) in enumerate(
        [
            ("Relaunch der Unternehmenswebsite mit Shop", "EUR"),
            ("Suchmaschinenoptimierung 2026 und folgende Jahre", "GBP"),
            ("Quarterly Reporting Automation for Controlling", "USD"),
            ("Kundenportal mit Selbstbedienung für Händler", "EUR"),
        ]
    )
]
TASKS = [ProjectTask(id=30 + one.id, name="Abstimmung mit den Fachabteilungen", project_id=one.id) for one in PROJECTS]
PEOPLE = [member(11, "Ann-Kathrin Hohenstein", "ann@example.com", "admin"), member(12, "Bob", "bob@example.com")]


def work(count: int) -> list[EntryRow]:
    """Return entries of some length, twelve a working day, of all projects in turn."""
    return [
        entry(
            id=one + 1,
            user=11 + one % 2,
            start=FIRST + timedelta(days=one // 12 + one // 60 * 2, minutes=50 * (one % 12)),
            seconds=1200 + 613 * (one % 7),
            project=10 + one % 4,
            task=40 + one % 4,
            billable=True,
        )
        for one in range(count)
    ]


async def detailed(count: int) -> Report:
    """Return a detailed report over so many entries for a German reader."""
    known = directory(members=PEOPLE, clients=CLIENTS, projects=PROJECTS, tasks=TASKS)
    stored = MemoryTimeEntries.of(*work(count), run_length=5000)
    return await time_file(stored, over("2026-01-01", "2026-12-31"), known=known, owner=PEOPLE[0])


async def test_300_entries_take_at_most_12_upright_pages() -> None:
    """With amounts in three currencies, and names of clients, projects and tasks of 30 to 50 letters, in German."""
    file = printed(await detailed(300), headless=True)

    assert len(pages(file)) <= 12
    assert {True} == {page.mediabox.height > page.mediabox.width for page in reader(file).pages}


async def test_tags_and_that_time_is_not_billable_are_faint(tmp_path: Path) -> None:
    """Tags stand behind what was worked on, "non-billable" below the duration."""
    rows = [entry(project=7, tags=[3], billable=True), entry(id=2, project=7, start="2026-01-06T09:00:00Z")]
    report = await time_file(MemoryTimeEntries.of(*rows), over("2026-01-01", "2026-01-31"))

    found = coloured(printed(report, headless=True), tmp_path / "report.pdf")
    assert {"Schlagwörter: urgent", "nicht abrechenbar"} <= {text.strip() for text in found[theme.FAINT_INK]}
    assert not any("Schlagwörter" in text for text in found[theme.INK])
