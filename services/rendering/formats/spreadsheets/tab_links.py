"""Links between the tabs of a workbook: back to its beginning, and from the names of entities to their tabs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from services.rendering.formats.spreadsheets.cell_values import cell_text


@dataclass(frozen=True, slots=True)
class TabLinks:
    """Links of a tab: the text and the tab that it leads back to, and the tabs of entities by their names."""

    home: tuple[str, str] | None = None
    targets: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, home: tuple[str, str] | None, headers: Sequence[str], tabs: Sequence[str]) -> Self:
        """Return links to sheets by their headers, and by the names that these begin or end with."""
        targets = dict(zip(headers, tabs, strict=True))
        for header, tab in zip(headers, tabs, strict=True):
            name, bracket, inner = header.partition(" (")
            if bracket:
                targets.setdefault(name, tab)
                targets.setdefault(inner.removesuffix(")"), tab)
        return cls(home, targets)

    def tab_of(self, text: str) -> str | None:
        """Return the tab of a name."""
        return self.targets.get(text)

    def home_text(self) -> str:
        """Return the text of the link back."""
        return cell_text(self.home[0]) if self.home else ""
