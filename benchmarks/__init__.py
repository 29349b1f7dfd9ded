"""Figures of `make bench`: each a ratio against a reference of the same run, one file each."""
