"""What rendering reads from the environment."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

Count = Annotated[int, Field(ge=1)]
Seconds = Annotated[float, Field(gt=0)]


class Settings(BaseSettings):
    """Addresses, limits and fonts; the names of the environment are these in capitals."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    rendering_listen: str = "[::]:50052"
    generation_address: str = "localhost:50051"
    log_level: str = "INFO"
    stop_grace_seconds: Seconds = 5

    renders_at_once: Count = 2  # of files that are written before they are sent: xlsx, xls, pdf
    streams_at_once: Count = 8  # of files that are sent while they are written: json, csv
    renders_waiting: Annotated[int, Field(ge=0)] = 16  # behind each of the two
    render_wait_seconds: Seconds = 30
    first_message_seconds: Seconds = 20  # until generation sends a report's head
    time_report_head_seconds: Seconds = 110  # the same for a report over time entries, which is made meanwhile
    idle_seconds: Seconds = 60  # between two parts of a report
    client_idle_seconds: Seconds = 120  # while a client takes nothing
    chunk_bytes: Annotated[int, Field(ge=1024, le=262_144)] = 262_144

    max_xlsx_cells: Count = 20_000_000
    max_xls_cells: Count = 1_000_000
    max_pdf_cells: Count = 2_000_000
    time_csv_form: Literal["quoted", "plain"] = (
        "quoted"  # of time reports: every field in quotes, or those that need it
    )
    time_csv_formula_guard: bool = False  # an apostrophe before texts of time reports that begin like a formula
    fonts_folder: Path | None = None  # TrueType fonts for glyphs that DejaVu Sans lacks
