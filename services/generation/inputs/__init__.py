"""Records that reports are made from, and the use cases that store them.

May import `accounts`, `domain` and `words`.
"""
