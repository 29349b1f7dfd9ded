"""Registry of the file formats, and the settings of all of them."""

from collections.abc import Callable

from services.rendering.formats.base import Format
from services.rendering.formats.csv.csv_format import Csv, CsvSettings
from services.rendering.formats.json.json_format import Json
from services.rendering.formats.pdf.pdf_format import Pdf, PdfSettings
from services.rendering.formats.xls import Xls, XlsSettings
from services.rendering.formats.xlsx.xlsx_format import Xlsx, XlsxSettings


class FormatSettings(CsvSettings, PdfSettings, XlsSettings, XlsxSettings):
    """Settings of the formats, each described by its own."""


FORMATS: tuple[Callable[[FormatSettings], Format], ...] = (Json, Csv, Xlsx, Xls, Pdf)


def all_formats(settings: FormatSettings) -> list[Format]:
    """Return every format, set up."""
    return [format_class(settings) for format_class in FORMATS]
