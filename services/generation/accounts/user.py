"""Accounts and sub-users."""

from dataclasses import dataclass
from datetime import datetime

from services.generation.words.language import Locale

REPORTS_RIGHT = "reports"


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
        """The account that owns the fleet this user sees."""
        return self.master_id or self.id

    def may(self, right: str) -> bool:
        """Return whether the user has a right; an account that is no sub-user has all."""
        return self.master_id is None or right in self.rights
