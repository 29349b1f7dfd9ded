"""Contracts of ports: classes of tests that the fakes (tests/unit) and the adapters (tests/integration) inherit."""
