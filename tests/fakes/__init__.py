"""Fakes that stand in for ports and servers in tests."""
