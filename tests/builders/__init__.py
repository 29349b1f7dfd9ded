"""Builders of the data that tests and benchmarks share."""
