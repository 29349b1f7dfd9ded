"""Fuzzing a running stack: `python -m tests.fuzz --requests 200000 --calls 50000`."""
