"""Keys by which imported time entries are told apart, so that importing a file again adds nothing."""

import hashlib
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from services.cli.timesheets.lines import Line

SLOTS = 1 << 27  # bits: a million entries leave few of them looking like repetitions


def digest_of(line: Line) -> bytes:
    """Return what is the same in equal time entries of one file or several.

    It is a SHA-256 over email (or name, of a person without), client, project, task, description, billable, start by
    the person's clock, seconds, currency and cents of the amount, and the tags. The end does not count, since the
    duration is the truth, nor do other columns and the form that the file has.
    """
    facts = (
        *line.person,
        line.client,
        line.project,
        line.task,
        line.description,
        str(int(line.billable)),
        line.start.isoformat(),
        str(line.seconds),
        line.currency,
        "" if line.amount_cents is None else str(line.amount_cents),
        *line.tags,
    )
    return hashlib.sha256("\0".join(facts).encode()).digest()  # no field has a NUL in it


@dataclass(slots=True)
class Repeats:
    """Numbers equal entries in the order of the file, which is read twice.

    The first reading finds which may come more than once, in fixed memory; only those are counted in the second.
    """

    seen: bytearray = field(default_factory=lambda: bytearray(SLOTS // 8))
    suspects: set[int] = field(default_factory=set)
    counts: Counter[tuple[bytes, bool]] = field(default_factory=Counter)

    def note(self, digest: bytes) -> None:
        """Take an entry into account, in the first reading."""
        slot = _slot(digest)
        if self.seen[slot >> 3] >> (slot & 7) & 1:
            self.suspects.add(slot)
        else:
            self.seen[slot >> 3] |= 1 << (slot & 7)

    def key(self, digest: bytes, *, later: bool, taken: Collection[int] = ()) -> str:
        """Return the import key of an entry in the second reading, 64 hex digits.

        It is a SHA-256 over its digest, whether its start is the later of two equal times where the clock was put
        back, and its number among equals from 0, without those whose keys have hashes that are taken.
        """
        number = self.counts[digest, later] if _slot(digest) in self.suspects else 0
        key = _key(digest, number, later=later)
        while taken and hash(key) in taken:
            number += 1
            key = _key(digest, number, later=later)
        if _slot(digest) in self.suspects:
            self.counts[digest, later] = number + 1
        return key


def _key(digest: bytes, number: int, *, later: bool) -> str:
    return hashlib.sha256(b"%b%d %d" % (digest, later, number)).hexdigest()


def _slot(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "little") % SLOTS
