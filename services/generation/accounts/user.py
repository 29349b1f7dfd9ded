"""Accounts and sub-users, and how they read numbers, dates and words."""

from dataclasses import dataclass
from datetime import datetime

REPORTS_RIGHT = "reports"


@dataclass(frozen=True, slots=True)
class Locale:
    """How somebody reads numbers, dates and words; values as in daybook.report.v1.LocaleInfo."""

    locale: str = "en"
    time_zone: str = "UTC"
    measurement_system: str = "metric"
    date_format: str = ""
    hour_mode: str = "TWENTY_FOUR_HOURS"


@dataclass(frozen=True, slots=True)
class User:
    """An account, or a sub-user of the account `master_id`."""

    id: int
    login: str
    locale: Locale
    create_time: datetime
    demo: bool = False
    master_id: int | None = None
    rights: frozenset[str] = frozenset()

    @property
    def account_id(self) -> int:
        """The account that owns what this user sees of the fleet."""
        return self.master_id or self.id

    def may(self, right: str) -> bool:
        """Say whether the user has a right; an account of its own has all."""
        return self.master_id is None or right in self.rights
