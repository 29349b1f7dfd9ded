"""Shapes of JSON responses: each is both the writer of the JSON and its schema."""
