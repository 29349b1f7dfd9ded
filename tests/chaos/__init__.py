"""Chaos test: a load on a whole stack whose parts, links and disk are broken while it runs (design §5)."""
