"""XLSX: the workbook of Excel 2007 and later, by XlsxWriter."""
