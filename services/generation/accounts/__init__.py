"""Accounts, their credentials, what callers may do, and the removal of accounts.

May import `domain` and `words`.
"""
