"""Table of a chaos test: a line a round, and the sums."""

import sys
from collections import Counter
from collections.abc import Sequence

from tests.chaos.fairness import shown
from tests.chaos.rounds import Played

HEADS = (
    *("round", "reports", "failed", "lost", "doubled", "runs", "written", "ok", "later", "broken"),
    *("killed", "beside", "wrong", "s"),
)  # beside: median seconds of a small report while other accounts have large ones made
WIDTH = 8
BROKEN = {"refused", "no answer", "cut off"}


def heads() -> None:
    """Print what the columns are."""
    _say("".join(head.rjust(WIDTH) for head in HEADS) + "  faults")


def line(played: Played) -> None:
    """Print a round and what was wrong in it."""
    _say(_cells(str(played.number), [played]) + f"  {', '.join(played.faults)}")
    for said in played.wrong:
        _say(f"         {said[:500]}")


def ended_early(number: int, killed: int) -> None:
    """Print that a round was broken off, and how many processes it had killed."""
    _say(f"round {number} was broken off, with {killed} processes killed in it")


def sums(rounds: Sequence[Played], alone_s: Sequence[float]) -> None:
    """Print the sums of all rounds, how often which answer was given, and how accounts share."""
    _say(_cells("all", rounds))
    kinds = sum((one.kinds for one in rounds), start=Counter[str]())
    _say("answers: " + ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()))
    beside_s = [one for played in rounds for one in played.beside_s]
    longest = f", longest {max(beside_s):.2f} s" if beside_s else ""
    _say(
        f"small report: alone {shown(alone_s)} s (median of {len(alone_s)}), "
        f"beside {shown(beside_s)} s (median of {len(beside_s)}{longest})"
    )


def _cells(name: str, rounds: Sequence[Played]) -> str:
    """Return the columns. Broken are transports; later are errors that say so."""
    ok = sum(one.kinds["ok"] for one in rounds)
    broken = sum(one.kinds[kind] for one in rounds for kind in BROKEN)
    later = sum(one.kinds.total() for one in rounds) - ok - broken
    figures = (
        sum(one.findings.finished for one in rounds),
        sum(one.findings.failed for one in rounds),
        sum(one.findings.lost for one in rounds),
        sum(one.findings.doubled for one in rounds),
        sum(one.runs for one in rounds),
        sum(one.written for one in rounds),
        *(ok, later, broken),
        sum(one.killed for one in rounds),
        shown([one for played in rounds for one in played.beside_s]),
        sum(len(one.wrong) for one in rounds),
        round(sum(one.seconds for one in rounds)),
    )
    return "".join(str(cell).rjust(WIDTH) for cell in (name, *figures))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
