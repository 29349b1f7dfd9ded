"""Accounts and their credentials: creation, authentication, limits of logins, audit lines, removal.

May import `domain` and `words`.
"""
