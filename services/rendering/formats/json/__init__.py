"""JSON: the report object of the public API."""
