"""What a printed report is made of: type, pages, columns, tables and a cover."""
