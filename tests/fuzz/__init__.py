"""Fuzzing a running stack: `python -m tests.fuzz --requests 100000`."""
