"""PDF: typefaces, pages, tables, charts and the title page of a printed report, by fpdf2."""
