"""How durations and sums of money are written: for programs and for paper (reference section 11)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self

from daybook.report.v1.sheet_pb2 import Quantity

from services.generation.timetracking.computation.query import FormatOptions
from services.generation.words.catalogue import mark as _
from services.generation.words.durations import durations

Form = Literal["padded", "plain", "short", "hours"]  # 01:30:00, 1:30:00, 45:00 min below an hour, 1.50

MINUTES, HOURS = _("min"), _("h")
DECIMALS = 2
NO_HOUR = "00:"
_DATA: Mapping[str, Form] = {"classic": "padded", "improved": "plain", "decimal": "hours"}
_PAPER: Mapping[str, Form] = {"classic": "short", "improved": "plain", "decimal": "hours"}


@dataclass(frozen=True, slots=True)
class ValueFormat:
    """One way to write values: the form of durations and their unit, and what stands before cents."""

    form: Form
    unit: str = ""
    point: str = "."

    @classmethod
    def for_programs(cls, writing: FormatOptions) -> Self:
        """Return the hand of CSV and XLSX, the same in all languages."""
        return cls(_DATA[writing.duration_format])

    @classmethod
    def for_paper(cls, writing: FormatOptions, t: Callable[[str], str]) -> Self:
        """Return the hand of PDF: with units in the reader's language and the decimal separator asked for."""
        form = _PAPER[writing.duration_format]
        unit = {"short": t(MINUTES), "hours": t(HOURS)}.get(form, "")
        return cls(form, unit, writing.cents_separator)

    @property
    def time(self) -> Quantity:
        """What raw values of durations are: seconds, or hours where they are written as decimals."""
        if self.form == "hours":
            return Quantity(kind=Quantity.KIND_NUMBER, decimals=DECIMALS, unit=self.unit)
        return Quantity(kind=Quantity.KIND_DURATION, seconds=True)

    def durations(self, seconds: Sequence[int]) -> list[str]:
        """Return the text of each duration in seconds."""
        match self.form:
            case "padded":
                return durations(seconds, show_seconds=True)
            case "plain":
                return [text.removeprefix("0") for text in durations(seconds, show_seconds=True)]
            case "short":
                whole = durations(seconds, show_seconds=True)
                return [f"{text[3:]} {self.unit}" if text.startswith(NO_HOUR) else text for text in whole]
            case "hours":
                texts = (_cents(_hundredths(number), self.point) for number in seconds)
                return [f"{text} {self.unit}" if self.unit else text for text in texts]

    def times(self, seconds: Sequence[int]) -> list[float]:
        """Return the raw value of each duration in seconds, as `time` says."""
        if self.form == "hours":
            return [_hundredths(number) / 100 for number in seconds]
        return [float(number) for number in seconds]

    def amounts(self, cents: Sequence[int | None]) -> list[str]:
        """Return the text of each sum, two decimals without a currency; empty where there is none."""
        return ["" if number is None else _cents(number, self.point) for number in cents]

    def priced(self, amounts: Mapping[str, int]) -> str:
        """Return sums by currency in one text: "75.00 EUR, 10.00 USD"; empty without any."""
        return ", ".join(f"{_cents(amounts[currency], self.point)} {currency}" for currency in sorted(amounts))


def clock_text(seconds: int) -> str:
    """Return a duration as hours and whole minutes, as charts show it: "7:30"."""
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}"


def _hundredths(seconds: int) -> int:
    """Return hundredths of an hour, half up."""
    return (seconds + 18) // 36


def _cents(number: int, point: str) -> str:
    return f"{number // 100}{point}{number % 100:02d}"
