"""Links to reports as they are stored, and the settings that their owners choose."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from services.generation.timetracking.time_report import SavedWindow

Purpose = Literal["shared", "mailed", "delivery"]


@dataclass(frozen=True, slots=True)
class ReportLink:
    """A link: its holder reads one report without an account, until `expire_time`. Its id is 0 until it is stored.

    It opens the tracker report `report_id`, or else the saved report of `window`. A link with the purpose "delivery" is
    the access of a delivery that is being made: the renderer alone knows it, and lists leave it out.
    """

    owner_id: int  # the user whose right to the report it stands for
    create_time: datetime
    expire_time: datetime
    id: int = 0
    purpose: Purpose = "shared"
    report_id: int = 0
    window: SavedWindow | None = None
    name: str = ""
    formats: tuple[str, ...] = ()  # of files that may be downloaded; none stands for all
    with_map: bool = False
    last_use_time: datetime | None = None
    use_count: int = 0


@dataclass(frozen=True, slots=True)
class LinkSettings:
    """Choices of a report's owner for a link; without an expiry it ends after 7 days."""

    name: str = ""
    formats: tuple[str, ...] = ()
    with_map: bool = False
    expire_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link that was just made, and its token of 32 hex digits, which nothing keeps."""

    link: ReportLink
    token: str
