"""Fakes of the ports: what stands in for MongoDB in unit tests."""
