"""Workbook of XlsxWriter whose core properties say the language, which the library leaves out."""

from xlsxwriter import Workbook
from xlsxwriter.core import Core
from xlsxwriter.packager import Packager


class TaggedWorkbook(Workbook):  # type: ignore[misc]  # the library is untyped
    """A workbook with a language, such as "de-AT"; empty for none."""

    language = ""

    def _get_packager(self) -> Packager:
        return _TaggedPackager()


class _TaggedPackager(Packager):  # type: ignore[misc]  # the library is untyped
    def _write_core_file(self) -> None:
        core = _TaggedCore()
        core.language = self.workbook.language
        core._set_properties(self.workbook.doc_properties)  # noqa: SLF001  as the library does here
        core._set_xml_writer(self._filename("docProps/core.xml"))  # noqa: SLF001
        core._assemble_xml_file()  # noqa: SLF001


class _TaggedCore(Core):  # type: ignore[misc]  # the library is untyped
    language = ""

    def _write_dc_description(self) -> None:
        super()._write_dc_description()
        if self.language:
            self._xml_data_element("dc:language", self.language)
