"""Persons in memory."""

from collections.abc import Collection, Mapping

from services.errors import Violation
from services.runtime.identity import identity_key


class FakePersons:
    """Fills the port Persons: `known` are the ids by `identity_key`. Emails of members stay as they are."""

    def __init__(self, **known: int) -> None:
        self.known: dict[str, int] = dict(known)

    async def ids_of(self, emails: Collection[str]) -> Mapping[str, int]:
        for key in sorted(map(identity_key, emails)):
            self.known.setdefault(key, max(self.known.values(), default=0) + 1)
        return {identity_key(email): self.known[identity_key(email)] for email in emails}

    async def rename(self, emails: Mapping[int, str]) -> Mapping[int, Violation]:
        refused = {}
        for id_, email in emails.items():
            if id_ not in self.known.values():
                refused[id_] = Violation("user_id", "must be 0 for a new one, or the id of a person")
            elif self.known.get(identity_key(email), id_) != id_:
                refused[id_] = Violation("email", "must not be that of another person")
            else:
                self.known = {key: one for key, one in self.known.items() if one != id_} | {identity_key(email): id_}
        return refused
