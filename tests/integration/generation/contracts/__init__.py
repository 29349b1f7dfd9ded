"""Contracts of ports: each test runs on the fake and on MongoDB."""
