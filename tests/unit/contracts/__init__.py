"""Contracts: what their comments promise."""
