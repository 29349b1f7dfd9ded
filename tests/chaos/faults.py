"""Faults of a round, drawn by seed so that every kind has its turn."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from tests.chaos.layout import Layout

PARTS = ("gateway", "generation", "rendering", "mongodb")
FAMILY = ("worker", "forkserver")
WAYS = ("cut", "hold", "delay")
OURS = ("up", "gateway", "generation", "rendering", "mongodb")  # whose clock may be moved
LONGEST_S = 4.0
INSTANT = ("kill",)
EVERYTHING = "everything"
MAKER = "maker"  # the generation service that has a report in the making

Card = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that goes wrong: what, to whom, when in the round, for how long, and a number that breaks ties."""

    kind: str
    target: str
    at_s: float
    lasts_s: float
    number: int

    def __str__(self) -> str:
        if self.kind == "clock":
            return f"clock {self.target} {self.clock_s:+d}s {self.lasts_s:.1f}s"
        return f"{self.kind} {self.target}" + ("" if self.kind in INSTANT else f" {self.lasts_s:.1f}s")

    @property
    def clock_s(self) -> int:
        """Distance by which a clock is moved, ahead or back: one to ten minutes."""
        return (60 + self.number % 541) * (1 if self.number % 2 else -1)

    @property
    def is_kill(self) -> bool:
        """Whether it ends processes."""
        return self.kind in {"kill", "stop and kill"}

    @property
    def hits_gateway(self) -> bool:
        """Whether clients may lose their connections by it."""
        return self.target in {"gateway", "client-gateway", "up", EVERYTHING}


def cards_of(layout: Layout) -> list[Card]:
    """Return every kind of fault that may be done to a stack, with its target; replicas are one target."""
    links = sorted({_without_replica(name) for name in layout.links})
    return [
        *(("kill", target) for target in (*PARTS, *FAMILY, MAKER, EVERYTHING)),
        *((("kill", "up"),) if "up" in layout.parts else ()),
        *(("pause", target) for target in (*PARTS, *FAMILY)),
        ("stop and kill", "forkserver"),
        *((way, target) for way in WAYS for target in links),
        *(("clock", target) for target in OURS if any(layout.clocks[one].library for one in _clocks(layout, target))),
        *((("fill", "disk"),) if layout.disk.is_small else ()),
    ]


def chosen(cards: Sequence[Card], words: Sequence[str]) -> list[Card]:
    """Return the cards that a word names: by kind (`kill`), by target (`up`), or both (`kill up`); all without words.

    Raises ValueError for a word that names none.
    """
    for word in words:
        if not any(_is_named(card, word) for card in cards):
            names = sorted({kind for kind, _ in cards} | {target for _, target in cards})
            raise ValueError(f"no fault is called {word!r}: try {', '.join(names)}")
    return [card for card in cards if not words or any(_is_named(card, word) for word in words)]


def _is_named(card: Card, word: str) -> bool:
    return word in {*card, " ".join(card)}


def _clocks(layout: Layout, target: str) -> list[str]:
    return [name for name in layout.named(target) if name in layout.clocks]


def _without_replica(link: str) -> str:
    return "-".join(word for word in link.split("-") if not word.isdecimal())


def drawn(
    seed: int, each: int, within_s: float, cards: Sequence[Card], names: Mapping[str, Sequence[str]]
) -> Iterator[list[Fault]]:
    """Give the faults of one round after the other, without end. All cards are drawn before one is drawn again.

    The names are those of the replicas of a target; one without any goes by its own.
    """
    chance = random.Random(seed)

    def shuffled() -> Iterator[Card]:
        while True:
            deck = [*cards]
            chance.shuffle(deck)
            yield from deck

    endless = shuffled()
    while True:
        faults = [
            Fault(
                kind,
                chance.choice(names.get(target) or [target]),
                chance.uniform(0.5, within_s),
                chance.uniform(1, LONGEST_S),
                chance.randrange(1000),
            )
            for kind, target in islice(endless, each)
        ]
        yield sorted(faults, key=lambda fault: fault.at_s)


def names_of(layout: Layout) -> dict[str, list[str]]:
    """Return the names of the replicas of every target; a worker and a forkserver are those of a generation service."""
    targets = {target for _, target in cards_of(layout)}
    names = {target: layout.named(target) for target in targets}
    generations = layout.named("generation")
    return names | {one: [name.replace("generation", one) for name in generations] for one in FAMILY}


@dataclass(slots=True)
class Weather:
    """When what was wrong, on the clock of `time.monotonic`; `calm_at` is when all was well again."""

    began: dict[Fault, float] = field(default_factory=dict)
    calm_at: float = float("inf")
    missed: set[Fault] = field(default_factory=set)  # those whose process was not there
    killed: int = 0  # processes
    any_machine: bool = False  # it may be so busy that a call is told to come later with nothing wrong

    def is_rough(self, since: float, until: float) -> bool:
        """Return whether anything was wrong between two moments."""
        is_hit = any(began <= until for began in self.began.values()) and since <= self.calm_at
        return is_hit or self.any_machine

    def is_gateway_hit(self, since: float, until: float) -> bool:
        """Return whether clients' connections may have broken between two moments."""
        hits = [began for fault, began in self.began.items() if fault.hits_gateway]
        return any(began <= until for began in hits) and since <= self.calm_at
