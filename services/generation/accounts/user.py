"""Accounts and sub-users."""

from dataclasses import dataclass
from datetime import datetime

from services.generation.words.language import Locale

REPORTS_RIGHT = "reports"
TRACKER_RIGHT = "tracker_configure"
RIGHTS = frozenset({REPORTS_RIGHT, TRACKER_RIGHT})


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
    password_version: int = 0  # grows with each change of the password
    person_id: int = 0  # of a person who was known by the login before the account was; 0 for the account's own id

    @property
    def member_id(self) -> int:
        """The id of the person that this account is in workspaces."""
        return self.person_id or self.id

    @property
    def account_id(self) -> int:
        """The account that owns the fleet this user sees."""
        return self.master_id or self.id

    def may(self, right: str) -> bool:
        """Return whether the user has a right; an account that is no sub-user has all."""
        return self.master_id is None or right in self.rights
