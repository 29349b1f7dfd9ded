"""Body of a mail as blocks, which are written as text and as HTML so that both say the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from services.rendering.delivery.summary import RowRole, SummaryRow, SummaryTable
from services.rendering.theme import ACCENT, BAND_FILL, FAINT_INK, HEAD_FILL, INK, PAPER, RULE
from services.runtime.shown_text import closed

FONT = "font-family:Arial,Helvetica,sans-serif"
CELL = f"padding:5px 8px;border-bottom:1px solid {RULE};vertical-align:top"
WRAP = "overflow-wrap:anywhere"
AUTO = 'dir="auto"'  # each text runs in the direction of its own script
TABLE_START = (  # wider than a phone, it scrolls by itself
    f'<div style="margin:0 0 16px;overflow-x:auto"><table style="border-collapse:collapse;font-size:13px;{FONT}">'
)
TABLE_END = "</table></div>"
BUTTON = (
    f"display:inline-block;padding:9px 16px;border-radius:4px;background:{ACCENT};color:{PAPER};text-decoration:none"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading of the mail, or of a part of it."""

    text: str
    is_first: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Paragraph, whose line breaks stay; a faint one is small print."""

    text: str
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Link with its words; a faint one is small print."""

    label: str
    url: str
    is_faint: bool = False


@dataclass(frozen=True, slots=True)
class NamedValues:
    """Named values, one a line."""

    values: Sequence[tuple[str, str]]


Block = Heading | Paragraph | Link | NamedValues | SummaryTable


def as_text(blocks: Iterable[Block]) -> str:
    """Return the blocks as plain text."""
    return "\n\n".join(map(_text, blocks)) + "\n"


def _text(block: Block) -> str:
    match block:
        case Heading(text):
            return text
        case Paragraph(text):
            return text
        case Link(label, url):
            return f"{closed(label)}: {url}"
        case NamedValues(values):
            return "\n".join(f"{closed(name)}: {text}" for name, text in values)
        case SummaryTable():
            lines = [" | ".join(map(closed, texts)) for texts in (block.titles, *(row.texts for row in block.rows))]
            return "\n".join(([block.header] if block.header else []) + lines)


def as_html(blocks: Iterable[Block], *, title: str, language: str) -> str:
    """Return the blocks as an HTML page with inline styles and nothing remote. All texts are escaped."""
    body = "\n".join(map(_html, blocks))
    return (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light">\n'
        f"<title>{escape(title)}</title>\n</head>\n"
        f'<body style="margin:0;padding:24px;background:{PAPER};color:{INK};{FONT};font-size:14px;line-height:1.45">\n'
        f"{body}\n</body>\n</html>\n"
    )


def _html(block: Block) -> str:
    match block:
        case Heading(text, is_first):
            level, size = ("h1", 22) if is_first else ("h2", 16)
            style = f"margin:0 0 8px;font-size:{size}px;color:{ACCENT};{WRAP}"
            return f'<{level} style="{style}" {AUTO}>{_shown(text)}</{level}>'
        case Paragraph(text, is_faint):
            return f'<p style="{_paragraph(is_faint=is_faint)}" {AUTO}>{_shown(text)}</p>'
        case Link(label, url, is_faint):
            style = f"color:{FAINT_INK}" if is_faint else BUTTON
            link = f'<a href="{escape(url)}" style="{style}">{_shown(label)}</a>'
            return f'<p style="{_paragraph(is_faint=is_faint)}" {AUTO}>{link}</p>'
        case NamedValues(values):
            rows = "".join(
                f'<tr><th scope="row" style="{CELL};text-align:left;font-weight:normal" {AUTO}>{_shown(name)}</th>'
                f'<td style="{CELL};text-align:right;font-weight:bold" {AUTO}>{_shown(text)}</td></tr>\n'
                for name, text in values
            )
            return f"{TABLE_START}\n{rows}{TABLE_END}"
        case SummaryTable():
            return _table(block)


def _paragraph(*, is_faint: bool) -> str:
    return f"margin:0 0 14px;{WRAP}{f';font-size:12px;color:{FAINT_INK}' if is_faint else ''}"


def _table(table: SummaryTable) -> str:
    caption = (
        f'<caption style="text-align:left;font-weight:bold;padding:0 0 4px" {AUTO}>{_shown(table.header)}</caption>\n'
        if table.header
        else ""
    )
    head = f"{CELL};background:{HEAD_FILL}"
    titles = "".join(
        f'<th scope="col" style="{head};text-align:{_side(is_right)}" {AUTO}>{_shown(title)}</th>'
        for title, is_right in zip(table.titles, table.is_right, strict=True)
    )
    rows = "\n".join(_row(row, table.is_right) for row in table.rows)
    return f"{TABLE_START}\n{caption}<tr>{titles}</tr>\n{rows}\n{TABLE_END}"


def _row(row: SummaryRow, is_right: Sequence[bool]) -> str:
    if row.role is RowRole.GROUP:
        style = f"{CELL};background:{BAND_FILL};font-weight:bold;text-align:left"
        return f'<tr><th colspan="{len(is_right)}" style="{style}" {AUTO}>{_shown(row.texts[0])}</th></tr>'
    weight = ";font-weight:bold" if row.role is RowRole.TOTAL else ""
    cells = "".join(
        f'<td style="{CELL};text-align:{_side(right)}{weight}" {AUTO}>{_shown(text)}</td>'
        for text, right in zip(row.texts, is_right, strict=True)
    )
    return f"<tr>{cells}</tr>"


def _side(is_right: bool) -> str:
    return "right" if is_right else "left"


def _shown(text: str) -> str:
    return "<br>\n".join(escape(line) for line in text.split("\n"))
