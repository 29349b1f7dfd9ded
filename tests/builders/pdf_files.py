"""PDF files for tests: a report written, and read back by a program that did not write it."""

import io
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from daybook.generation.v1.generation_service_pb2 import ReportHead
from daybook.report.v1.sheet_pb2 import SheetPart
from pypdf import PdfReader

from services.rendering.formats.base import RenderOptions
from services.rendering.formats.pdf.pdf_format import Pdf, PdfSettings
from tests.builders.parts import streamed

Report = tuple[ReportHead, Iterable[SheetPart]]


def printed(report: Report, *, headless: bool = False, fonts_folder: Path | None = None) -> bytes:
    """Return a report as a PDF file."""
    out = io.BytesIO()
    Pdf(PdfSettings(fonts_folder=fonts_folder, system_fonts=False)).write(
        report[0], streamed(report[1]), out, RenderOptions(headless=headless)
    )
    return out.getvalue()


def reader(file: bytes) -> PdfReader:
    """Return a strict reader of a PDF file."""
    return PdfReader(io.BytesIO(file), strict=True)


def pages(file: bytes) -> list[str]:
    """Return the text of each page."""
    return [page.extract_text() for page in reader(file).pages]


def squeezed(file: bytes) -> str:
    """Return all text without white space, as lines are broken where the paper ends."""
    return "".join("".join(pages(file)).split())


def laid_out(file: bytes, path: Path) -> str:
    """Return the text as poppler sees it lie on the page."""
    path.write_bytes(file)
    return _poppler("pdftotext", "-layout", str(path), "-")


def coloured(file: bytes, path: Path) -> dict[str, list[str]]:
    """Return the texts of each colour, from left to right and top to bottom as poppler sees them."""
    path.write_bytes(file)
    tree = ET.fromstring(_poppler("pdftohtml", "-xml", "-i", "-stdout", str(path)))
    colours = {font.attrib["id"]: font.attrib["color"] for font in tree.iter("fontspec")}
    found: dict[str, list[str]] = {}
    for text in tree.iter("text"):
        found.setdefault(colours[text.attrib["font"]], []).append("".join(text.itertext()))
    return found


def _poppler(name: str, *arguments: str) -> str:
    program = shutil.which(name)
    if program is None:
        pytest.skip(f"{name} (Debian poppler-utils) is not installed")
    done = subprocess.run([program, *arguments], capture_output=True, check=True)
    assert not done.stderr, done.stderr.decode()
    return done.stdout.decode()
