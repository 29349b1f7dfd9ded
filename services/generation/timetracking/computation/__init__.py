"""Time entries and what reports compute of them: pure functions over columns."""
